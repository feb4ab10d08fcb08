// SPDX-License-Identifier: MIT
#include "graph/view/view.h"

#include <algorithm>
#include <string>
#include <utility>

namespace saggio::graph {

View::View(const AsOf& as_of,
           const ViewArrays& arrays,
           std::shared_ptr<const void> memory,
           std::shared_ptr<BytesCheck> check)
    : as_of_(as_of), arrays_(arrays), memory_(std::move(memory)), check_(std::move(check)) {}

void View::verify() const {
  if (!needs_check()) return;
  ViewArrays::for_each([&](const char*, auto& array) { check_->check(std::as_bytes(array)); },
                       arrays_);
  check_structure();
  check_->passed.store(true, std::memory_order_release);
}

// What the checksums do not say, for somebody may have written them.
void View::check_structure() const {
  for (const auto& ptr : {arrays_.out_ptr, arrays_.in_ptr})
    if (ptr.front() != 0 || ptr.back() != edges() || !std::is_sorted(ptr.begin(), ptr.end()))
      throw Damage(check_->name() + " is damaged: rows that do not follow each other");
  check_below(arrays_.out_target, arrays_.node_ids.size());
  check_below(arrays_.in_source, arrays_.node_ids.size());
  check_below(arrays_.in_edge, arrays_.out_target.size());
}

template <typename Index>
void View::check_below(std::span<const Index> indices, size_t count) const {
  for (const Index index : indices)
    if (index < 0 || static_cast<size_t>(index) >= count)
      throw Damage(check_->name() + " is damaged: index " + std::to_string(index) + " of " +
                   std::to_string(count));
}

std::pair<int64_t, int64_t> View::checked_row(std::span<const int64_t> ptr, NodeIndex node) const {
  const auto ends = checked(ptr, node, 2);
  if (!(0 <= ends[0] && ends[0] <= ends[1] && ends[1] <= edges()))
    throw Damage(check_->name() + " is damaged: no row of node " + std::to_string(node));
  return {ends[0], ends[1]};
}

View::OutRow View::checked_out(NodeIndex node) const {
  const auto [begin, end] = checked_row(arrays_.out_ptr, node);
  const OutRow found = {static_cast<EdgeIndex>(begin),
                        checked(arrays_.out_target, begin, end - begin),
                        checked(arrays_.edge_types, begin, end - begin)};
  check_below(found.targets, arrays_.node_ids.size());
  return found;
}

View::InRow View::checked_in(NodeIndex node) const {
  const auto [begin, end] = checked_row(arrays_.in_ptr, node);
  const InRow found = {checked(arrays_.in_source, begin, end - begin),
                       checked(arrays_.in_edge, begin, end - begin)};
  check_below(found.sources, arrays_.node_ids.size());
  check_below(found.edges, arrays_.out_target.size());
  return found;
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
