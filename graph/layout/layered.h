// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <stop_token>
#include <vector>

#include "graph/layout/point.h"

// Layers from top to bottom, for proofs and other graphs that flow one way (Sugiyama, Tagawa, Toda
// 1981): edges point down, few of them cross, and long ones run straight.
//
// Edges that close a cycle in a depth-first search are turned round. A node lies one layer below
// the lowest of its sources, or right above its targets if it has more of those. Within a layer
// nodes are ordered by the mean of their neighbours' places, in sweeps down and up; the order with
// the fewest crossings counts. Places are those of Brandes, Koepf 2002 ("Fast and simple horizontal
// coordinate assignment"), each of whose four alignments is packed by longest paths. Components lie
// beside each other. One thread; the same every time.
namespace saggio::graph {

struct LayeredOptions {
  int sweeps = 24;  // at most, 0 and above; it ends sooner if four in a row gain nothing
  std::stop_token stop = {};
};

struct LayeredLayout {
  std::vector<Point> points;    // [N] flat; layer l of a component lies l below its layer 0
  std::vector<int32_t> layers;  // [N] from 0, counted within the component
  std::vector<EdgeIndex>
      reversed;           // the edges that point up, ascending; self-loops are not among them
  int64_t crossings = 0;  // of edges, where they run from layer to layer
};

// Nodes of a layer lie at least 1 apart. Linear but for the sorting, times the sweeps. Throws
// std::invalid_argument if edges would pass more than four million layers in sum: ForceLayout has
// no such limit; Interrupted once `stop` is requested.
LayeredLayout layered_layout(const View& view, const LayeredOptions& options = {});

}  // namespace saggio::graph
