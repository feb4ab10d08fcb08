// SPDX-License-Identifier: MIT
#include "viz/scene/scene.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace saggio::viz {
namespace {

constexpr uint32_t kNone = UINT32_MAX;

// Calls act(id) for all ids that changed: those named, and those from `first` on.
template <typename Act>
void for_each_changed(const std::vector<uint64_t>& named, uint64_t first, uint64_t end, Act act) {
  for (const uint64_t id : named)
    if (id < first) act(static_cast<Slot>(id));
  for (uint64_t id = first; id < end; ++id) act(static_cast<Slot>(id));
}

}  // namespace

// Slots for what is new; none of it is shown yet.
void Scene::grow(const graph::History& history) {
  const auto& last = history.commits().back();
  if (last.nodes > kNone || last.edges > kNone)
    throw std::invalid_argument(
        fmt::format("{} nodes and {} edges, the viewer holds {} of each; export a part of them",
                    last.nodes,
                    last.edges,
                    kNone));
  const size_t before = nodes_.kind.size(), edges_before = edges_.source.size();
  grow_to(nodes_.there, last.nodes);
  grow_to(nodes_.kind, last.nodes);
  grow_to(nodes_.status, last.nodes);
  grow_to(nodes_.probability, last.nodes, std::nanf(""));
  grow_to(first_out_, last.nodes, kNone);
  grow_to(first_in_, last.nodes, kNone);
  for (size_t slot = before; slot < last.nodes; ++slot) nodes_.kind[slot] = history.node_kind(slot);

  grow_to(edges_.there, last.edges);
  grow_to(edges_.status, last.edges);
  grow_to(edges_.probability, last.edges, std::nanf(""));
  grow_to(edges_.weight, last.edges, 1);
  grow_to(edges_.source, last.edges);
  grow_to(edges_.target, last.edges);
  grow_to(edges_.type, last.edges);
  grow_to(next_out_, last.edges);
  grow_to(next_in_, last.edges);
  for (size_t slot = edges_before; slot < last.edges; ++slot) {
    const graph::EdgeEnds ends = history.edge_ends(slot);
    edges_.source[slot] = static_cast<Slot>(ends.source);
    edges_.target[slot] = static_cast<Slot>(ends.target);
    edges_.type[slot] = ends.type;
    next_out_[slot] = std::exchange(first_out_[ends.source], static_cast<uint32_t>(slot));
    next_in_[slot] = std::exchange(first_in_[ends.target], static_cast<uint32_t>(slot));
  }
  types_.assign(history.types().begin(), history.types().end());
}

void Scene::follow(const graph::History& history) {
  if (history.head() < head_)
    throw std::invalid_argument(
        fmt::format("a history of {} versions, {} were taken; after a reset begin with a new scene",
                    history.head(),
                    head_));
  if (history.head() == head_) return;
  const bool list = !shown_.world && shown_.version == listed_from_;
  const graph::Changes changes = history.changes_since(head_);
  grow(history);
  std::vector<graph::RowNumbers> rows;
  for_each_changed(changes.nodes, changes.first_node, node_slots(), [&](Slot slot) {
    history.node_rows(slot, rows);
    node_rows_.take(slot, rows, head_);
    if (list) changed_nodes_.push_back(slot);
  });
  for_each_changed(changes.edges, changes.first_edge, edge_slots(), [&](Slot slot) {
    history.edge_rows(slot, rows);
    edge_rows_.take(slot, rows, head_);
    if (list) changed_edges_.push_back(slot);
  });
  head_ = history.head();
}

void Scene::set_differences(DifferenceColumns differences) {
  if (differences.nodes.size() != node_slots() || differences.edges.size() != edge_slots())
    throw std::invalid_argument(
        fmt::format("differences of {} nodes and {} edges, there are {} and {}",
                    differences.nodes.size(),
                    differences.edges.size(),
                    node_slots(),
                    edge_slots()));
  differences_ = std::move(differences);
}

void Scene::show_node(Slot slot) {
  const Revisions::Row* row = node_rows_.at(slot, shown_);
  nodes_there_ += (row != nullptr) - size_t{nodes_.there[slot]};
  nodes_.there[slot] = row != nullptr;
  if (!row) return;
  nodes_.status[slot] = row->status;
  nodes_.probability[slot] = row->probability;
}

void Scene::show_edge(Slot slot) {
  const bool ends = nodes_.there[edges_.source[slot]] && nodes_.there[edges_.target[slot]];
  const Revisions::Row* row = ends ? edge_rows_.at(slot, shown_) : nullptr;
  edges_there_ += (row != nullptr) - size_t{edges_.there[slot]};
  edges_.there[slot] = row != nullptr;
  if (!row) return;
  edges_.status[slot] = row->status;
  edges_.probability[slot] = row->probability;
  edges_.weight[slot] = row->weight;
}

void Scene::show(graph::AsOf as_of) {
  as_of.version = std::min(as_of.version, head_);
  const bool listed = as_of.version == head_ && !as_of.world && !shown_.world &&
                      shown_.version == listed_from_ &&
                      changed_nodes_.size() + changed_edges_.size() < node_slots() / 4;
  shown_ = as_of;
  touched_ = {.all = !listed};
  if (listed) {
    touched_.nodes.swap(changed_nodes_);
    touched_.edges.swap(changed_edges_);
    for (const Slot slot : touched_.nodes) {
      show_node(slot);
      for (uint32_t e = first_out_[slot]; e != kNone; e = next_out_[e]) touched_.edges.push_back(e);
      for (uint32_t e = first_in_[slot]; e != kNone; e = next_in_[e]) touched_.edges.push_back(e);
    }
    for (const Slot slot : touched_.edges) show_edge(slot);
  } else {
    for (Slot slot = 0; slot < node_slots(); ++slot) show_node(slot);
    for (Slot slot = 0; slot < edge_slots(); ++slot) show_edge(slot);
  }
  changed_nodes_.clear();
  changed_edges_.clear();
  listed_from_ = head_;
}

}  // namespace saggio::viz
