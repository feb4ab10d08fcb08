// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <limits>
#include <numeric>

#include "graph/layout/layers.h"

// Brandes, Koepf 2002: each node is aligned with the median of its neighbours in the layer before,
// four times: reading the layers down or up, and from the left or the right. What is aligned makes
// a block with one coordinate.
namespace saggio::graph {
namespace {

using Pair = std::pair<int32_t, int32_t>;

constexpr size_t kStepsANode = 4;  // about, to align it: the search for who gives way

// Pieces of long edges (bend to bend) win over what crosses them: those others, (upper, lower),
// sorted. The paper's algorithm 1.
std::vector<Pair> give_way(const Layers& layers, Asker& asker) {
  std::vector<Pair> result;
  const auto place = [&](int32_t x) { return layers.place[static_cast<size_t>(x)]; };
  for (size_t l = 1; l < layers.order.size(); ++l) {
    const std::vector<int32_t>& lower = layers.order[l];
    int32_t from = 0;
    size_t scanned = 0;
    for (size_t i = 0; i < lower.size(); ++i) {
      const auto above = layers.above(lower[i]);
      asker.did(1 + above.size());
      const bool inner = layers.is_bend(lower[i]) && above.size() == 1 && layers.is_bend(above[0]);
      if (!inner && i + 1 < lower.size()) continue;
      const int32_t to = inner ? place(above[0]) : std::numeric_limits<int32_t>::max();
      for (; scanned <= i; ++scanned)
        for (const int32_t u : layers.above(lower[scanned]))
          if (place(u) < from || place(u) > to) result.emplace_back(u, lower[scanned]);
      from = to;
    }
  }
  std::sort(result.begin(), result.end(), asker.counted());
  return result;
}

struct Reading {
  bool down, from_left;
};

// The first node of each node's block.
std::vector<int32_t> blocks(const Layers& layers,
                            const std::vector<Pair>& giving_way,
                            const Reading& reading,
                            Asker& asker) {
  std::vector<int32_t> root(layers.layer.size());
  std::iota(root.begin(), root.end(), 0);
  std::vector<int32_t> before;
  const size_t depth = layers.order.size();
  for (size_t step = 1; step < depth; ++step) {
    const std::vector<int32_t>& order = layers.order[reading.down ? step : depth - 1 - step];
    int32_t passed = reading.from_left ? -1 : std::numeric_limits<int32_t>::max();
    for (size_t i = 0; i < order.size(); ++i) {
      const int32_t x = order[reading.from_left ? i : order.size() - 1 - i];
      const auto neighbours = reading.down ? layers.above(x) : layers.below(x);
      asker.did(kStepsANode);
      if (neighbours.empty()) continue;
      before.assign(neighbours.begin(), neighbours.end());
      const auto place = [&](int32_t y) { return layers.place[static_cast<size_t>(y)]; };
      const auto further_left = [&](int32_t a, int32_t b) { return place(a) < place(b); };
      std::sort(before.begin(), before.end(), asker.counted(further_left));
      std::array<int32_t, 2> medians{before[(before.size() - 1) / 2], before[before.size() / 2]};
      if (!reading.from_left) std::swap(medians[0], medians[1]);
      for (const int32_t y : medians) {
        const bool crosses = reading.from_left ? place(y) <= passed : place(y) >= passed;
        const Pair edge = reading.down ? Pair(y, x) : Pair(x, y);
        if (crosses || std::binary_search(giving_way.begin(), giving_way.end(), edge)) continue;
        root[static_cast<size_t>(x)] = root[static_cast<size_t>(y)];
        passed = place(y);
        break;
      }
    }
  }
  return root;
}

float gap(const Layers& layers, int32_t a, int32_t b) {
  return layers.is_bend(a) || layers.is_bend(b) ? 0.5F : 1.0F;
}

// Which blocks lie right of which, at what distance: the rows of a sparse matrix.
struct BlockGraph {
  std::vector<int64_t> ptr;
  std::vector<int32_t> right;
  std::vector<float> distance;
  std::vector<int32_t> order;  // of all blocks, from left to right
};

BlockGraph block_graph(const Layers& layers, const std::vector<int32_t>& root, Asker& asker) {
  BlockGraph graph;
  const size_t nodes = root.size();
  graph.ptr.assign(nodes + 1, 0);
  std::vector<int32_t> left(nodes, 0);
  const auto for_pairs = [&](auto&& act) {
    for (const std::vector<int32_t>& order : layers.order)
      for (size_t i = 1; i < order.size(); ++i) {
        asker.did();
        act(root[static_cast<size_t>(order[i - 1])],
            root[static_cast<size_t>(order[i])],
            gap(layers, order[i - 1], order[i]));
      }
  };
  for_pairs([&](int32_t a, int32_t b, float) {
    ++graph.ptr[static_cast<size_t>(a) + 1];
    ++left[static_cast<size_t>(b)];
  });
  std::partial_sum(graph.ptr.begin(), graph.ptr.end(), graph.ptr.begin());
  graph.right.resize(static_cast<size_t>(graph.ptr.back()));
  graph.distance.resize(graph.right.size());
  std::vector<int64_t> next(graph.ptr.begin(), graph.ptr.end() - 1);
  for_pairs([&](int32_t a, int32_t b, float distance) {
    const auto at = static_cast<size_t>(next[static_cast<size_t>(a)]++);
    graph.right[at] = b;
    graph.distance[at] = distance;
  });
  for (size_t x = 0; x < nodes; ++x)
    if (left[x] == 0 && root[x] == static_cast<int32_t>(x))
      graph.order.push_back(static_cast<int32_t>(x));
  for (size_t i = 0; i < graph.order.size(); ++i) {
    const auto x = static_cast<size_t>(graph.order[i]);
    asker.did(1 + static_cast<size_t>(graph.ptr[x + 1] - graph.ptr[x]));
    for (auto e = static_cast<size_t>(graph.ptr[x]); e < static_cast<size_t>(graph.ptr[x + 1]); ++e)
      if (--left[static_cast<size_t>(graph.right[e])] == 0) graph.order.push_back(graph.right[e]);
  }
  return graph;
}

// Blocks as far left as can be, then as far right as those beside them allow.
std::vector<float> pack(const Layers& layers, const std::vector<int32_t>& root, Asker& asker) {
  const BlockGraph graph = block_graph(layers, root, asker);
  std::vector<float> x(root.size(), 0);
  const auto for_row = [&](int32_t block, auto&& act) {
    const auto b = static_cast<size_t>(block);
    asker.did(1 + static_cast<size_t>(graph.ptr[b + 1] - graph.ptr[b]));
    for (auto e = static_cast<size_t>(graph.ptr[b]); e < static_cast<size_t>(graph.ptr[b + 1]); ++e)
      act(static_cast<size_t>(graph.right[e]), graph.distance[e]);
  };
  for (const int32_t block : graph.order)
    for_row(block, [&](size_t right, float distance) {
      x[right] = std::max(x[right], x[static_cast<size_t>(block)] + distance);
    });
  for (size_t i = graph.order.size(); i-- > 0;) {
    float most = std::numeric_limits<float>::max();
    for_row(graph.order[i],
            [&](size_t right, float distance) { most = std::min(most, x[right] - distance); });
    float& own = x[static_cast<size_t>(graph.order[i])];
    if (most < std::numeric_limits<float>::max()) own = std::max(own, most);
  }
  for (size_t node = 0; node < x.size(); ++node) x[node] = x[static_cast<size_t>(root[node])];
  return x;
}

// Mirrored, what is packed to the left is packed to the right.
Layers mirrored(Layers layers) {
  for (std::vector<int32_t>& order : layers.order) {
    std::reverse(order.begin(), order.end());
    for (size_t i = 0; i < order.size(); ++i)
      layers.place[static_cast<size_t>(order[i])] = static_cast<int32_t>(i);
  }
  return layers;
}

}  // namespace

std::vector<float> across(const Layers& layers, Asker& asker) {
  const std::vector<Pair> giving_way = give_way(layers, asker);
  const Layers mirror = mirrored(layers);
  std::array<std::vector<float>, 4> all;
  std::array<float, 4> low, high;
  size_t narrowest = 0;
  for (size_t i = 0; i < all.size(); ++i) {
    const Reading reading{i < 2, i % 2 == 0};
    const std::vector<int32_t> root = blocks(layers, giving_way, reading, asker);
    all[i] = pack(reading.from_left ? layers : mirror, root, asker);
    if (!reading.from_left)
      for (float& x : all[i]) x = -x;
    const auto [least, most] = std::minmax_element(all[i].begin(), all[i].end());
    low[i] = *least;
    high[i] = *most;
    if (high[i] - low[i] < high[narrowest] - low[narrowest]) narrowest = i;
  }
  std::vector<float> result(layers.layer.size());
  for (size_t x = 0; x < result.size(); ++x) {
    asker.did();
    std::array<float, 4> at;
    for (size_t i = 0; i < all.size(); ++i)
      at[i] = all[i][x] + (i % 2 == 0 ? low[narrowest] - low[i] : high[narrowest] - high[i]);
    std::sort(at.begin(), at.end());
    result[x] = (at[1] + at[2]) / 2;
  }
  return result;
}

}  // namespace saggio::graph
