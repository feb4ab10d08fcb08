// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

#include "graph/query/query.h"

namespace saggio::graph {

// A decimal number, all of the text: whole if it has no fraction and fits, so that what is equal is
// the same Value. nullopt: it is none, or not finite.
std::optional<Value> parse_number(std::string_view text);

// A number's value; exact, since a long double has 64 bits of precision at least on what we build
// for.
long double real(const Value& number);

}  // namespace saggio::graph
