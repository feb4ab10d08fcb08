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

// Reads one attribute by its key. False, and nothing has changed, if there is none of this key or
// the value is not allowed.
bool read_attribute(std::string_view key,
                    const nlohmann::json& value,
                    const History& history,
                    Attributes& attributes);

// The attributes of a foreign element: those of a record where they are what ours are, `label` as
// the text if there is none; every other member is kept as a qualifier.
Attributes lenient_attributes(nlohmann::json element, const History& history);

// Parts of a record. `document`: the key of the span's document.
nlohmann::json provenance_json(const Provenance& provenance);
nlohmann::json span_json(const Span& span, const nlohmann::json& document);
// Adds what is not the default, but for the span and the embedding.
void put_attributes(const Attributes& attributes, std::string_view text, nlohmann::json& record);

// An end of a valid time as people write it: as time_text(), "since ever" or "without end"; nullopt:
// not known.
std::optional<std::string> valid_text(TimeUs time);
// Whether it ends after it begins, if both are known.
bool has_order(const Valid& valid);

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
