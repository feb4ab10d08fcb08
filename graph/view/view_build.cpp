// SPDX-License-Identifier: MIT
#include <algorithm>
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

namespace {

// Makes a column that is not empty as long as the others.
template <typename Value>
void fill_up(Column<Value>& column, size_t count, Value if_empty) {
  if (!column.empty()) column.resize(count, if_empty);
}

void put_node(const NodeRow& node, OwnArrays& own) {
  const size_t at = own.node_ids.size();
  own.node_ids.push_back(node.id);
  own.node_kinds.push_back(static_cast<uint8_t>(node.kind));
  put(own.node_statuses, at, static_cast<uint8_t>(node.status), uint8_t{0});
  put(own.node_confidence, at, node.probability, std::nanf(""));
  put(own.node_from, at, node.valid.from, kUnknownTime);
  put(own.node_to, at, node.valid.to, kUnknownTime);
}

// The index of every node that was ever added; -1: not in the view.
std::vector<NodeIndex> put_nodes(const History& history, const AsOf& as_of, OwnArrays& own) {
  std::vector<NodeIndex> index(history.node_count(), -1);
  history.for_each_node(as_of, [&](const NodeRow& node) {
    check_count(own.node_ids.size() + 1, "nodes");
    index[node.id] = static_cast<NodeIndex>(own.node_ids.size());
    put_node(node, own);
  });
  const size_t nodes = own.node_ids.size();
  fill_up(own.node_statuses, nodes, uint8_t{0});
  fill_up(own.node_confidence, nodes, std::nanf(""));
  fill_up(own.node_from, nodes, kUnknownTime);
  fill_up(own.node_to, nodes, kUnknownTime);
  return index;
}

}  // namespace

View View::build(const History& history, const AsOf& as_of) {
  auto own = std::make_shared<OwnArrays>();
  put_edges(history, as_of, put_nodes(history, as_of, *own), *own);
  AsOf exact = as_of;
  exact.version = std::min(as_of.version, history.head());
  return view_of_own(exact, std::move(own));
}

}  // namespace saggio::graph
