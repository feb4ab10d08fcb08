// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "graph/store/history.h"

// How a store differs between two points. Ids, so both are points of the same store.
namespace saggio::graph {

// Ids, ascending.
struct ElementDiff {
  std::vector<uint64_t> added;    // there as of `to` only
  std::vector<uint64_t> gone;     // there as of `from` only
  std::vector<uint64_t> changed;  // there at both, with other attributes
};

struct Diff {
  ElementDiff nodes, edges;
};

// O(what changed since the earlier version); between different times in the world, O(all nodes and
// edges ever added).
Diff diff(const History& history, const AsOf& from, const AsOf& to);

}  // namespace saggio::graph
