// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <vector>

#include "experiments/data/triples.h"

// The questions that facts answer. Every fact (head, r, tail) answers two of them, (head, r, ?) with
// its tail and (tail, r + relations, ?) with its head: r + relations is the inverse of r.
namespace saggio::data {

struct Query {
  int32_t node = 0, relation = 0;  // relation in [0, 2 relations)

  friend auto operator<=>(const Query&, const Query&) = default;
};

inline Query tail_query(const Triple& fact) { return {fact.head, fact.relation}; }
inline Query head_query(const Triple& fact, int32_t relations) {
  return {fact.tail, fact.relation + relations};
}

// What is known to answer each question: what a filtered ranking leaves out, and what a model that
// scores all nodes at once is trained towards. Immutable; nothing is borrowed.
class Answers {
 public:
  // Of all facts of all parts; `relations` is how many there are without inverses.
  Answers(int32_t relations, std::initializer_list<std::span<const Triple>> parts);

  int32_t relations() const { return relations_; }
  const std::vector<Query>& queries() const { return queries_; }  // sorted, each once
  std::span<const int32_t> of(size_t query) const;        // of queries()[query]; sorted, each once
  std::span<const int32_t> of(const Query& query) const;  // empty if nothing is known

 private:
  int32_t relations_;
  std::vector<Query> queries_;
  std::vector<size_t> begins_;  // [queries + 1] into nodes_
  std::vector<int32_t> nodes_;
};

}  // namespace saggio::data
