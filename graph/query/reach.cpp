// SPDX-License-Identifier: MIT
#include "graph/query/reach.h"

#include <algorithm>

#include "graph/algorithms/bfs.h"

namespace saggio::graph {
namespace {

size_t at(int64_t index) { return static_cast<size_t>(index); }

bool holds_alone(NodeKind kind) {
  return kind == NodeKind::Evidence || kind == NodeKind::Document || kind == NodeKind::Span ||
         kind == NodeKind::Episode || kind == NodeKind::ToolResult;
}

bool may_live(Status status) {
  return status != Status::Refuted && status != Status::Superseded && status != Status::Unprovable;
}

// What a step rests on: for each edge that was ever a reason for a step of the view, that step, by
// source; and how many of them each step waits for.
struct Premises {
  std::vector<std::pair<NodeIndex, NodeIndex>> of_source;  // (source, step), ascending
  std::vector<uint32_t> waits;                             // [N]
  std::vector<uint8_t> falls;                              // [N] a premise is not there
};

class PremiseReader {
 public:
  PremiseReader(const View& view, const History& history)
      : view_(view), history_(history), reasons_(reason_types(history)) {
    premises_.waits.resize(at(view.nodes()));
    premises_.falls.resize(at(view.nodes()));
  }

  Premises read() {
    const AsOf ever{.version = view_.as_of().version};
    history_.for_each_edge_of(0, committed_edges(), ever, [&](const EdgeRow& edge) {
      take({edge.source, edge.target, edge.type});
    });
    for (const EdgeId edge : history_.changes_since(0).edges)
      if (is_closed(edge)) take(history_.edge_ends(edge));
    std::ranges::sort(premises_.of_source);
    return std::move(premises_);
  }

 private:
  EdgeId committed_edges() const {
    const Version version = view_.as_of().version;
    return version == 0 ? 0 : history_.commits()[version - 1].edges;
  }

  // Whether the edge had a row before or at the view's version, and has none there.
  bool is_closed(EdgeId edge) const {
    const std::vector<Revision> rows = history_.edge_revisions(edge);
    const Version version = view_.as_of().version;
    const auto is_open = [&](const Revision& row) {
      return row.from <= version && version < row.to;
    };
    return !rows.empty() && rows.front().from <= version && std::ranges::none_of(rows, is_open);
  }

  void take(const EdgeEnds& edge) {
    if (!reasons_[edge.type]) return;
    const auto step = view_.find(edge.target);
    if (!step || view_.node_kind(*step) != NodeKind::Step) return;
    const auto source = view_.find(edge.source);
    ++premises_.waits[at(*step)];
    if (source)
      premises_.of_source.emplace_back(*source, *step);
    else
      premises_.falls[at(*step)] = 1;
  }

  const View& view_;
  const History& history_;
  TypeSet reasons_;
  Premises premises_;
};

// The smallest set, from the nodes that need no reason outwards.
class Life {
 public:
  Life(const View& view, const History& history)
      : view_(view),
        reasons_(reason_types(history)),
        premises_(PremiseReader(view, history).read()),
        live_(view.nodes()) {}

  Bitmap spread() {
    for (NodeIndex node = 0; node < view_.nodes(); ++node)
      if (holds_alone(view_.node_kind(node))) wake(node);
    while (!queue_.empty()) {
      const NodeIndex node = queue_.back();
      queue_.pop_back();
      from(node);
    }
    return std::move(live_);
  }

 private:
  void wake(NodeIndex node) {
    if (live_.test(node) || !may_live(view_.node_status(node))) return;
    live_.set(node);
    queue_.push_back(node);
  }

  void from(NodeIndex node) {
    for_each_step(view_, node, Direction::Out, [&](EdgeIndex edge, NodeIndex target) {
      if (reasons_[view_.edge_type(edge)] && view_.node_kind(target) != NodeKind::Step)
        wake(target);
    });
    auto premise = std::ranges::lower_bound(
        premises_.of_source, node, {}, &std::pair<NodeIndex, NodeIndex>::first);
    for (; premise != premises_.of_source.end() && premise->first == node; ++premise)
      if (--premises_.waits[at(premise->second)] == 0 && !premises_.falls[at(premise->second)])
        wake(premise->second);
  }

  const View& view_;
  TypeSet reasons_;
  Premises premises_;
  Bitmap live_;
  std::vector<NodeIndex> queue_;
};

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

Bitmap live_nodes(const View& view, const History& history) { return Life(view, history).spread(); }

TypeSet one_type(const History& history, std::string_view name) {
  TypeSet set(history.types().size());
  if (const auto type = history.find_type(name)) set[*type] = 1;
  return set;
}

TypeSet reason_types(const History& history) {
  TypeSet set = one_type(history, "supports");
  if (const auto type = history.find_type("derives")) set[*type] = 1;
  return set;
}

Voices support_of(const View& view, const History& history, NodeIndex node) {
  return support_among(view, history, live_nodes(view, history), node);
}

Voices against(const View& view, const History& history, NodeIndex node) {
  const TypeSet contradicts = one_type(history, "contradicts");
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
