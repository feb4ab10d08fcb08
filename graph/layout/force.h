// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "graph/layout/neighbours.h"
#include "graph/layout/point.h"
#include "graph/layout/repulsion.h"
#include "graph/layout/start.h"

// Force-directed layout in two or three dimensions, after Fruchterman, Reingold 1991: nodes drive
// each other apart by 1/distance^3, in a plane by 1/distance^2 (not 1/distance, which blows up what
// lies outside), an edge
// pulls its ends together by distance^2, so that two joined nodes rest 1 apart. How edges point
// does not count, nor do self-loops and how many edges join two nodes. A component as a whole is
// held near the middle; nothing but that holds an isolated node.
//
//   ForceLayout layout(view);
//   while (!layout.at_rest()) layout.step();
//   layout.positions();
//
// The layout lives in steps, so that whoever shows it can look on. It has a temperature, the most
// that a node moves in a step, which falls with every step. One thread at a time may use it (step()
// itself uses several); the positions are the same, bit by bit, however many those are.
namespace saggio::graph {

struct ForceOptions {
  int dimensions = 3;                 // 2 or 3; in 2, z stays 0
  float theta = 1.2F;                 // in [0.1, 2]: Repulsion::approximate
  NodeIndex exact_up_to = 1024;       // nodes; with more of them far ones act together
  std::span<const NodeIndex> groups;  // [N] >= 0, such as Groups::group; below 0: in none. Or empty
  float group_pull = 0.1F;            // >= 0: to the middle of the node's group, by distance
  size_t threads = 0;                 // 0: as many as there are cores
  uint64_t seed = 1;                  // of what little is left to chance
  std::stop_token stop;  // the constructor and step() throw Interrupted once it is requested
};

class ForceLayout {
 public:
  // Keeps nothing of the View. Throws std::invalid_argument for an option out of its range.
  explicit ForceLayout(const View& view, const ForceOptions& options = {});
  // Goes on from positions, [N]: nodes that have none (kNowhere) are placed near their neighbours
  // and find their place, their neighbours give way, and the others move by at most half a per cent
  // of the radius. With all in place it is at rest.
  ForceLayout(const View& view, std::span<const Point> known, const ForceOptions& options = {});

  // O(N log N + M), or O(N^2 + M) up to exact_up_to nodes. One that is interrupted, within a small
  // part of its time, leaves all as it was before.
  void step();
  bool at_rest() const;
  float temperature() const { return temperature_; }
  // Everybody may move again: `heat` in (0, 1] of the temperature at which a new layout begins.
  void reheat(float heat = 1);
  // How far each node may move in the next step, as a share of what a new layout begins with; and:
  // each may move at least so far (in [0, 1], [N]), so that those around something new find their
  // place while the others rest.
  std::vector<float> warmth() const;
  void warm(std::span<const float> warmth);

  std::span<const Point> positions() const { return points_; }  // [N], borrowed until the next call
  // A pinned node stays where it is, and acts on the others as before.
  void pin(NodeIndex node, bool pinned = true);
  bool pinned(NodeIndex node) const;
  // Puts a node somewhere, as a person does who drags it; does not heat.
  void move(NodeIndex node, const Point& to);

 private:
  struct Whole;  // of a component
  void take(const ForceOptions& options);
  std::vector<Whole> wholes() const;
  std::vector<Point> group_middles() const;
  Point inner_repulsion(NodeIndex node) const;
  void displace(size_t first,
                size_t last,
                std::span<const Whole> wholes,
                std::span<const Point> middles);
  size_t threads_for(size_t nodes) const;

  Neighbours neighbours_;
  Components components_;
  ForceOptions options_;
  std::vector<NodeIndex> groups_;  // [N] counted from 0, or below 0; or empty
  Repulsion repulsion_;
  std::vector<Point> points_, forces_;  // [N]
  std::vector<float> heat_;             // [N] share of the temperature that a node may move by
  std::vector<uint8_t> pinned_;         // [N]
  float temperature_ = 0;
};

}  // namespace saggio::graph
