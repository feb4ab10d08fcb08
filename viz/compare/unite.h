// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "graph/store/store.h"

// Two graphs as one History. For the sources of viz/compare alone.
namespace saggio::viz {

struct ComparedSide {
  graph::Reader* reader = nullptr;  // borrowed
  graph::AsOf at;
  std::string name;  // what a person calls it
};

// Ids, ascending: what one of two sides alone has. Of one store (one reader) on both sides, ids are
// the same on both; of two, `node_in_after` has for each node ever added to `before` the one of
// its key, or graph::kNoNode.
struct OneSided {
  std::vector<uint64_t> removed_nodes, added_nodes, removed_edges, added_edges;
  std::vector<graph::NodeId> node_in_after;
};

struct United {
  graph::History history;
  // The ids there of OneSided::removed_nodes and removed_edges, in any order.
  std::vector<uint64_t> removed_nodes, removed_edges;
};

// At its head is what either has, as `after` says it, or else `before`; ids below those that `after`
// ever gave out are its own. Nodes that another store alone has are behind them, or at the id of the
// node that has their key in `after` at another time: at the same one for every version of `after`.
United unite(const ComparedSide& before, const ComparedSide& after, const OneSided& one_sided);

}  // namespace saggio::viz
