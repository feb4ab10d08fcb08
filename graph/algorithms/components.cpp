// SPDX-License-Identifier: MIT
#include "graph/algorithms/components.h"

#include <algorithm>
#include <numeric>

namespace saggio::graph {
namespace {

constexpr int64_t kSampledEdges = 2;  // of each node; the paper's choice
constexpr size_t kSampledNodes = 1024;

// Trees whose roots are their smallest nodes.
struct Forest {
  std::vector<NodeIndex> parent;

  explicit Forest(NodeIndex nodes) : parent(static_cast<size_t>(nodes)) {
    std::iota(parent.begin(), parent.end(), 0);
  }
  NodeIndex root(NodeIndex x) {
    while (true) {
      NodeIndex& up = parent[static_cast<size_t>(x)];
      const NodeIndex further = parent[static_cast<size_t>(up)];
      if (further == up) return up;
      x = up = further;  // halves the way for the next one
    }
  }
  void join(NodeIndex x, NodeIndex y) {
    const NodeIndex a = root(x), b = root(y);
    parent[static_cast<size_t>(std::max(a, b))] = std::min(a, b);
  }
  void flatten() {
    for (NodeIndex& up : parent) up = parent[static_cast<size_t>(up)];  // parents come first
  }
};

// The most frequent label among evenly spaced nodes: a guess, on which only the speed depends.
NodeIndex frequent_label(const std::vector<NodeIndex>& labels) {
  std::vector<NodeIndex> sample;
  const size_t stride = labels.size() / kSampledNodes + 1;
  for (size_t i = 0; i < labels.size(); i += stride) sample.push_back(labels[i]);
  std::sort(sample.begin(), sample.end());
  NodeIndex best = -1;
  ptrdiff_t most = 0;
  for (auto begin = sample.begin(); begin != sample.end();) {
    const auto end = std::upper_bound(begin, sample.end(), *begin);
    if (end - begin > most) {
      most = end - begin;
      best = *begin;
    }
    begin = end;
  }
  return best;
}

}  // namespace

std::vector<NodeIndex> weak_components(const View& view) {
  view.verify();
  Forest forest(view.nodes());
  const Rows out = out_rows(view), in = in_rows(view);
  for (int64_t i = 0; i < kSampledEdges; ++i)
    for (NodeIndex x = 0; x < view.nodes(); ++x)
      if (i < out.degree(x)) forest.join(x, out.neighbours[out.ptr[x] + i]);
  forest.flatten();

  // Every edge that leaves the skipped component is met from its other end, in or out.
  const NodeIndex skipped = frequent_label(forest.parent);
  const std::vector<NodeIndex> sampled = forest.parent;
  for (NodeIndex x = 0; x < view.nodes(); ++x) {
    if (sampled[static_cast<size_t>(x)] == skipped) continue;
    for (int64_t i = out.ptr[x] + kSampledEdges; i < out.ptr[x + 1]; ++i)
      forest.join(x, out.neighbours[i]);
    for (const NodeIndex source : in[x]) forest.join(x, source);
  }
  forest.flatten();
  return forest.parent;
}

}  // namespace saggio::graph
