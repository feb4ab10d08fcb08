// SPDX-License-Identifier: MIT
#include "experiments/data/answers.h"

#include <algorithm>
#include <utility>

namespace saggio::data {

Answers::Answers(int32_t relations, std::initializer_list<std::span<const Triple>> parts)
    : relations_(relations) {
  std::vector<std::pair<Query, int32_t>> pairs;
  for (const std::span<const Triple>& part : parts)
    for (const Triple& fact : part) {
      pairs.emplace_back(tail_query(fact), fact.tail);
      pairs.emplace_back(head_query(fact, relations), fact.head);
    }
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  for (const auto& [query, node] : pairs) {
    if (queries_.empty() || queries_.back() != query) {
      queries_.push_back(query);
      begins_.push_back(nodes_.size());
    }
    nodes_.push_back(node);
  }
  begins_.push_back(nodes_.size());
}

std::span<const int32_t> Answers::of(size_t query) const {
  return std::span(nodes_).subspan(begins_[query], begins_[query + 1] - begins_[query]);
}

std::span<const int32_t> Answers::of(const Query& query) const {
  const auto found = std::lower_bound(queries_.begin(), queries_.end(), query);
  if (found == queries_.end() || *found != query) return {};
  return of(static_cast<size_t>(found - queries_.begin()));
}

}  // namespace saggio::data
