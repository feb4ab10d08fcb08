// SPDX-License-Identifier: MIT
#pragma once

#include <fmt/format.h>

#include <functional>
#include <istream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "graph/formats/import.h"

// Large JSON, element by element: the parser hands over each value when it ends, and forgets it if
// it is told so. For the .cpp files of this folder.
namespace saggio::graph {

// What is known of the bytes while the parser pulls them.
struct JsonProgress {
  uint64_t line = 1, carriage_returns = 0, blank = 0;
  size_t element_bytes = 0;   // since the last element ended, which the caller sets to 0
  bool line_is_blank = true;  // so far
  bool ends_in_line = false;  // the last byte was no line feed
};

// nlohmann's parser callback; false: the parser forgets the value.
using OnJson = std::function<bool(int depth, nlohmann::json::parse_event_t, nlohmann::json&)>;

// The one document of the stream, without what `take` has forgotten. Throws std::invalid_argument
// without the place: on what is no JSON, and on more than kLongestLine bytes in one element.
nlohmann::json parse_json_stream(std::istream& in, JsonProgress& progress, const OnJson& take);

// The same for one of several documents that follow each other, as lines of JSON do. nullopt: there
// are no more.
std::optional<nlohmann::json> parse_next_json(std::istream& in,
                                              JsonProgress& progress,
                                              const OnJson& take);

// Copies what was counted.
void count_lines(const JsonProgress& progress, ImportReport& report);

// Calls `action` and puts "NAME:LINE: " before what it complains about.
template <typename Action>
void at_json_line(const std::string& name, const JsonProgress& progress, const Action& action) {
  try {
    return action();
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument(fmt::format("{}:{}: {}", name, progress.line, error.what()));
  }
}

}  // namespace saggio::graph
