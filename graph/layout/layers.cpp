// SPDX-License-Identifier: MIT
#include "graph/layout/layers.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace saggio::graph {
namespace {

// Where each node's arcs begin among sorted ones.
std::vector<int64_t> rows_of(int32_t nodes, std::span<const LocalArc> arcs) {
  std::vector<int64_t> ptr(static_cast<size_t>(nodes) + 1, 0);
  for (const LocalArc& arc : arcs) ++ptr[static_cast<size_t>(arc.source) + 1];
  std::partial_sum(ptr.begin(), ptr.end(), ptr.begin());
  return ptr;
}

std::vector<int32_t> count_sources(int32_t nodes, std::span<const LocalArc> arcs) {
  std::vector<int32_t> count(static_cast<size_t>(nodes), 0);
  for (const LocalArc& arc : arcs) ++count[static_cast<size_t>(arc.target)];
  return count;
}

// Nodes that nothing points to first.
std::vector<int32_t> starts(std::span<const int32_t> sources) {
  std::vector<int32_t> result(sources.size());
  std::iota(result.begin(), result.end(), 0);
  std::stable_partition(result.begin(), result.end(), [&](int32_t x) {
    return sources[static_cast<size_t>(x)] == 0;
  });
  return result;
}

std::vector<int32_t> topological(int32_t nodes, std::span<const LocalArc> arcs, Asker& asker) {
  const std::vector<int64_t> ptr = rows_of(nodes, arcs);
  std::vector<int32_t> left = count_sources(nodes, arcs), order;
  for (int32_t x = 0; x < nodes; ++x)
    if (left[static_cast<size_t>(x)] == 0) order.push_back(x);
  for (size_t i = 0; i < order.size(); ++i) {
    const auto x = static_cast<size_t>(order[i]);
    asker.did(1 + static_cast<size_t>(ptr[x + 1] - ptr[x]));
    for (auto a = static_cast<size_t>(ptr[x]); a < static_cast<size_t>(ptr[x + 1]); ++a)
      if (--left[static_cast<size_t>(arcs[a].target)] == 0) order.push_back(arcs[a].target);
  }
  return order;
}

// Fills both kinds of rows from arcs between neighbouring layers.
void put_rows(Layers& layers, std::vector<LocalArc> arcs, Asker& asker) {
  const auto copy = [&](std::vector<int64_t>& ptr, std::vector<int32_t>& to) {
    std::sort(arcs.begin(), arcs.end(), asker.counted());
    ptr = rows_of(layers.nodes(), arcs);
    for (const LocalArc& arc : arcs) to.push_back(arc.target);
  };
  copy(layers.down_ptr, layers.down);
  for (LocalArc& arc : arcs) std::swap(arc.source, arc.target);
  copy(layers.up_ptr, layers.up);
}

void order_by_search(Layers& layers, Asker& asker) {
  const int32_t depth = 1 + *std::max_element(layers.layer.begin(), layers.layer.end());
  layers.order.resize(static_cast<size_t>(depth));
  layers.place.assign(layers.layer.size(), -1);
  std::vector<int32_t> stack;
  for (int32_t start = 0; start < layers.nodes(); ++start) {
    if (!layers.above(start).empty()) continue;
    stack.push_back(start);
    while (!stack.empty()) {
      const int32_t x = stack.back();
      stack.pop_back();
      asker.did();
      if (layers.place[static_cast<size_t>(x)] >= 0) continue;
      auto& order = layers.order[static_cast<size_t>(layers.layer[static_cast<size_t>(x)])];
      layers.place[static_cast<size_t>(x)] = static_cast<int32_t>(order.size());
      order.push_back(x);
      const auto below = layers.below(x);
      stack.insert(stack.end(), below.rbegin(), below.rend());
    }
  }
}

}  // namespace

std::vector<LocalArc> arcs_back(int32_t nodes, std::span<const LocalArc> arcs, Asker& asker) {
  enum State : uint8_t { New, Open, Done };
  const std::vector<int64_t> ptr = rows_of(nodes, arcs);
  std::vector<State> state(static_cast<size_t>(nodes), New);
  std::vector<std::pair<int32_t, int64_t>> path;  // node, and the next of its arcs
  std::vector<LocalArc> back;
  for (const int32_t start : starts(count_sources(nodes, arcs))) {
    if (state[static_cast<size_t>(start)] != New) continue;
    path.emplace_back(start, ptr[static_cast<size_t>(start)]);
    state[static_cast<size_t>(start)] = Open;
    while (!path.empty()) {
      asker.did();
      auto& [x, next] = path.back();
      if (next == ptr[static_cast<size_t>(x) + 1]) {
        state[static_cast<size_t>(x)] = Done;
        path.pop_back();
        continue;
      }
      const LocalArc& arc = arcs[static_cast<size_t>(next++)];
      State& target = state[static_cast<size_t>(arc.target)];
      if (target == Open) back.push_back(arc);
      if (target != New) continue;
      target = Open;
      path.emplace_back(arc.target, ptr[static_cast<size_t>(arc.target)]);
    }
  }
  std::sort(back.begin(), back.end(), asker.counted());
  return back;
}

std::vector<int32_t> layers_of(int32_t nodes, std::span<const LocalArc> arcs, Asker& asker) {
  const std::vector<int32_t> order = topological(nodes, arcs, asker);
  const std::vector<int64_t> ptr = rows_of(nodes, arcs);
  const std::vector<int32_t> sources = count_sources(nodes, arcs);
  std::vector<int32_t> layer(static_cast<size_t>(nodes), 0);
  for (const int32_t node : order) {
    const auto x = static_cast<size_t>(node);
    asker.did(1 + static_cast<size_t>(ptr[x + 1] - ptr[x]));
    for (auto a = static_cast<size_t>(ptr[x]); a < static_cast<size_t>(ptr[x + 1]); ++a) {
      int32_t& below = layer[static_cast<size_t>(arcs[a].target)];
      below = std::max(below, layer[x] + 1);
    }
  }
  // All are as high as can be. Where more arcs lead on than in, further down makes them shorter.
  for (size_t i = order.size(); i-- > 0;) {
    const auto x = static_cast<size_t>(order[i]);
    asker.did(1 + static_cast<size_t>(ptr[x + 1] - ptr[x]));
    if (ptr[x + 1] - ptr[x] <= sources[x]) continue;
    int32_t lowest = nodes;
    for (auto a = static_cast<size_t>(ptr[x]); a < static_cast<size_t>(ptr[x + 1]); ++a)
      lowest = std::min(lowest, layer[static_cast<size_t>(arcs[a].target)] - 1);
    layer[x] = lowest;
  }
  const int32_t top = *std::min_element(layer.begin(), layer.end());
  for (int32_t& l : layer) l -= top;
  return layer;
}

Layers with_bends(std::span<const LocalArc> arcs, std::vector<int32_t> layer, Asker& asker) {
  Layers layers;
  layers.real = static_cast<int32_t>(layer.size());
  layers.layer = std::move(layer);
  std::vector<LocalArc> pieces;
  for (const LocalArc& arc : arcs) {
    int32_t from = arc.source;
    const int32_t last = layers.layer[static_cast<size_t>(arc.target)];
    for (int32_t l = layers.layer[static_cast<size_t>(from)] + 1; l < last; ++l) {
      const int32_t bend = layers.nodes();
      layers.layer.push_back(l);
      pieces.push_back({from, bend});
      from = bend;
    }
    pieces.push_back({from, arc.target});
  }
  put_rows(layers, std::move(pieces), asker);
  order_by_search(layers, asker);
  return layers;
}

}  // namespace saggio::graph
