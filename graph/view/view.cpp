// SPDX-License-Identifier: MIT
#include "graph/view/view.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace saggio::graph {
namespace {

constexpr uint64_t kMostElements = INT32_MAX;

// Owns what ViewArrays borrows.
struct OwnArrays {
  std::vector<NodeId> node_ids;
  std::vector<uint8_t> node_kinds, node_statuses, edge_statuses;
  std::vector<float> node_confidence, edge_weights, edge_confidence;
  std::vector<TimeUs> node_from, node_to, edge_from, edge_to;
  std::vector<int64_t> out_ptr, in_ptr;
  std::vector<NodeIndex> out_target, in_source;
  std::vector<EdgeIndex> in_edge;
  std::vector<uint32_t> edge_ids32;
  std::vector<uint64_t> edge_ids64;
  std::vector<TypeId> edge_types;
};

ViewArrays borrowed(const OwnArrays& own) {
  ViewArrays arrays;
  arrays.node_ids = own.node_ids;
  arrays.node_kinds = own.node_kinds;
  arrays.node_statuses = own.node_statuses;
  arrays.node_confidence = own.node_confidence;
  arrays.node_from = own.node_from;
  arrays.node_to = own.node_to;
  arrays.out_ptr = own.out_ptr;
  arrays.out_target = own.out_target;
  arrays.edge_ids32 = own.edge_ids32;
  arrays.edge_ids64 = own.edge_ids64;
  arrays.edge_types = own.edge_types;
  arrays.edge_weights = own.edge_weights;
  arrays.edge_confidence = own.edge_confidence;
  arrays.edge_statuses = own.edge_statuses;
  arrays.edge_from = own.edge_from;
  arrays.edge_to = own.edge_to;
  arrays.in_ptr = own.in_ptr;
  arrays.in_source = own.in_source;
  arrays.in_edge = own.in_edge;
  return arrays;
}

void check_count(uint64_t count, std::string_view what) {
  if (count > kMostElements)
    throw std::invalid_argument("a view of " + std::to_string(count) + " " + std::string(what) +
                                ", allowed 0.." + std::to_string(kMostElements));
}

// The index of every node that was ever added; -1: not in the view.
std::vector<NodeIndex> put_nodes(const History& history, const AsOf& as_of, OwnArrays& own) {
  std::vector<NodeIndex> index(history.node_count(), -1);
  history.for_each_node(as_of, [&](const NodeRow& node) {
    check_count(own.node_ids.size() + 1, "nodes");
    index[node.id] = static_cast<NodeIndex>(own.node_ids.size());
    own.node_ids.push_back(node.id);
    own.node_kinds.push_back(static_cast<uint8_t>(node.kind));
    own.node_statuses.push_back(static_cast<uint8_t>(node.status));
    own.node_confidence.push_back(node.probability);
    own.node_from.push_back(node.valid.from);
    own.node_to.push_back(node.valid.to);
  });
  return index;
}

// Turns the sizes of rows, at [row + 1], into the offsets of rows.
void sum_up(std::vector<int64_t>& offsets) {
  std::partial_sum(offsets.begin(), offsets.end(), offsets.begin());
}

// The edges that are there, in out order: a counting sort by source, each row sorted by itself.
std::vector<EdgeRow> sorted_edges(const History& history,
                                  const AsOf& as_of,
                                  const std::vector<NodeIndex>& index,
                                  std::vector<int64_t>& out_ptr) {
  std::vector<EdgeRow> edges;
  history.for_each_edge(as_of, [&](const EdgeRow& edge) { edges.push_back(edge); });
  check_count(edges.size(), "edges");
  for (const EdgeRow& edge : edges) ++out_ptr[static_cast<size_t>(index[edge.source]) + 1];
  sum_up(out_ptr);
  std::vector<EdgeRow> sorted(edges.size());
  std::vector<int64_t> next = out_ptr;
  for (const EdgeRow& edge : edges)
    sorted[static_cast<size_t>(next[static_cast<size_t>(index[edge.source])]++)] = edge;
  for (size_t row = 0; row + 1 < out_ptr.size(); ++row)
    std::sort(sorted.begin() + out_ptr[row],
              sorted.begin() + out_ptr[row + 1],
              [](const EdgeRow& a, const EdgeRow& b) {
                return std::tie(a.type, a.target, a.id) < std::tie(b.type, b.target, b.id);
              });
  return sorted;
}

void put_edges(const std::vector<EdgeRow>& edges,
               const std::vector<NodeIndex>& index,
               OwnArrays& own) {
  const bool narrow = std::all_of(
      edges.begin(), edges.end(), [](const EdgeRow& edge) { return edge.id <= UINT32_MAX; });
  for (const EdgeRow& edge : edges) {
    own.out_target.push_back(index[edge.target]);
    narrow ? own.edge_ids32.push_back(static_cast<uint32_t>(edge.id))
           : own.edge_ids64.push_back(edge.id);
    own.edge_types.push_back(edge.type);
    own.edge_weights.push_back(edge.weight);
    own.edge_confidence.push_back(edge.probability);
    own.edge_statuses.push_back(static_cast<uint8_t>(edge.status));
    own.edge_from.push_back(edge.valid.from);
    own.edge_to.push_back(edge.valid.to);
  }
}

// Visiting the edges in out order leaves every row of in_edge ascending.
void put_in_rows(OwnArrays& own) {
  own.in_ptr.assign(own.out_ptr.size(), 0);
  for (const NodeIndex target : own.out_target) ++own.in_ptr[static_cast<size_t>(target) + 1];
  sum_up(own.in_ptr);
  own.in_source.resize(own.out_target.size());
  own.in_edge.resize(own.out_target.size());
  std::vector<int64_t> next = own.in_ptr;
  for (size_t source = 0; source + 1 < own.out_ptr.size(); ++source)
    for (int64_t edge = own.out_ptr[source]; edge < own.out_ptr[source + 1]; ++edge) {
      const auto target = static_cast<size_t>(own.out_target[static_cast<size_t>(edge)]);
      const auto at = static_cast<size_t>(next[target]++);
      own.in_source[at] = static_cast<NodeIndex>(source);
      own.in_edge[at] = static_cast<EdgeIndex>(edge);
    }
}

}  // namespace

