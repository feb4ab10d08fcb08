// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "experiments/data/relations/question.h"

// The symbolic bar for relation composition: which pair of relations makes which third, counted in
// stories with answers, and a chart (CKY) that reduces any chain of relations by these pairs, in
// every order of bracketing. Whatever is learned has this to reach.
namespace saggio::data {

// Relations along a way from source to target.
using RelationChain = std::vector<int32_t>;

enum class Ways {
  Simple,  // nobody twice
  Trails   // no edge twice, so that a way may come back to somebody
};

// All ways from source to target along the edges, by depth first in the order of the edges; parallel
// edges make different ways. Throws std::invalid_argument if there are more than `most`: the graph
// is then none of those that this solver is for.
std::vector<RelationChain> chains_of(const RelationQuestion& question,
                                     Ways ways = Ways::Simple,
                                     size_t most = 10'000);

class CompositionTable {
 public:
  // From questions with one simple way from source to target each (others are left out), shorter
  // ones first: every split of a chain whose two parts reduce to relations a and b, by what was
  // learned from shorter chains, votes for (a, b) -> answer, with the product of their shares; after
  // each length a pair means what most votes say, nothing if two relations have as many. Its
  // confidence is their share of the pair's votes.
  static CompositionTable learn(std::span<const RelationQuestion> seen);

  // What z is to x if y is `first` to x and z is `second` to y.
  std::optional<int32_t> compose(int32_t first, int32_t second) const;
  int pairs() const;  // that compose

  double confidence(int32_t first, int32_t second) const;  // 0: they do not compose

  // By relation: its share of the ways to reduce the chain. A part of the chain is reduced to a
  // relation as often as its splits make it, each weighted by its parts' shares and its pair's
  // confidence, relative to the part's other relations. All 0: the chain does not reduce.
  std::vector<double> shares(const RelationChain& chain) const;

  struct Answer {
    std::optional<int32_t> relation;  // of the largest share, summed over the simple ways; over the
                                      // trails if none of these reduces
    bool tied = false;                // two relations have it; then there is no answer
    double share = 0;                 // of the answer, in (0, 1]
  };
  Answer answer(const RelationQuestion& question) const;

  // How a relation comes about, premises first, on the first way that the answer may be found by and
  // that reduces to it: of each part the split that weighs most, the first of several. A step's
  // confidence is its relation's share of its part. Empty if there is none, or one edge says it.
  std::vector<MadeRelation> derivation(const RelationQuestion& question, int32_t relation) const;

 private:
  CompositionTable();

  std::vector<int32_t> rules_;       // [kRelations * kRelations], by first, then second; -1: none
  std::vector<double> confidences_;  // likewise; 0: none
};

struct CompositionScore {
  int64_t right = 0, wrong = 0;
  int64_t tied = 0;     // no answer, since two are as good
  int64_t unknown = 0;  // no answer, since no way reduces

  int64_t asked() const { return right + wrong + tied + unknown; }
  double accuracy() const;  // right of asked; 0 of nothing
};
CompositionScore score(const CompositionTable& table, std::span<const RelationQuestion> questions);

}  // namespace saggio::data
