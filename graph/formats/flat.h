// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/store/history.h"

// Attributes as names and texts, for the formats whose attributes are such: GraphML, GEXF, DOT, CSV
// and N-Triples. FORMATS.md has the table of names. What is the default of FORMAT.md 3 has no
// field. For the .cpp files of this folder.
namespace saggio::graph {

enum class FlatType : uint8_t { Boolean, Integer, Number, Text };

struct FlatField {
  std::string_view name;  // of a qualifier: borrowed from the attributes
  std::string text;
  FlatType type = FlatType::Text;
  bool is_qualifier = false;
};

// The fields of an element, in the table's order, qualifiers last. `text`: its text, wherever it
// lies; `document`: what the format calls the document of its span. Clears `fields` first.
void flatten(const Attributes& attributes,
             std::string_view text,
             std::string_view document,
             std::vector<FlatField>& fields);

// The narrowest type that every one of these texts has: "true", "-3" and "0.5", each as a program
// would write it, so that the text can be had back.
FlatType type_of(std::string_view text);
FlatType common_type(FlatType a, FlatType b);

// The attributes of a foreign element, in the order in which it gives them.
struct NamedText {
  std::string name, text;
};
using NamedTexts = std::vector<NamedText>;

// Ours by their names where their values are what ours are; `label` is the text if there is none;
// all others are qualifiers. Those without a value are dropped, and counted in `empty`.
Attributes unflatten(NamedTexts& fields, const History& history, uint64_t& empty);

// Takes the field of this name out.
std::optional<std::string> take(NamedTexts& fields, std::string_view name);
// A node's kind, if it is one of ours, and an edge's type: its `type`, `relation` or `kind`.
std::optional<NodeKind> take_kind(NamedTexts& fields);
std::optional<std::string> take_type(NamedTexts& fields);

// Whether a qualifier of this name needs another way: readers would take it for something else.
bool is_reserved(std::string_view name);

}  // namespace saggio::graph
