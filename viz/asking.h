// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "graph/query/query.h"
#include "graph/store/history.h"

// What a graph can be asked for, so that it is chosen from lists rather than typed.
namespace saggio::viz {

// An attribute that some node has, and what it says most often.
struct AttributeThere {
  graph::Field field;
  size_t nodes = 0;                                      // that have it
  size_t values = 0;                                     // different ones
  std::vector<std::pair<std::string, size_t>> frequent;  // of how many nodes; at most kMostValues
};
inline constexpr size_t kMostValues = 30;

// Those whose values are names: kind, status, label, run, experiment, model, rule, method, source,
// qualifier.NAME; in this order, without those that no node there has. O(N)
std::vector<AttributeThere> attributes_there(const graph::History& history,
                                             const graph::AsOf& as_of);
std::string name_of(const graph::Field& field);  // as queries call it

// The filter and this condition of nodes, or of edges, as well; another value of an attribute that
// has one is an alternative to it. Of a filter of the other target the point alone stays. Throws
// graph::QueryError for a filter that cannot be read.
std::string narrowed(const std::string& filter, graph::Target target, graph::Condition condition);

}  // namespace saggio::viz
