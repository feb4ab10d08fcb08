// SPDX-License-Identifier: MIT
#include "experiments/modules/links/task.h"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

namespace saggio::experiments {
namespace {

using data::KnowledgeGraph;
using data::Triple;

data::GraphFiles files(const GraphFileOptions& options) {
  return {options.train, options.valid, options.test};
}

}  // namespace

LinkTask load(const LinkDataOptions& options) {
  LinkTask task;
  task.inductive = !options.inference.train.empty();
  for (const auto& [key, file] :
       {std::pair("train", options.graph.train),
        task.inductive ? std::pair("inference.test", options.inference.test)
                       : std::pair("test", options.graph.test)})
    if (file.empty())
      throw std::invalid_argument(
          fmt::format("data.{} is empty, needs a file of facts: data:kg/umls/train.txt", key));
  // Nodes that only valid or test knows are asked about too: to drop them flatters a score.
  if (task.inductive)
    task.graphs = data::read_inductive_split(
        files(options.graph), files(options.inference), data::Unseen::Number);
  else
    task.graphs.training = data::read_knowledge_graph(files(options.graph), data::Unseen::Number);
  for (const auto& [part, facts] :
       {std::pair("train", &task.training().train), std::pair("test", &task.inference().test)})
    if (facts->empty())
      throw std::invalid_argument(fmt::format("the {} facts' file is empty, needs one", part));
  return task;
}

data::Answers known_answers(const LinkTask& task, const LinkDataOptions& options) {
  const KnowledgeGraph& graph = task.inference();
  if (options.filter == "train_and_test")
    return data::Answers(task.relations(), {graph.train, graph.test});
  return data::Answers(task.relations(), {graph.train, graph.valid, graph.test});
}

std::vector<Triple> evenly(const std::vector<Triple>& facts, int64_t count) {
  const auto all = static_cast<int64_t>(facts.size());
  if (count == 0 || count >= all) return facts;
  std::vector<Triple> chosen;
  for (int64_t i = 0; i < count; ++i) chosen.push_back(facts[static_cast<size_t>(i * all / count)]);
  return chosen;
}

data::Leakage seen_before(const LinkTask& task, const SeenOptions& options) {
  KnowledgeGraph seen;
  for (const std::string* file : {&options.first, &options.second, &options.third}) {
    if (file->empty()) continue;
    const KnowledgeGraph graph =
        data::read_knowledge_graph({.train = *file, .valid = {}, .test = {}}, data::Unseen::Refuse);
    for (const Triple& fact : graph.train)
      seen.train.push_back({seen.entities.add(graph.entities[fact.head]),
                            seen.relations.add(graph.relations[fact.relation]),
                            seen.entities.add(graph.entities[fact.tail])});
  }
  return data::leakage(task.inference(), seen);
}

}  // namespace saggio::experiments
