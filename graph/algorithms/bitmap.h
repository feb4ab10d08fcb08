// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "graph/view/view.h"

namespace saggio::graph {

// A set of nodes, one bit each; the bits above N are 0.
struct Bitmap {
  std::vector<uint64_t> words;

  explicit Bitmap(NodeIndex nodes) : words((static_cast<size_t>(nodes) + 63) / 64) {}
  static Bitmap all(NodeIndex nodes) {
    Bitmap result(nodes);
    for (uint64_t& word : result.words) word = ~uint64_t{0};
    if (nodes % 64 != 0) result.words.back() >>= 64 - nodes % 64;
    return result;
  }
  bool test(NodeIndex node) const { return words[at(node)] >> bit(node) & 1; }
  void set(NodeIndex node) { words[at(node)] |= uint64_t{1} << bit(node); }
  void reset(NodeIndex node) { words[at(node)] &= ~(uint64_t{1} << bit(node)); }

  // visit(node) for each, ascending.
  template <typename Visit>
  void for_each(Visit visit) const {
    for (size_t word = 0; word < words.size(); ++word)
      for (uint64_t left = words[word]; left != 0; left &= left - 1)
        visit(static_cast<NodeIndex>(word * 64 + static_cast<size_t>(std::countr_zero(left))));
  }

 private:
  static size_t at(NodeIndex node) { return static_cast<uint32_t>(node) >> 6; }
  static unsigned bit(NodeIndex node) { return static_cast<unsigned>(node) & 63; }
};

}  // namespace saggio::graph
