// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "experiments/data/kinship/story.h"

// Sets of stories in which guessing does not pay: no answer, and no answer given the chain's last
// kind, is too frequent. And the guesses themselves, which a model has to beat.
namespace saggio::data::kinship {

// Upper bounds on the share of one answer kind, and of one pair (last kind of the chain, answer
// kind), in thousandths.
struct Quota {
  int answer_permille = 1000;
  int pair_permille = 1000;
};
inline constexpr Quota kTrainQuota{300, 200};
inline constexpr Quota kTestQuota{160, 35};

struct Sample {
  std::vector<Story> stories;
  uint64_t tries = 0;       // stories drawn
  double relaxation = 1;    // the quotas as they were at the end, over the quotas as given
  double answer_share = 0;  // the largest share of one answer kind
  double pair_share = 0;    // the largest share of one pair
};

// n stories of k facts. So that sampling ends whatever the quotas, they relax with every story
// refused, by a factor of 1 + refused / (6 n).
// `accept`, if given, may refuse a story for another reason.
Sample sample(const Storyteller& teller,
              int k,
              int n,
              const Quota& quota,
              results::Stream& stream,
              const std::function<bool(const Story&)>& accept = {});

// The share of the most frequent answer: what saying always the same would score at best.
double majority_accuracy(std::span<const Story> stories);

// Guesses the answer from the first and the last relation of the chain: the most frequent one in
// the stories that it has seen.
class EndsGuess {
 public:
  explicit EndsGuess(std::span<const Story> seen);

  std::optional<Relation> guess(const Story& story) const;  // nullopt: such ends were never seen
  double accuracy(std::span<const Story> stories) const;

 private:
  std::vector<std::optional<Relation>> answers_;  // [kRelations * kRelations], by first, then last
};

}  // namespace saggio::data::kinship
