// SPDX-License-Identifier: MIT
#include "graph/algorithms/rows.h"

#include <limits>
#include <stdexcept>
#include <string>

namespace saggio::graph {
namespace {

template <typename Value>
void check_values(std::span<const Value> column, int32_t count, const char* what) {
  if (column.empty()) return;
  if (column.size() != static_cast<size_t>(count))
    throw std::invalid_argument(std::string(what) + " has " + std::to_string(column.size()) +
                                " values, allowed: none or " + std::to_string(count) +
                                ", one for each of the view");
  for (size_t i = 0; i < column.size(); ++i)
    if (!(column[i] >= 0 && column[i] <= std::numeric_limits<Value>::max()))
      throw std::invalid_argument(std::string(what) + "[" + std::to_string(i) + "] = " +
                                  std::to_string(column[i]) + ", allowed: finite and >= 0");
}

}  // namespace

Direction reversed(Direction direction) {
  if (direction == Direction::Both) return direction;
  return direction == Direction::Out ? Direction::In : Direction::Out;
}

void check_node(const View& view, NodeIndex node, const char* what) {
  if (!(node >= 0 && node < view.nodes()))
    throw std::invalid_argument(std::string(what) + " is node " + std::to_string(node) +
                                " of a view of " + std::to_string(view.nodes()) +
                                ", allowed 0 up to that; View::find gives the index of an id");
}

void check_column(std::span<const float> column, EdgeIndex edges, const char* what) {
  check_values(column, edges, what);
}

void check_column(std::span<const double> column, NodeIndex nodes, const char* what) {
  check_values(column, nodes, what);
}

}  // namespace saggio::graph
