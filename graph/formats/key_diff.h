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

inline constexpr NodeId kNoNode = UINT64_MAX;

struct KeyDiff {
  ElementKeyDiff nodes, edges;
  std::vector<NodeId> node_in_b;  // [nodes ever added to a] the one of its key, or kNoNode
};

struct KeyDiffOptions {
  bool provenance = true;  // what said so counts; of two runs of one study it always differs
};

// O(all of both). Nodes of one key and different kinds are changed.
KeyDiff diff_by_key(
    Reader& a, const AsOf& at_a, Reader& b, const AsOf& at_b, const KeyDiffOptions& options = {});

}  // namespace saggio::graph
