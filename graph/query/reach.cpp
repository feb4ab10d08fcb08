// SPDX-License-Identifier: MIT
#include "graph/query/reach.h"

#include <algorithm>

#include "graph/algorithms/bfs.h"
#include "graph/reasoning/support.h"

namespace saggio::graph {
namespace {

size_t at(int64_t index) { return static_cast<size_t>(index); }

// The live nodes (FORMAT.md 4). The reasoner's nodes are those of the view, in its order.
Bitmap live_nodes(const View& view, const History& history) {
  const std::vector<uint8_t> live = live_support(support_graph(history, view.as_of()));
  Bitmap set(view.nodes());
  for (size_t i = 0; i < live.size(); ++i)
    if (live[i]) set.set(static_cast<NodeIndex>(i));
  return set;
}

TypeSet reason_types(const History& history) {
  TypeSet set = one_type(history, kSupports);
  if (const auto type = history.find_type(kDerives)) set[*type] = 1;
  return set;
}

// Walks against the reasons from `starts` through live nodes; adds whom it meets and how it came.
void add_support(const View& view,
                 const History& history,
                 const Bitmap& live,
                 const Bitmap& starts,
                 Voices& voices) {
  const TypeSet reasons = reason_types(history);
  Bitmap met = starts;
  std::vector<NodeIndex> queue;
  starts.for_each([&](NodeIndex start) { queue.push_back(start); });
  while (!queue.empty()) {
    const NodeIndex node = queue.back();
    queue.pop_back();
    for_each_step(view, node, Direction::In, [&](EdgeIndex edge, NodeIndex source) {
      if (!reasons[view.edge_type(edge)] || !live.test(source)) return;
      voices.edges.set(edge);
      voices.nodes.set(source);
      if (met.test(source)) return;
      met.set(source);
      queue.push_back(source);
    });
  }
}

Voices none_of(const View& view) { return {Bitmap(view.nodes()), Bitmap(view.edges())}; }

Voices support_among(const View& view, const History& history, const Bitmap& live, NodeIndex node) {
  Voices voices = none_of(view);
  Bitmap start(view.nodes());
  start.set(node);
  add_support(view, history, live, start, voices);
  voices.nodes.reset(node);
  return voices;
}

}  // namespace

std::vector<int32_t> hops_from(
    const View& view, NodeIndex node, int32_t hops, Direction direction, const TypeSet& types) {
  if (std::ranges::find(types, uint8_t{0}) == types.end())
    return bfs_depths(view, std::span(&node, 1), {.direction = direction, .most_depth = hops});
  const auto type_of = view.arrays().edge_types;
  std::vector<int32_t> found(at(view.nodes()), -1);
  std::vector<NodeIndex> front = {node}, next;
  found[at(node)] = 0;
  for (int32_t hop = 1; hop <= hops && !front.empty(); ++hop) {
    for (const NodeIndex from : front)
      for_each_step(view, from, direction, [&](EdgeIndex edge, NodeIndex to) {
        if (found[at(to)] >= 0 || !types[type_of[at(edge)]]) return;
        found[at(to)] = hop;
        next.push_back(to);
      });
    front.swap(next);
    next.clear();
  }
  return found;
}

TypeSet one_type(const History& history, std::string_view name) {
  TypeSet set(history.types().size());
  if (const auto type = history.find_type(name)) set[*type] = 1;
  return set;
}

Voices support_of(const View& view, const History& history, NodeIndex node) {
  return support_among(view, history, live_nodes(view, history), node);
}

Voices against(const View& view, const History& history, NodeIndex node) {
  const TypeSet contradicts = one_type(history, kContradicts);
  const Bitmap live = live_nodes(view, history);
  Bitmap attacked = support_among(view, history, live, node).nodes;
  attacked.set(node);
  Voices voices = none_of(view);
  Bitmap speakers(view.nodes());
  attacked.for_each([&](NodeIndex target) {
    for_each_step(view, target, Direction::In, [&](EdgeIndex edge, NodeIndex source) {
      if (!contradicts[view.edge_type(edge)] || !live.test(source)) return;
      voices.edges.set(edge);
      voices.nodes.set(source);
      speakers.set(source);
    });
  });
  add_support(view, history, live, speakers, voices);
  voices.nodes.reset(node);
  return voices;
}

}  // namespace saggio::graph
