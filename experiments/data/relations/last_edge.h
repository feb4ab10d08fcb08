// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "experiments/data/relations/question.h"

namespace saggio::data {

// What says nothing about composition, and has to be beaten: the most frequent answer, and the most
// frequent one for the last relation of the shortest way to the target (the first of several).
class LastEdgeGuess {
 public:
  explicit LastEdgeGuess(std::span<const RelationQuestion> seen);

  int32_t most_frequent() const { return most_frequent_; }
  // The most frequent answer of all where no question seen had such a last relation, or no way leads
  // to the target.
  int32_t guess(const RelationQuestion& question) const;

 private:
  int32_t most_frequent_ = 0;
  std::vector<int32_t> by_last_;  // [kRelations]; -1: never seen
};

}  // namespace saggio::data
