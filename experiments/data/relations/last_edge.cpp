// SPDX-License-Identifier: MIT
#include "experiments/data/relations/last_edge.h"

#include <algorithm>
#include <array>
#include <optional>

namespace saggio::data {
namespace {

constexpr size_t kR = kinship::kRelations;
constexpr int32_t kNone = -1;

int32_t largest(const std::array<int64_t, kR>& counts) {
  return static_cast<int32_t>(std::max_element(counts.begin(), counts.end()) - counts.begin());
}

// Of the shortest way from source to target, by breadth first.
std::optional<int32_t> last_relation(const RelationQuestion& question) {
  std::vector<int32_t> reached(question.people.size(), kNone);  // by which relation
  std::vector<int32_t> queue = {question.source};
  for (size_t i = 0; i < queue.size(); ++i)
    for (const RelationEdge& edge : question.edges) {
      if (edge.from != queue[i] || edge.to == question.source) continue;
      int32_t& by = reached[static_cast<size_t>(edge.to)];
      if (by != kNone) continue;
      by = edge.relation;
      queue.push_back(edge.to);
    }
  const int32_t last = reached[static_cast<size_t>(question.target)];
  return last == kNone ? std::nullopt : std::optional(last);
}

}  // namespace

LastEdgeGuess::LastEdgeGuess(std::span<const RelationQuestion> seen) : by_last_(kR, kNone) {
  std::array<int64_t, kR> all{};
  std::array<std::array<int64_t, kR>, kR> counts{};  // by last relation, then answer
  for (const RelationQuestion& question : seen) {
    const auto answer = static_cast<size_t>(question.answer);
    ++all[answer];
    if (const auto last = last_relation(question)) ++counts[static_cast<size_t>(*last)][answer];
  }
  most_frequent_ = largest(all);
  for (size_t last = 0; last < kR; ++last) {
    const int32_t answer = largest(counts[last]);
    if (counts[last][static_cast<size_t>(answer)] > 0) by_last_[last] = answer;
  }
}

int32_t LastEdgeGuess::guess(const RelationQuestion& question) const {
  const auto last = last_relation(question);
  const int32_t known = last ? by_last_[static_cast<size_t>(*last)] : kNone;
  return known == kNone ? most_frequent_ : known;
}

}  // namespace saggio::data
