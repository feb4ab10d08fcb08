// SPDX-License-Identifier: MIT
#pragma once

#include <cstring>
#include <memory>
#include <vector>

#include "graph/store/column.h"
#include "graph/view/view.h"

// The arrays of a View that lie in memory, and how they are put there; for view_build.cpp,
// view_sort.cpp and view_refresh.cpp alone.
namespace saggio::graph {

using OwnArrays = GraphArrays<Column>;

// Throws std::invalid_argument above 2^31 - 1.
void check_count(uint64_t count, std::string_view what);

View view_of_own(const AsOf& as_of, std::shared_ptr<const OwnArrays> own);

// Bits are compared: a NaN is the same as itself.
template <typename Value>
inline bool same_bits(const Value& a, const Value& b) {
  return std::memcmp(&a, &b, sizeof(Value)) == 0;
}

template <typename Value>
[[gnu::noinline]] void extend(Column<Value>& column, size_t at, Value value, Value if_empty) {
  column.resize(at, if_empty);
  column.push_back(value);
}

// Sets element `at` of a column that stays empty while it holds nothing but its default, and is as
// long as its last other value needs; fill_up() makes it whole.
template <typename Value>
inline void put(Column<Value>& column, size_t at, Value value, Value if_empty) {
  if (!same_bits(value, if_empty)) extend(column, at, value, if_empty);
}

// The edges that are there, in the order of a View; index[id] is that of a node that was ever added.
void put_edges(const History& history,
               const AsOf& as_of,
               const std::vector<NodeIndex>& index,
               OwnArrays& own);

}  // namespace saggio::graph
