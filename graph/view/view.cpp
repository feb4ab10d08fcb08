// SPDX-License-Identifier: MIT
#include "graph/view/view.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <string>
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

void put_nodes(const History& history, const AsOf& as_of, OwnArrays& own) {
  own.node_ids = history.nodes(as_of);
  check_count(own.node_ids.size(), "nodes");
  for (const NodeId id : own.node_ids) {
    const Node node = *history.node(id, as_of);
    own.node_kinds.push_back(static_cast<uint8_t>(node.kind));
    own.node_statuses.push_back(static_cast<uint8_t>(node.attributes.status));
    own.node_confidence.push_back(node.attributes.confidence.probability);
    own.node_from.push_back(node.attributes.valid.from);
    own.node_to.push_back(node.attributes.valid.to);
  }
}

// Offsets of rows, from the row that each element is in: counting sort's first half.
std::vector<int64_t> row_offsets(size_t rows, std::span<const NodeIndex> row_of) {
  std::vector<int64_t> offsets(rows + 1, 0);
  for (const NodeIndex row : row_of) ++offsets[static_cast<size_t>(row) + 1];
  std::partial_sum(offsets.begin(), offsets.end(), offsets.begin());
  return offsets;
}

// The edges that are there, in out order.
std::vector<Edge> sorted_edges(const History& history, const AsOf& as_of) {
  std::vector<Edge> edges;
  for (const EdgeId id : history.edges(as_of)) edges.push_back(*history.edge(id, as_of));
  check_count(edges.size(), "edges");
  std::sort(edges.begin(), edges.end(), [](const Edge& a, const Edge& b) {
    return std::tie(a.source, a.type, a.target, a.id) < std::tie(b.source, b.type, b.target, b.id);
  });
  return edges;
}

std::vector<NodeIndex> indices_of(const OwnArrays& own,
                                  const std::vector<Edge>& edges,
                                  NodeId Edge::*end) {
  std::vector<NodeIndex> indices;
  indices.reserve(edges.size());
  for (const Edge& edge : edges) {
    const auto found = std::lower_bound(own.node_ids.begin(), own.node_ids.end(), edge.*end);
    indices.push_back(static_cast<NodeIndex>(found - own.node_ids.begin()));
  }
  return indices;
}

void put_edge_columns(const std::vector<Edge>& edges, OwnArrays& own) {
  const bool narrow =
      std::all_of(edges.begin(), edges.end(), [](const Edge& e) { return e.id <= UINT32_MAX; });
  for (const Edge& edge : edges) {
    narrow ? own.edge_ids32.push_back(static_cast<uint32_t>(edge.id))
           : own.edge_ids64.push_back(edge.id);
    own.edge_types.push_back(edge.type);
    own.edge_weights.push_back(edge.attributes.weight);
    own.edge_confidence.push_back(edge.attributes.confidence.probability);
    own.edge_statuses.push_back(static_cast<uint8_t>(edge.attributes.status));
    own.edge_from.push_back(edge.attributes.valid.from);
    own.edge_to.push_back(edge.attributes.valid.to);
  }
}

// Visiting the edges in out order leaves every row of in_edge ascending.
void put_in_rows(const std::vector<NodeIndex>& sources, OwnArrays& own) {
  own.in_ptr = row_offsets(own.node_ids.size(), own.out_target);
  own.in_source.resize(sources.size());
  own.in_edge.resize(sources.size());
  std::vector<int64_t> next = own.in_ptr;
  for (size_t edge = 0; edge < sources.size(); ++edge) {
    const auto at = static_cast<size_t>(next[static_cast<size_t>(own.out_target[edge])]++);
    own.in_source[at] = sources[edge];
    own.in_edge[at] = static_cast<EdgeIndex>(edge);
  }
}

}  // namespace

View View::build(const History& history, const AsOf& as_of) {
  auto own = std::make_shared<OwnArrays>();
  put_nodes(history, as_of, *own);
  const std::vector<Edge> edges = sorted_edges(history, as_of);
  const std::vector<NodeIndex> sources = indices_of(*own, edges, &Edge::source);
  own->out_ptr = row_offsets(own->node_ids.size(), sources);
  own->out_target = indices_of(*own, edges, &Edge::target);
  put_edge_columns(edges, *own);
  put_in_rows(sources, *own);
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
