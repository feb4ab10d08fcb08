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

void keep_each_once(std::vector<LocalArc>& arcs, Asker& asker) {
  std::sort(arcs.begin(), arcs.end(), asker.counted());
  arcs.erase(std::unique(arcs.begin(), arcs.end()), arcs.end());
}

// Without self-loops, numbered as the members stand.
std::vector<LocalArc> arcs_of(const View& view,
                              std::span<const NodeIndex> members,
                              std::span<const int32_t> number,
                              Asker& asker) {
  std::vector<LocalArc> arcs;
  for (size_t i = 0; i < members.size(); ++i)
    for (const NodeIndex target : view.out(members[i]).targets) {
      asker.did();
      if (target != members[i])
        arcs.push_back({static_cast<int32_t>(i), number[static_cast<size_t>(target)]});
    }
  keep_each_once(arcs, asker);
  return arcs;
}

// So that no cycle is left.
void turn_round(std::vector<LocalArc>& arcs, const std::vector<LocalArc>& back, Asker& asker) {
  for (LocalArc& arc : arcs) {
    asker.did();
    if (std::binary_search(back.begin(), back.end(), arc)) std::swap(arc.source, arc.target);
  }
  keep_each_once(arcs, asker);
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

// The edges that point up.
std::vector<EdgeIndex> pointing_up(const View& view,
                                   const std::vector<int32_t>& layers,
                                   Asker& asker) {
  std::vector<EdgeIndex> result;
  for (NodeIndex x = 0; x < view.nodes(); ++x) {
    const View::OutRow row = view.out(x);
    asker.did(1 + row.targets.size());
    for (size_t i = 0; i < row.targets.size(); ++i)
      if (layers[static_cast<size_t>(row.targets[i])] < layers[static_cast<size_t>(x)])
        result.push_back(row.first + static_cast<EdgeIndex>(i));
  }
  return result;
}

}  // namespace

LayeredLayout layered_layout(const View& view, const LayeredOptions& options) {
  if (options.sweeps < 0)
    throw std::invalid_argument("layered layout: sweeps = " + std::to_string(options.sweeps) +
                                ", allowed 0 and above");
  const Neighbours neighbours = neighbours_of(view, options.stop);
  const Components components = components_of(neighbours, options.stop);
  const auto nodes = static_cast<size_t>(view.nodes());
  LayeredLayout result{std::vector<Point>(nodes), std::vector<int32_t>(nodes), {}, 0};
  std::vector<int32_t> number(nodes);
  int64_t bends = 0;
  Asker asker(options.stop);
  for (size_t c = 0; c < components.count(); ++c) {
    std::vector<NodeIndex> members(components[c].begin(), components[c].end());
    std::sort(members.begin(), members.end(), asker.counted());
    for (size_t i = 0; i < members.size(); ++i)
      number[static_cast<size_t>(members[i])] = static_cast<int32_t>(i);
    const auto count = static_cast<int32_t>(members.size());
    std::vector<LocalArc> arcs = arcs_of(view, members, number, asker);
    turn_round(arcs, arcs_back(count, arcs, asker), asker);
    std::vector<int32_t> layer = layers_of(count, arcs, asker);
    bends = check_bends(arcs, layer, bends);
    Layers layers = with_bends(arcs, std::move(layer), asker);
    result.crossings += reduce_crossings(layers, options.sweeps, asker);
    const std::vector<float> x = across(layers, asker);
    for (size_t i = 0; i < members.size(); ++i) {
      const auto node = static_cast<size_t>(members[i]);
      result.layers[node] = layers.layer[i];
      result.points[node] = {x[i], -static_cast<float>(layers.layer[i]), 0};
    }
  }
  result.reversed = pointing_up(view, result.layers, asker);
  pack_parts(components.of, components.count(), result.points, options.stop);
  return result;
}

}  // namespace saggio::graph
