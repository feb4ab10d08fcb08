// SPDX-License-Identifier: MIT
#include "experiments/data/kinship/corpus.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <unordered_set>

namespace saggio::data::kinship {
namespace {

constexpr size_t kLeastBytes = 10'000;  // room for a few stories of every length
constexpr int kBlock =
    100;  // stories of each length that are drawn, held to the quotas and mixed at a time

void check(const CorpusOptions& options) {
  for (const size_t bytes : {options.train_bytes, options.heldout_bytes}) {
    if (!(bytes >= kLeastBytes))
      throw std::invalid_argument(
          fmt::format("a corpus of {} bytes, allowed >= {}", bytes, kLeastBytes));
  }
  if (options.chain_lengths.empty()) {
    throw std::invalid_argument(
        fmt::format("no chain lengths: name at least one in 1..{}", kMaxChain));
  }
}

using Accept = std::function<bool(const Story&)>;

std::vector<Story> draw_block(const Storyteller& teller,
                              const CorpusOptions& options,
                              const Accept& accept,
                              results::Stream& stream,
                              double& relaxation) {
  std::vector<Story> block;
  for (const int k : options.chain_lengths) {
    Sample part = sample(teller, k, kBlock, options.quota, stream, accept);
    relaxation = std::max(relaxation, part.relaxation);
    std::move(part.stories.begin(), part.stories.end(), std::back_inserter(block));
  }
  stream.shuffle(std::span(block));
  return block;
}

Corpus render(const results::Stream& stream,
              size_t bytes,
              const CorpusOptions& options,
              const Accept& accept) {
  const Storyteller teller(stream.split("world"), options.telling);
  results::Stream stories = stream.split("stories");
  Corpus corpus;
  while (true) {
    for (const Story& story : draw_block(teller, options, accept, stories, corpus.relaxation)) {
      const std::string before = story.text() + " " + story.question() + " ";
      const std::string_view answer = story.answer_word();
      if (corpus.text.size() + before.size() + answer.size() + 1 > bytes) return corpus;
      corpus.answers.push_back({corpus.text.size() + before.size(), answer.size(), story.k});
      corpus.text.append(before).append(answer).append("\n");
    }
  }
}

}  // namespace

size_t Corpus::answer_bytes() const {
  size_t bytes = 0;
  for (const Answer& answer : answers) bytes += answer.bytes;
  return bytes;
}

Corpora render_corpora(const results::Stream& stream, const CorpusOptions& options) {
  check(options);
  Corpora corpora;
  std::unordered_set<std::string> told;
  corpora.train =
      render(stream.split("train"), options.train_bytes, options, [&](const Story& story) {
        told.insert(story.anonymous());
        return true;
      });
  corpora.heldout =
      render(stream.split("heldout"), options.heldout_bytes, options, [&](const Story& story) {
        const bool known = told.contains(story.anonymous());
        corpora.redrawn += known;
        return !known;
      });
  return corpora;
}

}  // namespace saggio::data::kinship
