// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "graph/interrupt.h"

// One component on its way through the stages of layered.h; for the layered layout alone.
// Each tells the Asker of its steps.
namespace saggio::graph {

// An edge between nodes numbered within the component.
struct LocalArc {
  int32_t source, target;
  auto operator<=>(const LocalArc&) const = default;
};

// Nodes [0, real) are the component's. The others are bends: edges join neighbouring layers only,
// and a longer edge runs through one bend in each layer that it passes.
struct Layers {
  int32_t real = 0;
  std::vector<int32_t> layer;   // [nodes]
  std::vector<int64_t> up_ptr;  // [nodes+1] into `up`: neighbours in the layer above
  std::vector<int32_t> up;
  std::vector<int64_t> down_ptr;  // likewise below
  std::vector<int32_t> down;
  std::vector<std::vector<int32_t>> order;  // of each layer, left to right
  std::vector<int32_t> place;               // [nodes] in its layer's order

  int32_t nodes() const { return static_cast<int32_t>(layer.size()); }
  bool is_bend(int32_t node) const { return node >= real; }
  std::span<const int32_t> above(int32_t x) const { return row(up_ptr, up, x); }
  std::span<const int32_t> below(int32_t x) const { return row(down_ptr, down, x); }

 private:
  static std::span<const int32_t> row(const std::vector<int64_t>& ptr,
                                      const std::vector<int32_t>& to,
                                      int32_t x) {
    return {to.data() + ptr[static_cast<size_t>(x)], to.data() + ptr[static_cast<size_t>(x) + 1]};
  }
};

// Those of the arcs (sorted, each once, no self-loops) that a depth-first search finds to lead back
// to where it came from. Without them there is no cycle.
std::vector<LocalArc> arcs_back(int32_t nodes, std::span<const LocalArc> arcs, Asker& asker);

// The layer of each node. The arcs (sorted, each once) have no cycle.
std::vector<int32_t> layers_of(int32_t nodes, std::span<const LocalArc> arcs, Asker& asker);

// With bends; ordered as a depth-first search from above meets them.
Layers with_bends(std::span<const LocalArc> arcs, std::vector<int32_t> layer, Asker& asker);

// Reorders the layers; returns how many crossings are left.
int64_t reduce_crossings(Layers& layers, int sweeps, Asker& asker);

// From left to right, [nodes]: neighbours in a layer are 1 apart or more, or half of that if one of
// them is a bend.
std::vector<float> across(const Layers& layers, Asker& asker);

}  // namespace saggio::graph
