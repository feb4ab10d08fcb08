// SPDX-License-Identifier: MIT
#include "graph/layout/layered.h"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "graph/layout/layers.h"
#include "graph/layout/pack.h"
#include "graph/layout/start.h"

namespace saggio::graph {
namespace {

constexpr int64_t kMostBends = 4'000'000;

void keep_each_once(std::vector<LocalArc>& arcs) {
  std::sort(arcs.begin(), arcs.end());
  arcs.erase(std::unique(arcs.begin(), arcs.end()), arcs.end());
}

// Without self-loops, numbered as the members stand.
std::vector<LocalArc> arcs_of(const View& view,
                              std::span<const NodeIndex> members,
                              std::span<const int32_t> number) {
  std::vector<LocalArc> arcs;
  for (size_t i = 0; i < members.size(); ++i)
    for (const NodeIndex target : view.out(members[i]).targets)
      if (target != members[i])
        arcs.push_back({static_cast<int32_t>(i), number[static_cast<size_t>(target)]});
  keep_each_once(arcs);
  return arcs;
}

// So that no cycle is left.
void turn_round(std::vector<LocalArc>& arcs, const std::vector<LocalArc>& back) {
  for (LocalArc& arc : arcs)
    if (std::binary_search(back.begin(), back.end(), arc)) std::swap(arc.source, arc.target);
  keep_each_once(arcs);
}

// Returns how many bends there are with these.
int64_t check_bends(std::span<const LocalArc> arcs, std::span<const int32_t> layer, int64_t bends) {
  for (const LocalArc& arc : arcs)
    bends += layer[static_cast<size_t>(arc.target)] - layer[static_cast<size_t>(arc.source)] - 1;
  if (bends > kMostBends)
    throw std::invalid_argument("layered layout: edges pass " + std::to_string(bends) +
                                " layers or more, allowed " + std::to_string(kMostBends) +
                                "; use the force layout for this graph");
  return bends;
}

}  // namespace

LayeredLayout layered_layout(const View& view, int sweeps) {
  if (sweeps < 0)
    throw std::invalid_argument("layered layout: sweeps = " + std::to_string(sweeps) +
                                ", allowed 0 and above");
  const Neighbours neighbours = neighbours_of(view);
  const Components components = components_of(neighbours);
  const auto nodes = static_cast<size_t>(view.nodes());
  LayeredLayout result{std::vector<Point>(nodes), std::vector<int32_t>(nodes), {}, 0};
  std::vector<int32_t> number(nodes);
  int64_t bends = 0;
  for (size_t c = 0; c < components.count(); ++c) {
    std::vector<NodeIndex> members(components[c].begin(), components[c].end());
    std::sort(members.begin(), members.end());
    for (size_t i = 0; i < members.size(); ++i)
      number[static_cast<size_t>(members[i])] = static_cast<int32_t>(i);
    const auto count = static_cast<int32_t>(members.size());
    std::vector<LocalArc> arcs = arcs_of(view, members, number);
    turn_round(arcs, arcs_back(count, arcs));
    std::vector<int32_t> layer = layers_of(count, arcs);
    bends = check_bends(arcs, layer, bends);
    Layers layers = with_bends(arcs, std::move(layer));
    result.crossings += reduce_crossings(layers, sweeps);
    const std::vector<float> x = across(layers);
    for (size_t i = 0; i < members.size(); ++i) {
      const auto node = static_cast<size_t>(members[i]);
      result.layers[node] = layers.layer[i];
      result.points[node] = {x[i], -static_cast<float>(layers.layer[i]), 0};
    }
  }
  for (NodeIndex x = 0; x < view.nodes(); ++x) {
    const View::OutRow row = view.out(x);
    for (size_t i = 0; i < row.targets.size(); ++i)
      if (result.layers[static_cast<size_t>(row.targets[i])] <
          result.layers[static_cast<size_t>(x)])
        result.reversed.push_back(row.first + static_cast<EdgeIndex>(i));
  }
  pack_parts(components.of, components.count(), result.points);
  return result;
}

}  // namespace saggio::graph
