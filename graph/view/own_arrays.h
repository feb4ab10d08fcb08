// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <vector>

#include "graph/view/view.h"

// The arrays of a View that lie in memory, and how they are put there; for view_build.cpp and
// view_refresh.cpp alone.
namespace saggio::graph {

template <typename Value>
using Owned = std::vector<Value>;
using OwnArrays = GraphArrays<Owned>;

// Throws std::invalid_argument above 2^31 - 1.
void check_count(uint64_t count, std::string_view what);

View view_of_own(const AsOf& as_of, std::shared_ptr<const OwnArrays> own);

// Appends `value` as element `count` of a column that stays empty while it holds nothing but its
// default. Bits are compared: NaN is a default.
template <typename Value>
void push(std::vector<Value>& column, size_t count, Value value, Value if_empty) {
  if (column.empty() && std::memcmp(&value, &if_empty, sizeof(Value)) == 0) return;
  column.resize(count, if_empty);
  column.push_back(value);
}

void push_node(const NodeRow& node, OwnArrays& own);
// The columns of an edge that are the same wherever its ends lie.
void push_attributes(const EdgeRow& edge, size_t count, OwnArrays& own);

// Fills in_ptr, in_source and in_edge from the out arrays.
void put_in_rows(OwnArrays& own);

}  // namespace saggio::graph
