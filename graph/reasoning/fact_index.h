// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "graph/reasoning/closure.h"

// What closure.cpp finds facts by. Hash tables with open addressing that only grow.
namespace saggio::graph {

inline constexpr FactIndex kNoFact = UINT32_MAX;

inline uint64_t mixed(uint64_t x) {  // the finalizer of splitmix64
  x ^= x >> 30;
  x *= 0xBF58476D1CE4E5B9u;
  x ^= x >> 27;
  x *= 0x94D049BB133111EBu;
  return x ^ x >> 31;
}

// Facts by all that they say. The facts themselves lie with the owner.
class FactTable {
 public:
  // Where the fact's index stands; kNoFact is there if it is new, to be replaced by its index.
  FactIndex& find(const Fact& fact, const std::vector<Fact>& facts) {
    if (2 * (facts.size() + 1) > slots_.size()) grow(facts);
    size_t at = hash(fact) & (slots_.size() - 1);
    while (slots_[at] != kNoFact && !(facts[slots_[at]] == fact))
      at = (at + 1) & (slots_.size() - 1);
    return slots_[at];
  }

 private:
  static uint64_t hash(const Fact& fact) {
    const auto bits = [](int32_t x) { return uint64_t{static_cast<uint32_t>(x)}; };
    return mixed(mixed(bits(fact.first) << 32 | bits(fact.second)) + bits(fact.relation));
  }
  void grow(const std::vector<Fact>& facts) {
    slots_.assign(std::bit_ceil(4 * (facts.size() + 16)), kNoFact);
    for (size_t i = 0; i < facts.size(); ++i) {
      size_t at = hash(facts[i]) & (slots_.size() - 1);
      while (slots_[at] != kNoFact) at = (at + 1) & (slots_.size() - 1);
      slots_[at] = static_cast<FactIndex>(i);
    }
  }
  std::vector<FactIndex> slots_;
};

// Facts of one relation by one of their terms: lists, the last one put first.
class TermIndex {
 public:
  struct List {
    NodeIndex node = -1;
    FactIndex head = kNoFact;
    uint32_t count = 0;
  };
  const List* find(NodeIndex node) const {
    if (slots_.empty()) return nullptr;
    const List& list = slots_[slot(node)];
    return list.count > 0 ? &list : nullptr;
  }
  // Returns the fact that was first in the list.
  FactIndex put(NodeIndex node, FactIndex fact) {
    if (2 * (used_ + 1) > slots_.size()) grow();
    List& list = slots_[slot(node)];
    used_ += list.count == 0;
    const FactIndex next = list.head;
    list = {node, fact, list.count + 1};
    return next;
  }

 private:
  size_t slot(NodeIndex node) const {
    size_t at = mixed(static_cast<uint32_t>(node)) & (slots_.size() - 1);
    while (slots_[at].count > 0 && slots_[at].node != node) at = (at + 1) & (slots_.size() - 1);
    return at;
  }
  void grow() {
    std::vector<List> old(std::bit_ceil(4 * (used_ + 4)));
    old.swap(slots_);
    for (const List& list : old)
      if (list.count > 0) slots_[slot(list.node)] = list;
  }
  std::vector<List> slots_;
  size_t used_ = 0;
};

}  // namespace saggio::graph
