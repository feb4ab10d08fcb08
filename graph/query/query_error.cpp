// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>

#include "graph/formats/lines.h"
#include "graph/query/query.h"

namespace saggio::graph {
namespace {

bool begins_character(char c) { return (static_cast<uint8_t>(c) & 0xC0) != 0x80; }

size_t characters(std::string_view text) {
  return static_cast<size_t>(std::ranges::count_if(text, begins_character));
}

// Characters [first, last) of the text, each of them one that a terminal only shows.
std::string part_of(std::string_view text, size_t first, size_t last) {
  std::string part;
  size_t character = 0;
  for (size_t at = 0; at < text.size() && character < last; ++character) {
    size_t end = at + 1;
    while (end < text.size() && !begins_character(text[end])) ++end;
    const std::string_view one = text.substr(at, end - at);
    if (character >= first) part += clean(one) == one ? one : " ";
    at = end;
  }
  return part;
}

}  // namespace

QueryError::QueryError(std::string_view query, size_t at, const std::string& message)
    : QueryError(query, at, characters(query.substr(0, at)) + 1, message) {}

QueryError::QueryError(std::string_view query, size_t at, size_t column, const std::string& message)
    : std::invalid_argument(fmt::format("column {}: {}", column, message)),
      offset_(std::min(at, query.size())),
      column_(column) {}

std::string pointed(std::string_view query, const QueryError& error) {
  constexpr size_t kBefore = 60, kBehind = 30;  // characters that are shown around the column
  const size_t first = error.column() > kBefore ? error.column() - kBefore : 0;
  const size_t last = error.column() + kBehind;
  const std::string_view before = first > 0 ? "..." : "";
  return fmt::format("{}\n  {}{}{}\n  {:>{}}",
                     error.what(),
                     before,
                     part_of(query, first, last),
                     last < characters(query) ? "..." : "",
                     "^",
                     before.size() + error.column() - first);
}

}  // namespace saggio::graph
