// SPDX-License-Identifier: MIT
#include "experiments/modules/relations/task.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <stdexcept>

#include "experiments/data/kinship/sample.h"
#include "experiments/data/relations/clutrr.h"

namespace saggio::experiments {
namespace {

using data::RelationQuestion;

std::vector<RelationQuestion> draw(const data::kinship::Storyteller& teller,
                                   int k,
                                   int64_t stories,
                                   const data::kinship::Quota& quota,
                                   const results::Stream& stories_of) {
  results::Stream stream = stories_of.split(static_cast<uint64_t>(k));
  std::vector<RelationQuestion> questions;
  for (const data::kinship::Story& story :
       data::kinship::sample(teller, k, static_cast<int>(stories), quota, stream).stories)
    questions.push_back(data::relation_question(story));
  return questions;
}

RelationTask kinship(const RelationTaskOptions& options, const results::Stream& stream) {
  RelationTask task;
  const results::Stream train = stream.split("train"), heldout = stream.split("heldout");
  const data::kinship::Storyteller to_learn(train.split("world")), to_ask(heldout.split("world"));
  for (int k = 2; k <= 4; ++k) {
    auto some = draw(to_learn, k, options.train_stories, data::kinship::kTrainQuota, train);
    std::move(some.begin(), some.end(), std::back_inserter(task.train));
  }
  for (int k = 2; k <= options.longest; ++k)
    task.heldout[k] = draw(to_ask, k, options.heldout_stories, data::kinship::kTestQuota, heldout);
  return task;
}

RelationTask clutrr(const RelationTaskOptions& options) {
  if (options.path.empty())
    throw std::invalid_argument(
        "data.path is empty, data.kind = 'clutrr' needs an archive: set data.path = "
        "'data:reasoning/clutrr', or data.kind = 'kinship'");
  data::Clutrr read = data::read_clutrr(options.path);
  return {std::move(read.train), {}, std::move(read.test)};
}

}  // namespace

int RelationTask::longest_train() const {
  int longest = 0;
  for (const RelationQuestion& question : train) longest = std::max(longest, question.k);
  return longest;
}

RelationTask make_relation_task(const RelationTaskOptions& options, const results::Stream& stream) {
  RelationTask task = options.kind == "clutrr" ? clutrr(options) : kinship(options, stream);
  results::Stream split = stream.split("valid");
  split.shuffle(std::span<RelationQuestion>(task.train));
  const auto kept =
      static_cast<std::ptrdiff_t>(options.valid * static_cast<double>(task.train.size()));
  task.valid.assign(task.train.end() - kept, task.train.end());
  task.train.resize(task.train.size() - task.valid.size());
  return task;
}

}  // namespace saggio::experiments
