// SPDX-License-Identifier: MIT
#include <algorithm>
#include <utility>

#include "graph/layout/layers.h"

namespace saggio::graph {
namespace {

constexpr int kPatience = 4;       // sweeps without a gain, after which there will be none
constexpr size_t kTreeSteps = 16;  // about, of the tree of sums, down from a leaf and again

// Crossings between a layer and the one below: pairs of edges that stand the other way round at
// their lower ends, counted in a tree of sums (Barth, Mutzel, Juenger 2004, "Simple and efficient
// bilayer cross counting").
int64_t crossings_below(const Layers& layers, size_t layer, Asker& asker) {
  size_t leaves = 1;
  while (leaves < layers.order[layer + 1].size()) leaves *= 2;
  std::vector<int64_t> tree(2 * leaves, 0);
  std::vector<int32_t> ends;
  int64_t crossings = 0;
  for (const int32_t x : layers.order[layer]) {
    ends.clear();
    for (const int32_t y : layers.below(x)) ends.push_back(layers.place[static_cast<size_t>(y)]);
    std::sort(ends.begin(), ends.end(), asker.counted());
    for (const int32_t end : ends) {  // those so far that end further right
      asker.did(kTreeSteps);
      for (size_t i = leaves + static_cast<size_t>(end); i > 1; i /= 2)
        if (i % 2 == 0) crossings += tree[i + 1];
    }
    for (const int32_t end : ends)
      for (size_t i = leaves + static_cast<size_t>(end); i > 0; i /= 2) ++tree[i];
  }
  return crossings;
}

void put_places(Layers& layers, size_t layer) {
  const std::vector<int32_t>& order = layers.order[layer];
  for (size_t i = 0; i < order.size(); ++i)
    layers.place[static_cast<size_t>(order[i])] = static_cast<int32_t>(i);
}

// By the mean place of the neighbours above or below; a node without any keeps its place.
void order_by_mean(Layers& layers, size_t layer, bool by_above, Asker& asker) {
  std::vector<int32_t>& order = layers.order[layer];
  std::vector<std::pair<double, int32_t>> keyed;
  for (const int32_t x : order) {
    const auto neighbours = by_above ? layers.above(x) : layers.below(x);
    asker.did(1 + neighbours.size());
    double sum = 0;
    for (const int32_t y : neighbours) sum += layers.place[static_cast<size_t>(y)];
    keyed.emplace_back(neighbours.empty() ? layers.place[static_cast<size_t>(x)]
                                          : sum / static_cast<double>(neighbours.size()),
                       x);
  }
  const auto before = [](const auto& a, const auto& b) { return a.first < b.first; };
  std::stable_sort(keyed.begin(), keyed.end(), asker.counted(before));
  for (size_t i = 0; i < keyed.size(); ++i) order[i] = keyed[i].second;
  put_places(layers, layer);
}

int64_t crossings_of(const Layers& layers, Asker& asker) {
  int64_t sum = 0;
  for (size_t layer = 0; layer + 1 < layers.order.size(); ++layer)
    sum += crossings_below(layers, layer, asker);
  return sum;
}

}  // namespace

int64_t reduce_crossings(Layers& layers, int sweeps, Asker& asker) {
  int64_t fewest = crossings_of(layers, asker);
  std::vector<std::vector<int32_t>> best = layers.order;
  int without_gain = 0;
  for (int sweep = 0; sweep < sweeps && fewest > 0 && without_gain < kPatience; ++sweep) {
    const bool down = sweep % 2 == 0;
    for (size_t i = 1; i < layers.order.size(); ++i)
      order_by_mean(layers, down ? i : layers.order.size() - 1 - i, down, asker);
    const int64_t crossings = crossings_of(layers, asker);
    ++without_gain;
    if (crossings >= fewest) continue;
    fewest = crossings;
    best = layers.order;
    without_gain = 0;
  }
  layers.order = std::move(best);
  for (size_t layer = 0; layer < layers.order.size(); ++layer) put_places(layers, layer);
  return fewest;
}

}  // namespace saggio::graph
