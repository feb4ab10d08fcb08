// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstring>
#include <numeric>
#include <stdexcept>
#include <string>
#include <utility>

#include "graph/view/own_arrays.h"

namespace saggio::graph {

void check_count(uint64_t count, std::string_view what) {
  constexpr uint64_t kMost = INT32_MAX;
  if (count > kMost)
    throw std::invalid_argument("a view of " + std::to_string(count) + " " + std::string(what) +
                                ", allowed 0.." + std::to_string(kMost));
}

View view_of_own(const AsOf& as_of, std::shared_ptr<const OwnArrays> own) {
  ViewArrays arrays;
  ViewArrays::for_each(
      [](const char*, auto& borrowed, const auto& owned) { borrowed = owned; }, arrays, *own);
  return View(as_of, arrays, std::move(own), nullptr);
}

void push_node(const NodeRow& node, OwnArrays& own) {
  const size_t count = own.node_ids.size();
  own.node_ids.push_back(node.id);
  own.node_kinds.push_back(static_cast<uint8_t>(node.kind));
  push(own.node_statuses, count, static_cast<uint8_t>(node.status), uint8_t{0});
  push(own.node_confidence, count, node.probability, std::nanf(""));
  push(own.node_from, count, node.valid.from, kUnknownTime);
  push(own.node_to, count, node.valid.to, kUnknownTime);
}

void push_attributes(const EdgeRow& edge, size_t count, OwnArrays& own) {
  push(own.edge_weights, count, edge.weight, 1.f);
  push(own.edge_confidence, count, edge.probability, std::nanf(""));
  push(own.edge_statuses, count, static_cast<uint8_t>(edge.status), uint8_t{0});
  push(own.edge_from, count, edge.valid.from, kUnknownTime);
  push(own.edge_to, count, edge.valid.to, kUnknownTime);
}

namespace {

// Turns the sizes of rows, at [row + 1], into the offsets of rows.
void sum_up(std::vector<int64_t>& offsets) {
  std::partial_sum(offsets.begin(), offsets.end(), offsets.begin());
}

// Makes all columns that are not empty as long as the others.
void fill_up(size_t nodes, size_t edges, OwnArrays& own) {
  const auto fill = [](auto& column, size_t count, auto value) {
    if (!column.empty()) column.resize(count, value);
  };
  fill(own.node_statuses, nodes, uint8_t{0});
  fill(own.node_confidence, nodes, std::nanf(""));
  fill(own.node_from, nodes, kUnknownTime);
  fill(own.node_to, nodes, kUnknownTime);
  fill(own.edge_weights, edges, 1.f);
  fill(own.edge_confidence, edges, std::nanf(""));
  fill(own.edge_statuses, edges, uint8_t{0});
  fill(own.edge_from, edges, kUnknownTime);
  fill(own.edge_to, edges, kUnknownTime);
}

// The index of every node that was ever added; -1: not in the view.
std::vector<NodeIndex> put_nodes(const History& history, const AsOf& as_of, OwnArrays& own) {
  std::vector<NodeIndex> index(history.node_count(), -1);
  history.for_each_node(as_of, [&](const NodeRow& node) {
    check_count(own.node_ids.size() + 1, "nodes");
    index[node.id] = static_cast<NodeIndex>(own.node_ids.size());
    push_node(node, own);
  });
  return index;
}

// The edges that are there, ascending by id: their sources; the rest in `own`. in_ptr is done.
std::vector<NodeIndex> put_edges(const History& history,
                                 const AsOf& as_of,
                                 const std::vector<NodeIndex>& index,
                                 OwnArrays& own) {
  std::vector<NodeIndex> sources;
  for (std::vector<NodeIndex>* ends : {&sources, &own.out_target})
    ends->reserve(history.edge_count());
  own.edge_ids.reserve(history.edge_count());
  own.edge_types.reserve(history.edge_count());
  history.for_each_edge(as_of, [&](const EdgeRow& edge) {
    const size_t count = sources.size();
    sources.push_back(index[edge.source]);
    own.out_target.push_back(index[edge.target]);
    own.edge_ids.push_back(static_cast<uint32_t>(edge.id));
    own.edge_types.push_back(edge.type);
    push_attributes(edge, count, own);
  });
  check_count(sources.size(), "edges");
  return sources;
}

template <typename Key>
std::vector<int64_t> row_offsets(const std::vector<Key>& keys, size_t rows) {
  std::vector<int64_t> offsets(rows + 1, 0);
  for (const Key key : keys) ++offsets[static_cast<size_t>(key) + 1];
  sum_up(offsets);
  return offsets;
}

// `order` sorted by keys, equal ones as they were: one pass of a radix sort.
template <typename Key>
void sort_by(const std::vector<Key>& keys,
             const std::vector<int64_t>& offsets,
             std::vector<uint32_t>& order) {
  std::vector<int64_t> next = offsets;
  std::vector<uint32_t> sorted(order.size());
  for (const uint32_t edge : order)
    sorted[static_cast<size_t>(next[static_cast<size_t>(keys[edge])]++)] = edge;
  order = std::move(sorted);
}

template <typename Value>
void permute(std::vector<Value>& column, const std::vector<uint32_t>& order) {
  if (column.empty()) return;
  std::vector<Value> moved(column.size());
  for (size_t at = 0; at < order.size(); ++at) moved[at] = column[order[at]];
  column = std::move(moved);
}

// From the order of ids to (source, type, target, id).
void sort_edges(const std::vector<NodeIndex>& sources, OwnArrays& own) {
  const size_t nodes = own.node_ids.size();
  std::vector<uint32_t> order(sources.size());
  std::iota(order.begin(), order.end(), 0u);
  own.out_ptr = row_offsets(sources, nodes);
  sort_by(own.out_target, row_offsets(own.out_target, nodes), order);
  const auto largest = std::max_element(own.edge_types.begin(), own.edge_types.end());
  const size_t types = largest == own.edge_types.end() ? 0 : size_t{*largest} + 1;
  if (types > 1) sort_by(own.edge_types, row_offsets(own.edge_types, types), order);
  sort_by(sources, own.out_ptr, order);
  permute(own.out_target, order);
  permute(own.edge_ids, order);
  if (types > 1) permute(own.edge_types, order);
  permute(own.edge_weights, order);
  permute(own.edge_confidence, order);
  permute(own.edge_statuses, order);
  permute(own.edge_from, order);
  permute(own.edge_to, order);
}

}  // namespace

// Visiting the edges in out order leaves every row of in_edge ascending.
void put_in_rows(OwnArrays& own) {
  own.in_ptr = row_offsets(own.out_target, own.node_ids.size());
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

View View::build(const History& history, const AsOf& as_of) {
  auto own = std::make_shared<OwnArrays>();
  const std::vector<NodeIndex> index = put_nodes(history, as_of, *own);
  const std::vector<NodeIndex> sources = put_edges(history, as_of, index, *own);
  fill_up(own->node_ids.size(), sources.size(), *own);
  sort_edges(sources, *own);
  put_in_rows(*own);
  AsOf exact = as_of;
  exact.version = std::min(as_of.version, history.head());
  return view_of_own(exact, std::move(own));
}

}  // namespace saggio::graph
