// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "graph/store/history.h"

// Nodes, edges and their attributes as the JSON of records.jsonl (FORMAT.md 6).
namespace saggio::graph {

std::optional<NodeKind> find_kind(std::string_view name);
std::string kind_names();  // "claim, evidence, ..."

// The attributes that a record gives; `own`: further keys that it may have. Throws
// std::invalid_argument on a key that is none of these and on a value that is not allowed.
Attributes strict_attributes(const nlohmann::json& record,
                             const History& history,
                             std::initializer_list<std::string_view> own);

// The attributes of a foreign element: `status`, `weight`, `confidence`, `labels` and `text` (else
// `label`) where they are what ours are; every other member is kept as a qualifier.
Attributes lenient_attributes(nlohmann::json element);

// The records that, appended, give a node or an edge as it is as of that point; `text` is its text,
// wherever it lies. A node without a key is null.
nlohmann::json node_record(const History& history,
                           const Node& node,
                           const std::string& text,
                           const AsOf& as_of = {});
nlohmann::json edge_record(const History& history,
                           const Edge& edge,
                           const std::string& text,
                           const AsOf& as_of = {});

}  // namespace saggio::graph
