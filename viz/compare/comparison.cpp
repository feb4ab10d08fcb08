// SPDX-License-Identifier: MIT
#include "viz/compare/comparison.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "graph/formats/key_diff.h"
#include "graph/view/diff.h"

namespace saggio::viz {
namespace {

using graph::History;

void mark(const std::vector<uint64_t>& slots, Difference as, std::vector<Difference>& column) {
  for (const uint64_t slot : slots) column[slot] = as;
}

// As they come from key_diff.h: (id in `before`, id in `after`).
std::vector<std::pair<uint64_t, uint64_t>> by_slot(
    std::vector<std::pair<uint64_t, uint64_t>> before_after) {
  for (auto& [a, b] : before_after) std::swap(a, b);
  std::sort(before_after.begin(), before_after.end());
  return before_after;
}

std::vector<std::pair<uint64_t, uint64_t>> by_slot(const std::vector<uint64_t>& ids) {
  std::vector<std::pair<uint64_t, uint64_t>> pairs;
  for (const uint64_t id : ids) pairs.emplace_back(id, id);
  return pairs;
}

std::string told(const char* what, const DifferenceCounts& counts) {
  std::vector<std::string> parts;
  for (const Difference one : {Difference::Added, Difference::Removed, Difference::Changed})
    if (const size_t count = counts[static_cast<size_t>(one)]; count > 0)
      parts.push_back(fmt::format("{} {}", count, kDifferenceNames[static_cast<size_t>(one)]));
  return fmt::format(
      "{}: {}", what, parts.empty() ? "no difference" : fmt::format("{}", fmt::join(parts, ", ")));
}

}  // namespace

Comparison::Comparison(const ComparedSide& before, const ComparedSide& after)
    : before_(before), after_(after) {
  const OneSided ids = before.reader == after.reader ? find_in_one_store() : find_in_two();
  United united = unite(before, after, ids);
  united_ = std::move(united.history);
  differences_ = {std::vector<Difference>(united_.node_count()),
                  std::vector<Difference>(united_.edge_count()),
                  before.name,
                  after.name};
  mark(ids.added_nodes, Difference::Added, differences_.nodes);
  mark(ids.added_edges, Difference::Added, differences_.edges);
  mark(united.removed_nodes, Difference::Removed, differences_.nodes);
  mark(united.removed_edges, Difference::Removed, differences_.edges);
  for (const auto& [slot, id] : changed_nodes_) differences_.nodes[slot] = Difference::Changed;
  for (const auto& [slot, id] : changed_edges_) differences_.edges[slot] = Difference::Changed;
  count();
}

OneSided Comparison::find_in_one_store() {
  graph::Diff diff = graph::diff(after_.reader->history(), before_.at, after_.at);
  changed_nodes_ = by_slot(diff.nodes.changed);
  changed_edges_ = by_slot(diff.edges.changed);
  return {std::move(diff.nodes.gone),
          std::move(diff.nodes.added),
          std::move(diff.edges.gone),
          std::move(diff.edges.added),
          {}};
}

OneSided Comparison::find_in_two() {
  graph::KeyDiff diff = graph::diff_by_key(
      *before_.reader, before_.at, *after_.reader, after_.at, {.provenance = false});
  changed_nodes_ = by_slot(std::move(diff.nodes.changed));
  changed_edges_ = by_slot(std::move(diff.edges.changed));
  return {std::move(diff.nodes.only_a),
          std::move(diff.nodes.only_b),
          std::move(diff.edges.only_a),
          std::move(diff.edges.only_b),
          std::move(diff.node_in_b)};
}

void Comparison::count() {
  united_.for_each_node({}, [&](const graph::NodeRow& node) {
    ++node_counts_[static_cast<size_t>(differences_.nodes[node.id])];
  });
  united_.for_each_edge({}, [&](const graph::EdgeRow& edge) {
    ++edge_counts_[static_cast<size_t>(differences_.edges[edge.id])];
  });
}

std::string Comparison::caption() const {
  return fmt::format("{} against {}   {}   {}",
                     after_.name,
                     before_.name,
                     told("nodes", node_counts_),
                     told("edges", edge_counts_));
}

std::vector<ChangedValue> Comparison::changes_of(PickId picked) const {
  if (picked == 0) return {};
  const bool is_edge = (picked & kEdgeBit) != 0;
  const uint64_t slot = (picked & ~kEdgeBit) - 1;
  const Pairs& pairs = is_edge ? changed_edges_ : changed_nodes_;
  const auto found = std::lower_bound(pairs.begin(), pairs.end(), std::pair(slot, uint64_t{0}));
  if (found == pairs.end() || found->first != slot) return {};
  const auto attributes = [&](const ComparedSide& side, uint64_t id) {
    const History& history = side.reader->history();
    return is_edge ? history.edge(id, side.at)->attributes : history.node(id, side.at)->attributes;
  };
  const graph::Attributes before = attributes(before_, found->second);
  const graph::Attributes after = attributes(after_, slot);
  return changed_values(before, before_.reader->text(before), after, after_.reader->text(after));
}

}  // namespace saggio::viz
