// SPDX-License-Identifier: MIT
#include "graph/algorithms/shortest_path.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <queue>
#include <stdexcept>
#include <string>
#include <utility>

#include "graph/algorithms/bfs.h"

namespace saggio::graph {
namespace {

constexpr double kFar = std::numeric_limits<double>::infinity();

struct Distances {
  std::vector<double> from_source;  // [N] exact up to the target's, kFar if not reached
  std::vector<EdgeIndex> via;       // [N] the last edge of a shortest path
};

void check(const View& view, NodeIndex source, NodeIndex target, const PathOptions& options) {
  view.verify();
  check_node(view, source, "the source of the path");
  check_node(view, target, "the target of the path");
  check_column(options.lengths, view.edges(), "lengths of the path's edges");
}

// A node is taken with its final distance; entries that a shorter way has outdated are skipped.
Distances dijkstra(const View& view,
                   NodeIndex source,
                   NodeIndex target,
                   const PathOptions& options) {
  using Entry = std::pair<double, NodeIndex>;
  const auto nodes = static_cast<size_t>(view.nodes());
  Distances found{std::vector<double>(nodes, kFar), std::vector<EdgeIndex>(nodes, -1)};
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue;
  found.from_source[static_cast<size_t>(source)] = 0;
  queue.emplace(0., source);
  while (!queue.empty() && queue.top().second != target) {
    const double distance = queue.top().first;
    const NodeIndex node = queue.top().second;
    queue.pop();
    if (distance > found.from_source[static_cast<size_t>(node)]) continue;
    for_each_step(view, node, options.direction, [&](EdgeIndex edge, NodeIndex neighbour) {
      const double there = distance + options.lengths[static_cast<size_t>(edge)];
      double& known = found.from_source[static_cast<size_t>(neighbour)];
      if (!(there < known)) return;
      known = there;
      found.via[static_cast<size_t>(neighbour)] = edge;
      queue.emplace(there, neighbour);
    });
  }
  return found;
}

// The other end of an edge into `node`, as it is walked.
NodeIndex start_of(const View& view, EdgeIndex edge, NodeIndex node) {
  const ViewArrays& arrays = view.arrays();
  const auto row = std::upper_bound(arrays.out_ptr.begin(), arrays.out_ptr.end(), int64_t{edge});
  const auto source = static_cast<NodeIndex>(row - arrays.out_ptr.begin() - 1);
  return source == node ? arrays.out_target[static_cast<size_t>(edge)] : source;
}

std::optional<Path> by_length(const View& view,
                              NodeIndex source,
                              NodeIndex target,
                              const PathOptions& options) {
  const Distances found = dijkstra(view, source, target, options);
  if (found.from_source[static_cast<size_t>(target)] == kFar) return std::nullopt;
  Path path;
  for (NodeIndex node = target; node != source; node = start_of(view, path.back(), node))
    path.push_back(found.via[static_cast<size_t>(node)]);
  std::reverse(path.begin(), path.end());
  return path;
}

std::vector<int32_t> depths_of(const View& view,
                               NodeIndex source,
                               NodeIndex target,
                               Direction direction) {
  return bfs_depths(view, std::array{source}, {.direction = direction, .until = target});
}

std::optional<Path> by_count(const View& view,
                             NodeIndex source,
                             NodeIndex target,
                             Direction direction) {
  const std::vector<int32_t> depths = depths_of(view, source, target, direction);
  int32_t depth = depths[static_cast<size_t>(target)];
  if (depth < 0) return std::nullopt;
  Path path;
  for (NodeIndex node = target; depth-- > 0;) {
    std::pair<EdgeIndex, NodeIndex> least{view.edges(), -1};
    for_each_step(view, node, reversed(direction), [&](EdgeIndex edge, NodeIndex before) {
      if (depths[static_cast<size_t>(before)] == depth) least = std::min(least, {edge, before});
    });
    path.push_back(least.first);
    node = least.second;
  }
  std::reverse(path.begin(), path.end());
  return path;
}

std::vector<double> distances_of(const View& view,
                                 NodeIndex source,
                                 NodeIndex target,
                                 const PathOptions& options) {
  if (!options.lengths.empty()) return dijkstra(view, source, target, options).from_source;
  std::vector<double> distances;
  for (const int32_t depth : depths_of(view, source, target, options.direction))
    distances.push_back(depth < 0 ? kFar : depth);
  return distances;
}

// The shortest paths as a graph without cycles, every walk through which ends at the target.
struct PathGraph {
  struct Step {
    EdgeIndex edge;
    NodeIndex to;
  };
  std::map<NodeIndex, std::vector<Step>> steps;  // by the node that they leave, edges ascending
  std::vector<NodeIndex> nodes;                  // the target first, then towards the source
};

double length_of(const PathOptions& options, EdgeIndex edge) {
  return options.lengths.empty() ? 1. : options.lengths[static_cast<size_t>(edge)];
}

void check_adds(const PathOptions& options, EdgeIndex edge, double before, double after) {
  if (before < after) return;
  throw std::invalid_argument("all shortest paths: edge " + std::to_string(edge) + " of length " +
                              std::to_string(length_of(options, edge)) + " at distance " +
                              std::to_string(before) +
                              " adds nothing to it, allowed: above 0; take shortest_path for one");
}

// Goes back from the target over all edges whose length is just the difference of distances.
PathGraph path_graph(const View& view,
                     NodeIndex target,
                     const std::vector<double>& distances,
                     const PathOptions& options) {
  PathGraph graph{{{target, {}}}, {target}};
  if (distances[static_cast<size_t>(target)] == kFar) return graph;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const NodeIndex node = graph.nodes[i];
    const double after = distances[static_cast<size_t>(node)];
    for_each_step(view, node, reversed(options.direction), [&](EdgeIndex edge, NodeIndex from) {
      const double before = distances[static_cast<size_t>(from)];
      if (before + length_of(options, edge) != after) return;
      check_adds(options, edge, before, after);
      const auto [place, is_new] = graph.steps.try_emplace(from);
      if (is_new) graph.nodes.push_back(from);
      place->second.push_back({edge, node});
    });
  }
  for (auto& [node, steps] : graph.steps)
    std::sort(
        steps.begin(), steps.end(), [](const auto& a, const auto& b) { return a.edge < b.edge; });
  std::sort(graph.nodes.begin(), graph.nodes.end(), [&](NodeIndex a, NodeIndex b) {
    return distances[static_cast<size_t>(a)] > distances[static_cast<size_t>(b)];
  });
  return graph;
}

double count_paths(const PathGraph& graph, NodeIndex source, NodeIndex target) {
  std::map<NodeIndex, double> to_target{{target, 1.}};
  for (const NodeIndex node : graph.nodes)
    for (const PathGraph::Step& step : graph.steps.at(node)) to_target[node] += to_target[step.to];
  const auto found = to_target.find(source);
  return found == to_target.end() ? 0 : found->second;
}

// Depth first, the steps of a node in turn.
std::vector<Path> list_paths(const PathGraph& graph,
                             NodeIndex source,
                             NodeIndex target,
                             size_t limit) {
  struct Place {
    const std::vector<PathGraph::Step>* steps;
    size_t next = 0;
  };
  std::vector<Path> paths;
  Path path;
  std::vector<Place> stack;
  const auto enter = [&](NodeIndex node) {
    if (node == target) paths.push_back(path);
    stack.push_back({&graph.steps.at(node)});
  };
  if (limit > 0) enter(source);
  while (!stack.empty() && paths.size() < limit) {
    Place& place = stack.back();
    if (place.next == place.steps->size()) {
      stack.pop_back();
      if (!path.empty()) path.pop_back();
      continue;
    }
    const PathGraph::Step step = (*place.steps)[place.next++];
    path.push_back(step.edge);
    enter(step.to);
  }
  return paths;
}

}  // namespace

std::optional<Path> shortest_path(const View& view,
                                  NodeIndex source,
                                  NodeIndex target,
                                  const PathOptions& options) {
  check(view, source, target, options);
  return options.lengths.empty() ? by_count(view, source, target, options.direction)
                                 : by_length(view, source, target, options);
}

ShortestPaths all_shortest_paths(const View& view,
                                 NodeIndex source,
                                 NodeIndex target,
                                 size_t limit,
                                 const PathOptions& options) {
  check(view, source, target, options);
  const std::vector<double> distances = distances_of(view, source, target, options);
  const PathGraph graph = path_graph(view, target, distances, options);
  ShortestPaths found;
  found.count = count_paths(graph, source, target);
  if (found.count == 0) return found;
  for (const auto& [node, steps] : graph.steps)
    for (const PathGraph::Step& step : steps) found.edges.push_back(step.edge);
  std::sort(found.edges.begin(), found.edges.end());
  found.paths = list_paths(graph, source, target, limit);
  return found;
}

}  // namespace saggio::graph
