// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "graph/store/history.h"

namespace saggio::viz {

using Slot = uint32_t;

// Makes a column of slots as long as there are slots by now; with room for a quarter more, so that
// few of those who come later wait for all to be copied.
template <typename Column>
void grow_to(Column& column, size_t slots, const typename Column::value_type& value = {}) {
  if (column.capacity() < slots) column.reserve(slots + slots / 4);
  column.resize(slots, value);
}

// What elements said over time: each has a chain of rows, [from, to) in versions by [from, to) in
// the world, so that any point on both clocks can be shown without the store. About 50 bytes a row;
// neighbours that were added alike share one.
class Revisions {
 public:
  using Row = graph::RowNumbers;

  // Makes the chain of an element what the store says of it by now: `rows`, the last one first.
  // What the store had said up to version `known` was taken before. O(rows that are new)
  void take(Slot slot, std::span<const Row> rows, graph::Version known);
  // nullptr: not there. Of an edge, its ends are not asked. Borrowed until the next take().
  const Row* at(Slot slot, const graph::AsOf& as_of) const;

  Slot slots() const { return static_cast<Slot>(last_.size()); }
  size_t rows() const { return rows_.size(); }

 private:
  static constexpr uint32_t kNone = UINT32_MAX;
  uint32_t push(const Row& row, uint32_t before);

  std::vector<uint32_t> last_;    // [slots] the last row of each
  std::vector<Row> rows_;         // [R]
  std::vector<uint32_t> before_;  // [R] the row that this one replaced
};

}  // namespace saggio::viz
