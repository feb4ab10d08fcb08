// SPDX-License-Identifier: MIT
#include "graph/view/view.h"

#include <utility>

namespace saggio::graph {

View::View(const AsOf& as_of,
           const ViewArrays& arrays,
           std::shared_ptr<const void> memory,
           std::shared_ptr<BytesCheck> check)
    : as_of_(as_of), arrays_(arrays), memory_(std::move(memory)), check_(std::move(check)) {}

void View::verify() const {
  if (!check_ || check_->is_done()) return;
  ViewArrays::for_each([&](const char*, auto& array) { check_->check(std::as_bytes(array)); },
                       arrays_);
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
