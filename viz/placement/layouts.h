// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "graph/layout/point.h"
#include "viz/placement/grouping.h"

// The seam to graph/layout: a name and a View go in, a layout comes out that lives in steps.
namespace saggio::viz {

std::vector<std::string> layout_names();      // the default first
bool laid_out_flat(const std::string& name);  // in a plane, to be seen from its front
// Whether it goes on from places that are known and is a layout of all versions; else it is computed
// for one.
bool laid_out_by_force(const std::string& name);

// A layout at work on one View. One thread at a time uses it.
class LiveLayout {
 public:
  virtual ~LiveLayout() = default;
  virtual void step() = 0;  // one that is interrupted leaves all as it was
  virtual bool at_rest() const = 0;
  virtual std::span<const graph::Point> positions() const = 0;  // [N], until the next call
  // A person put the node there, and there it stays.
  virtual void hold(graph::NodeIndex node, const graph::Point& at) = 0;
  // It is the layout's again, which had it at `before`.
  virtual void let_go(graph::NodeIndex node, const graph::Point& before) = 0;
  // How far each node may still move in a step, 1: as at the beginning; [N], or empty where nothing
  // ever moves by itself. And: each may move at least so far.
  virtual std::vector<float> warmth() const = 0;
  virtual void warm(std::span<const float> warmth) = 0;
};

struct LayoutOrder {
  graph::View view;
  std::string name = "force";
  GroupBy group_by = GroupBy::None;
  uint64_t opened = 0;  // with places of its own for each of these: ViewState::opened
  std::vector<graph::NodeIndex> groups;  // [N] labels of kind or run, or empty; see group_labels
  size_t threads = 0;                    // 0: as many as there are cores
  std::stop_token stop;  // ends the making of the layout and its steps, by graph::Interrupted
};
// `known`: [N] places to go on from, graph::kNowhere where there is none. Throws
// std::invalid_argument if there is no layout of that name, or if it refuses the graph.
using MakeLayout = std::function<std::unique_ptr<LiveLayout>(const LayoutOrder& order,
                                                             std::span<const graph::Point> known)>;

// force, and force2d, in a plane: goes on from what is known, and if that is nothing begins with the
// shape of the graph, the same every time. layered, tree, radial: computed at once, anew unless
// every place is known.
std::unique_ptr<LiveLayout> standard_layout(const LayoutOrder& order,
                                            std::span<const graph::Point> known);

}  // namespace saggio::viz
