// SPDX-License-Identifier: MIT
#include "viz/state/marks.h"

#include <fmt/format.h>

#include <algorithm>

#include "graph/algorithms/bfs.h"
#include "graph/algorithms/shortest_path.h"
#include "graph/query/point.h"
#include "graph/query/reach.h"
#include "graph/reasoning/core.h"
#include "graph/reasoning/proof.h"
#include "viz/state/folds.h"

namespace saggio::viz {

using graph::EdgeIndex;
using graph::NodeIndex;
using graph::View;

namespace {

constexpr uint64_t kMostVisits = 100'000'000;  // for the cores of contradictions: about a second

class Marking {
 public:
  Marking(const ViewState& state, const Scene& scene, const Subject& subject)
      : state_(state), scene_(scene), subject_(subject), view_(subject.view) {
    grow_to(marks_.nodes, scene.node_slots());
    grow_to(marks_.edges, scene.edge_slots());
  }

  Marks find() {
    filter();
    if (state_.focus) focus(*state_.focus);
    apply_folds(state_, view_, marks_);
    if (state_.highlight) highlight(*state_.highlight);
    select_in(marks_, state_.selection, scene_);
    hide_loose_edges();
    for (const uint8_t bits : marks_.nodes) marks_.nodes_shown += bits & kShown;
    for (const uint8_t bits : marks_.edges) marks_.edges_shown += bits & kShown;
    return std::move(marks_);
  }

 private:
  uint8_t& node(NodeIndex x) { return marks_.nodes[view_.node_id(x)]; }
  uint8_t& edge(EdgeIndex e) { return marks_.edges[view_.edge_id(e)]; }
  // As a person calls it; a key that nobody would read out is left to the number.
  std::string name(NodeIndex x) const {
    constexpr size_t kLongest = 40;  // bytes
    const std::string_view key = subject_.history.node_key(view_.node_id(x));
    return key.empty() || key.size() > kLongest ? fmt::format("#{}", view_.node_id(x))
                                                : std::string(key);
  }
  void note(std::string text) { marks_.notes.push_back(std::move(text)); }

  void filter() {
    if (state_.filter.empty()) {
      std::copy(scene_.nodes().there.begin(), scene_.nodes().there.end(), marks_.nodes.begin());
      show_edges_there();
      return;
    }
    const graph::Selection found =
        graph::evaluate(graph::parse(state_.filter), view_, subject_.history, subject_.text_of);
    marks_.notes = found.notes;
    if (found.target == graph::Target::Nodes) {
      found.set.for_each([&](int32_t x) { node(x) = kShown; });
      show_edges_there();
    } else {
      found.set.for_each([&](int32_t e) { show_edge(e, kShown); });
    }
    if (found.count() == 0) note(fmt::format("nothing satisfies: {}", state_.filter));
  }

  void show_edges_there() {
    static_assert(kShown == 1);  // as in the columns of the scene
    std::copy(scene_.edges().there.begin(), scene_.edges().there.end(), marks_.edges.begin());
  }

  // An edge with both of its ends.
  void show_edge(EdgeIndex e, uint8_t bits) {
    const auto slot = static_cast<Slot>(view_.edge_id(e));
    marks_.edges[slot] |= bits;
    marks_.nodes[scene_.edges().source[slot]] |= bits;
    marks_.nodes[scene_.edges().target[slot]] |= bits;
  }
  void show_edge_of_id(graph::EdgeId id, uint8_t bits) {
    marks_.edges[id] |= bits;
    marks_.nodes[scene_.edges().source[id]] |= bits;
    marks_.nodes[scene_.edges().target[id]] |= bits;
  }

  std::vector<NodeIndex> there(const std::vector<graph::NodeId>& ids) const {
    std::vector<NodeIndex> found;
    for (const graph::NodeId id : ids)
      if (const auto x = view_.find(id)) found.push_back(*x);
    return found;
  }

  void focus(const Focus& focus) {
    const auto near = graph::k_hop(view_, there(focus.nodes), focus.hops, focus.direction);
    graph::Bitmap within(view_.nodes());
    for (const NodeIndex x : near.nodes) within.set(x);
    for (NodeIndex x = 0; x < view_.nodes(); ++x)
      if (!within.test(x)) node(x) = 0;
    for (const graph::NodeId id : focus.nodes)  // themselves, whatever the filter says
      if (const auto x = view_.find(id)) node(*x) |= kShown;
  }

  void highlight(const Highlight& highlight) {
    if (highlight.what == "core") return core();
    const auto from = view_.find(highlight.node), to = view_.find(highlight.to);
    if (!from || !to) return;
    marks_.dims = true;
    node(*from) |= kShown | kStrong;
    if (highlight.what == "path") path(*from, *to);
    if (highlight.what == "proof") proof(*from);
    if (highlight.what == "against") against(*from);
  }

