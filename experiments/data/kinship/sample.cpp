// SPDX-License-Identifier: MIT
#include "experiments/data/kinship/sample.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace saggio::data::kinship {
namespace {

void check_permille(std::string_view what, int value) {
  if (!(value >= 1 && value <= 1000)) {
    throw std::invalid_argument(fmt::format("{}: {} thousandths, allowed 1..1000", what, value));
  }
}

// Counts what was taken. All in integers, so that every machine takes the same stories.
class Tally {
 public:
  Tally(const Quota& quota, int n) : quota_(quota), n_(n) {}

  bool full(const Chain& chain, uint64_t refused) const {
    return above(answers_[answer(chain)], quota_.answer_permille, refused) ||
           above(pairs_[last(chain)][answer(chain)], quota_.pair_permille, refused);
  }

  void take(const Chain& chain) {
    ++answers_[answer(chain)];
    ++pairs_[last(chain)][answer(chain)];
  }

  uint64_t most_answers() const { return *std::max_element(answers_.begin(), answers_.end()); }

  uint64_t most_pairs() const {
    uint64_t most = 0;
    for (const auto& row : pairs_) most = std::max(most, *std::max_element(row.begin(), row.end()));
    return most;
  }

 private:
  static size_t answer(const Chain& chain) { return static_cast<size_t>(chain.answer.kind); }
  static size_t last(const Chain& chain) { return static_cast<size_t>(chain.kinds.back()); }

  // count + 1 > share * n * (1 + refused / (6 n)), times 6000
  bool above(uint64_t count, int permille, uint64_t refused) const {
    return 6000 * (count + 1) >
           static_cast<uint64_t>(permille) * (6 * static_cast<uint64_t>(n_) + refused);
  }

  Quota quota_;
  int n_;
  std::array<uint64_t, kKinds> answers_{};
  std::array<std::array<uint64_t, kKinds>, kKinds> pairs_{};  // by last kind, then answer
};

template <typename Counts>
size_t most_frequent(const Counts& counts) {  // the first of several
  return static_cast<size_t>(std::max_element(counts.begin(), counts.end()) - counts.begin());
}

size_t ends(const Story& story) {
  return static_cast<size_t>(story.facts[0].relation.index() * kRelations +
                             story.facts[story.k - 1].relation.index());
}

}  // namespace

Sample sample(const Storyteller& teller,
              int k,
              int n,
              const Quota& quota,
              results::Stream& stream,
              const std::function<bool(const Story&)>& accept) {
  check_permille("the quota of one answer", quota.answer_permille);
  check_permille("the quota of one pair of last kind and answer", quota.pair_permille);
  if (!(n >= 1))
    throw std::invalid_argument(fmt::format("a sample of {} stories, allowed >= 1", n));
  Sample sample;
  Tally tally(quota, n);
  while (static_cast<int>(sample.stories.size()) < n) {
    const Chain chain = teller.chain(k, stream);
    const uint64_t refused = sample.tries++ - sample.stories.size();
    if (tally.full(chain, refused)) continue;
    Story story = teller.tell(chain, stream);
    if (accept && !accept(story)) continue;
    tally.take(chain);
    sample.stories.push_back(std::move(story));
  }
  sample.relaxation = 1 + static_cast<double>(sample.tries - sample.stories.size()) / (6.0 * n);
  sample.answer_share = static_cast<double>(tally.most_answers()) / n;
  sample.pair_share = static_cast<double>(tally.most_pairs()) / n;
  return sample;
}

double majority_accuracy(std::span<const Story> stories) {
  if (stories.empty()) throw std::invalid_argument("the majority answer of no stories");
  std::array<size_t, kRelations> counts{};
  for (const Story& story : stories) ++counts[story.answer.index()];
  return static_cast<double>(counts[most_frequent(counts)]) / static_cast<double>(stories.size());
}

EndsGuess::EndsGuess(std::span<const Story> seen) : answers_(kRelations * kRelations) {
  std::vector<std::array<int, kRelations>> counts(answers_.size());
  for (const Story& story : seen) ++counts[ends(story)][story.answer.index()];
  for (size_t i = 0; i < counts.size(); ++i) {
    const size_t answer = most_frequent(counts[i]);
    if (counts[i][answer] > 0) answers_[i] = relation(static_cast<int>(answer));
  }
}

std::optional<Relation> EndsGuess::guess(const Story& story) const { return answers_[ends(story)]; }

double EndsGuess::accuracy(std::span<const Story> stories) const {
  if (stories.empty()) throw std::invalid_argument("the accuracy of a guess on no stories");
  const auto right = std::count_if(stories.begin(), stories.end(), [this](const Story& story) {
    return guess(story) == story.answer;
  });
  return static_cast<double>(right) / static_cast<double>(stories.size());
}

}  // namespace saggio::data::kinship
