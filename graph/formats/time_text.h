// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "graph/store/model.h"

// Times as people write them (ISO 8601, RFC 3339), in UTC.
namespace saggio::graph {

// "2024-02-29", its first moment; "2024-02-29T12:30", with seconds and up to six decimals, a space
// for the T, and "Z" or an offset like "+01:00" behind; without one it is UTC. Years 1 to 9999.
// nullopt: none of these.
std::optional<TimeUs> parse_time(std::string_view text);

// "2024-02-29", "2024-02-29T12:30:00Z" or "2024-02-29T12:30:00.000001Z", whichever is the shortest
// that is exact; outside of the years 1 to 9999, and for what is no time, the number.
std::string time_text(TimeUs time);

// "2024-02-29 12:30:00", rounded down to the second.
std::string second_text(TimeUs time);

}  // namespace saggio::graph
