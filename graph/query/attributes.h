// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

// What a query may compare: the attributes of nodes and edges, by name.
namespace saggio::graph {

enum class Attribute {
  Id,
  Kind,
  Status,
  Confidence,
  Weight,
  Key,
  Text,
  Labels,
  Anywhere,
  Rule,
  Qualifier,
  Method,
  Degree,
  InDegree,
  OutDegree,
  Type,
  ValidFrom,
  ValidTo,
  Run,
  Experiment,
  Step,
  Seed,
  Model,
  Source,
};

enum class ValueType {
  Whole,   // a whole number
  Real,    // f32; numbers are rounded to f32 before they are compared with it
  Kind,    // one of a fixed list
  Status,  // likewise
  Time,
  Text,
};

struct AttributeInfo {
  Attribute attribute;
  std::string_view name;  // as it is written; qualifiers as qualifier.NAME
  ValueType type;
  bool of_nodes, of_edges;
  std::string_view meaning;
};

// All of them; [i] is that of Attribute i.
std::span<const AttributeInfo> attributes();
const AttributeInfo& info(Attribute attribute);
// nullptr: there is none of that name.
const AttributeInfo* find_attribute(std::string_view name);

// An attribute; of qualifiers, which.
struct Field {
  Attribute attribute = Attribute::Id;
  std::string qualifier;
  bool operator==(const Field&) const = default;
};

// Of `known`, the names that become `name` by the fewest changes (Levenshtein 1966) first; those of
// which more than half would change are left out.
std::vector<std::string_view> nearest_first(std::string_view name,
                                            std::span<const std::string_view> known);

}  // namespace saggio::graph
