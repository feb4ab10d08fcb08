// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "results/random.h"
#include "viz/plan/build_plan.h"

// Casts for tests of pictures, with places that are the same on every machine.
namespace saggio::viz {

struct Graph {
  std::vector<Ball> nodes;
  struct Edge {
    Slot from, to;
  };
  std::vector<Edge> edges;
  Vec3 at(Slot node) const { return {nodes[node].x, nodes[node].y, nodes[node].z}; }
};

// Nodes in a cube of side 2, of one size in the world, with edges between any of them.
inline Graph random_graph(
    uint64_t seed, Slot nodes, Slot edges, float radius, bool shapes = false) {
  results::Stream stream(seed);
  const auto place = [&] { return static_cast<float>(2 * stream.uniform() - 1); };
  Graph graph;
  for (Slot i = 0; i < nodes; ++i) {
    const Rgba colour{static_cast<uint8_t>(stream.below(256)),
                      static_cast<uint8_t>(stream.below(256)),
                      static_cast<uint8_t>(stream.below(256))};
    const auto shape = static_cast<uint32_t>(shapes ? stream.below(kShapes) : 0);
    const float x = place(), y = place(), z = place();
    graph.nodes.push_back({x, y, z, radius, colour, pick_of_node(i), shape, 0});
  }
  for (Slot i = 0; i < edges; ++i)
    graph.edges.push_back(
        {static_cast<Slot>(stream.below(nodes)), static_cast<Slot>(stream.below(nodes))});
  return graph;
}

// Fifty communities, two edges a node; nine of ten stay within theirs.
inline Graph communities(Slot nodes, float radius) {
  constexpr Slot kCommunities = 50;
  results::Stream stream(7);
  const auto around = [&](Vec3 middle, float spread) {
    const auto next = [&] { return spread * static_cast<float>(stream.normal()); };
    const float x = next(), y = next(), z = next();
    return middle + Vec3{x, y, z};
  };
  std::vector<Vec3> middles(kCommunities);
  for (Vec3& middle : middles) middle = around({}, 0.45f);
  Graph graph;
  for (Slot i = 0; i < nodes; ++i) {
    const Vec3 at = around(middles[i % kCommunities], 0.13f);
    const Rgba colour = colour_of_number(i % kCommunities % kNumbered);
    graph.nodes.push_back({at.x, at.y, at.z, radius, colour, pick_of_node(i), i % 9 == 0, 0});
  }
  for (Slot i = 0; i < 2 * nodes; ++i) {
    const auto from = static_cast<Slot>(stream.below(nodes)),
               any = static_cast<Slot>(stream.below(nodes));
    const Slot near = any - any % kCommunities + from % kCommunities;
    const Slot to = stream.below(10) == 0 || near >= nodes ? any : near;
    if (from != to) graph.edges.push_back({from, to});
  }
  return graph;
}

inline void bound(const Graph& graph, Cast& cast) {
  cast.low = {-1, -1, -1};
  cast.high = {1, 1, 1};
  for (Slot i = 0; i < graph.nodes.size(); ++i) {
    const Vec3 at = graph.at(i);
    cast.landmarks.push_back({i, at.x, at.y, at.z, graph.nodes[i].radius, 3, 0});
  }
  for (const auto& [from, to] : graph.edges)
    ++cast.landmarks[from].degree, ++cast.landmarks[to].degree;
}

inline constexpr uint8_t kLoopReach = 5;

// All of it drawn one by one: the edges thin, without heads, from middle to middle.
inline Cast one_by_one(const Graph& graph, float width = 1.6f) {
  Cast cast;
  std::vector<Line> loops;
  cast.balls = graph.nodes;
  for (Slot i = 0; i < graph.edges.size(); ++i) {
    const Vec3 a = graph.at(graph.edges[i].from), b = graph.at(graph.edges[i].to);
    const Rgba colour{0, 134, 98};
    const PickId id = pick_of_edge(i);
    if (graph.edges[i].from == graph.edges[i].to) {
      const float radius = graph.nodes[graph.edges[i].from].radius;
      loops.push_back({a.x, a.y, a.z, width, radius, 0, 0, 0, colour, id, kLoop, kLoopReach});
    } else {
      cast.lines.push_back({a.x, a.y, a.z, width, b.x, b.y, b.z, 0, colour, id, 0, 0});
    }
  }
  cast.curved = loops.size();
  cast.lines.insert(cast.lines.end(), loops.begin(), loops.end());
  bound(graph, cast);
  return cast;
}

// Its nodes too, or its edges alone.
inline Cast as_a_crowd(const Graph& graph, bool nodes = true) {
  Cast cast;
  Crowd crowd;
  if (nodes) {
    crowd.nodes = graph.nodes;
    crowd.nodes_there = graph.nodes.size();
  } else {
    cast.balls = graph.nodes;
  }
  std::vector<Thread> threads;
  for (Slot i = 0; i < graph.edges.size(); ++i) {
    const auto [from, to] = graph.edges[i];
    const Vec3 a = graph.at(from), b = graph.at(to);
    const PickId id = pick_of_edge(i);
    if (from != to)
      threads.push_back({a.x, a.y, a.z, b.x, b.y, b.z, id, 0, 64});
    else
      threads.push_back({a.x, a.y, a.z, graph.nodes[from].radius, 0, 0, id, 0, 64, kLoopReach});
  }
  crowd.threads = threads;
  crowd.threads_there = crowd.threads_in_all = threads.size();
  crowd.hue_count = 1;
  crowd.hues[0] = {0, 134, 98};
  cast.crowd = std::make_shared<const Crowd>(std::move(crowd));
  bound(graph, cast);
  return cast;
}

// Without a word.
inline RenderPlan plan_of(const Cast& cast, const Viewport& viewport, Camera camera = {}) {
  static const TextSizes text{
      .width = [](std::string_view) { return 0.f; },
      .shortened = [](std::string_view words, float) { return std::string(words); },
      .height = kTextHeight};
  static const std::function<std::string(Slot)> label = [](Slot) { return std::string(); };
  static const Legend legend;
  static const std::string caption;
  if (camera.distance == Camera().distance) camera.distance = 7;
  return build_plan(cast, {}, camera, viewport, {text, label, legend, caption, 0});
}

}  // namespace saggio::viz
