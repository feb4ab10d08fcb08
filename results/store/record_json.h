// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "results/record.h"

// A record as JSON, the same in done.json, in the index and in an evidence file:
//
//   {"outcome": "finished", "message": "", "metrics": {"loss": 0.5},
//    "ledger": {"": {"parameters": 12.0}}, "uncounted": {"aten::cumsum": 3},
//    "warnings": []}
//
// Doubles come back bit for bit; what JSON cannot hold is text: "nan", "inf", "-inf". Reading is
// strict (an unknown or missing key, a wrong type) and throws std::runtime_error saying which; the
// caller adds the file.
namespace saggio::results {

nlohmann::json record_to_json(const Record& record);
Record record_from_text(std::string_view text);

// JSON as text. Bytes that are not UTF-8 (a foreign program's message) become U+FFFD rather than an
// error.
std::string compact(const nlohmann::json& json);  // one line
std::string pretty(const nlohmann::json& json);   // indented, with a newline at the end

// Parses; throws std::runtime_error "not JSON: reason" in one line.
nlohmann::json parse_json(std::string_view text);

}  // namespace saggio::results