  void path(NodeIndex from, NodeIndex to) {
    node(to) |= kShown | kStrong;
    auto found = graph::shortest_path(view_, from, to);
    if (!found) {
      found = graph::shortest_path(
          view_, from, to, {.direction = graph::Direction::Both, .lengths = {}});
      note(fmt::format("no path from {} to {} along the edges{}",
                       name(from),
                       name(to),
                       found ? "; this one goes against some" : ", nor against them"));
    }
    if (!found) return;
    for (const EdgeIndex e : *found) show_edge(e, kShown | kStrong);
  }

  void proof(NodeIndex x) {
    const graph::SupportGraph support = graph::support_graph(subject_.history, view_.as_of());
    const auto best = graph::best_proof(support, x);
    if (!best) {
      note(fmt::format("{} has no live support, so there is no proof of it", name(x)));
      return;
    }
    for (const graph::ProofNode& part : best->nodes) {
      node(part.node) |= kShown | kStrong;
      if (part.choice >= 0)
        show_edge_of_id(support.reasons[static_cast<size_t>(part.choice)].edge, kShown | kStrong);
      else if (support.needs[static_cast<size_t>(part.node)] == graph::Need::All)
        for (const graph::Reason& reason : support.of(part.node))
          show_edge_of_id(reason.edge, kShown | kStrong);
    }
  }

  void against(NodeIndex x) {
    const graph::Voices voices = graph::against(view_, subject_.history, x);
    voices.nodes.for_each([&](int32_t y) { node(y) |= kShown | kStrong; });
    voices.edges.for_each([&](int32_t e) { show_edge(e, kShown | kStrong); });
    if (std::none_of(
            voices.edges.words.begin(), voices.edges.words.end(), [](uint64_t w) { return w; }))
      note(fmt::format("nothing contradicts {}", name(x)));
  }

  void core() {
    marks_.dims = true;
    const graph::SupportGraph support = graph::support_graph(subject_.history, view_.as_of());
    const std::vector<uint8_t> live = graph::live_support(support);
    const auto contradicted = graph::contradicted_nodes(support, live);
    const auto found = graph::contradiction_cores(support, live, contradicted, kMostVisits);
    for (const graph::ContradictionCore& core : found)
      for (const graph::EdgeId edge : core.edges) show_edge_of_id(edge, kShown | kStrong);
    if (contradicted.empty()) note("nothing that is live contradicts anything that is");
    if (found.size() < contradicted.size())
      note(
          fmt::format("of {} contradicted nodes, what {} rest on is lifted out; the others rest on "
                      "too much to be told at once: saggio graph why tells one",
                      contradicted.size(),
                      found.size()));
  }

  // Edges between nodes that are not both shown are not shown either; edges between strong nodes
  // stay as they are.
  void hide_loose_edges() {
    const auto& ends = scene_.edges();
    for (size_t slot = 0; slot < marks_.edges.size(); ++slot) {
      if (!(marks_.nodes[ends.source[slot]] & marks_.nodes[ends.target[slot]] & kShown))
        marks_.edges[slot] = 0;
    }
  }

  const ViewState& state_;
  const Scene& scene_;
  const Subject& subject_;
  const View& view_;
  Marks marks_;
};

}  // namespace

Marks marks_of(const ViewState& state, const Scene& scene, const Subject& subject) {
  subject.view.verify();
  return Marking(state, scene, subject).find();
}

void select_in(Marks& marks, std::span<const graph::NodeId> selection, const Scene& scene) {
  for (uint8_t& bits : marks.nodes) bits &= static_cast<uint8_t>(~kSelected);
  for (const graph::NodeId id : selection)
    if (id < scene.node_slots() && scene.nodes().there[id] && (marks.nodes[id] & kShown))
      marks.nodes[id] |= kSelected;
}

bool shows_all(const ViewState& state) {
  return state.filter.empty() && !state.compare && !state.focus && state.folds.empty() &&
         !state.highlight;
}

void follow_in(Marks& marks, std::span<const graph::NodeId> selection, const Scene& scene) {
  static_assert(kShown == 1);  // as in the columns of the scene
  const Touched& touched = scene.touched();
  grow_to(marks.nodes, scene.node_slots());
  grow_to(marks.edges, scene.edge_slots());
  for (const Slot slot : touched.nodes) {
    const bool selected = std::binary_search(selection.begin(), selection.end(), slot);
    const uint8_t there = scene.nodes().there[slot];
    marks.nodes[slot] = there && selected ? kShown | kSelected : there;
  }
  for (const Slot slot : touched.edges) marks.edges[slot] = scene.edges().there[slot];
  marks.nodes_shown = scene.nodes_there();
  marks.edges_shown = scene.edges_there();
}

graph::AsOf point_of(const ViewState& state, const graph::History& history) {
  graph::AsOf as_of{.version = std::min(state.version.value_or(graph::kHead), history.head()),
                    .world = state.world};
  if (!state.filter.empty()) as_of = graph::point_of(graph::parse(state.filter), history, as_of);
  return as_of;
}

}  // namespace saggio::viz