View View::build(const History& history, const AsOf& as_of) {
  auto own = std::make_shared<OwnArrays>();
  const std::vector<NodeIndex> index = put_nodes(history, as_of, *own);
  own->out_ptr.assign(own->node_ids.size() + 1, 0);
  put_edges(sorted_edges(history, as_of, index, own->out_ptr), index, *own);
  put_in_rows(*own);
  AsOf exact = as_of;
  exact.version = std::min(as_of.version, history.head());
  const ViewArrays arrays = borrowed(*own);
  return View(exact, arrays, std::move(own), nullptr);
}

View::View(const AsOf& as_of,
           const ViewArrays& arrays,
           std::shared_ptr<const void> memory,
           std::function<void(std::span<const std::byte>)> check)
    : as_of_(as_of), arrays_(arrays), memory_(std::move(memory)), check_(std::move(check)) {}

void View::verify() const {
  if (!check_) return;
  ViewArrays arrays = arrays_;
  arrays.for_each([&](const char*, auto& array) { check_(std::as_bytes(array)); });
}

View::OutRow View::out(NodeIndex node) const {
  const auto ends = checked(arrays_.out_ptr, node, 2);
  const int64_t count = ends[1] - ends[0];
  return {static_cast<EdgeIndex>(ends[0]),
          checked(arrays_.out_target, ends[0], count),
          checked(arrays_.edge_types, ends[0], count)};
}

View::InRow View::in(NodeIndex node) const {
  const auto ends = checked(arrays_.in_ptr, node, 2);
  const int64_t count = ends[1] - ends[0];
  return {checked(arrays_.in_source, ends[0], count), checked(arrays_.in_edge, ends[0], count)};
}

EdgeId View::edge_id(EdgeIndex edge) const {
  if (!arrays_.edge_ids32.empty()) return checked(arrays_.edge_ids32, edge, 1)[0];
  return checked(arrays_.edge_ids64, edge, 1)[0];
}

std::optional<NodeIndex> View::find(NodeId id) const {
  NodeIndex low = 0, high = nodes();
  while (low < high) {
    const NodeIndex middle = low + (high - low) / 2;
    if (node_id(middle) < id)
      low = middle + 1;
    else
      high = middle;
  }
  if (low == nodes() || node_id(low) != id) return std::nullopt;
  return low;
}

}  // namespace saggio::graph
