// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "graph/store/store.h"

// How two stores differ, by the keys of merge.h.
namespace saggio::graph {

// Ids, ascending in the store that they are of.
struct ElementKeyDiff {
  std::vector<uint64_t> only_a, only_b;
  std::vector<std::pair<uint64_t, uint64_t>> changed;  // in both, saying something else; (a, b)
};

struct KeyDiff {
  ElementKeyDiff nodes, edges;
};

// O(all of both). Nodes of one key and different kinds are changed.
KeyDiff diff_by_key(Reader& a, const AsOf& at_a, Reader& b, const AsOf& at_b);

}  // namespace saggio::graph
