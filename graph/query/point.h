// SPDX-License-Identifier: MIT
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "graph/query/query.h"
#include "graph/store/history.h"

// How people name points in time and nodes, wherever they do so.
namespace saggio::graph {

// The version that WHEN names: its number, a tag, or a UTC date or time, which names the last one
// committed until then. Throws std::invalid_argument that begins with `what`.
Version version_named(const History& history, std::string_view when, std::string_view what);

// The node as of that point that a person calls so: by its key, or by '#ID'. Throws
// std::invalid_argument if there is none.
NodeId node_named(const History& history, const std::string& name, const AsOf& as_of);

// A query names a node that is not there.
struct NoSuchNode : std::invalid_argument {
  NoSuchNode(size_t where, const std::string& what) : std::invalid_argument(what), at(where) {}
  size_t at;  // NodeName::at
};
// The same of a query's node; throws NoSuchNode.
NodeId node_named(const History& history, const NodeName& name, const AsOf& as_of);

// What the query says of both clocks; where it says nothing, `otherwise`. A version above the head
// becomes the head.
AsOf point_of(const Query& query, const History& history, const AsOf& otherwise = {});

}  // namespace saggio::graph
