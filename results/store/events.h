// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

// The lines of events.jsonl. Numbers are written in the shortest form that reads back bit for bit,
// so the same values give the same bytes; NaN and infinities are the texts "nan", "inf", "-inf".
namespace saggio::results {

struct Event {
  int64_t step = 0;
  std::string name;
  double value = 0;
};

// Adds one line to `lines`: {"step":7,"name":"loss","value":0.25}
void append_event(std::string& lines, int64_t step, std::string_view name, double value);

// Reads such a line, without its newline. False if it is anything else.
bool parse_event(std::string_view line, Event& event);

// Calls `use` for every event of a file's text. A last line without its newline is torn and left
// out; any other line that is no event throws std::runtime_error naming file and line. Events are
// only valid during the call.
void for_each_event(std::string_view text,
                    const std::string& file,
                    const std::function<void(const Event&)>& use);

}  // namespace saggio::results
