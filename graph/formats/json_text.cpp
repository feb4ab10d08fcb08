// SPDX-License-Identifier: MIT
#include "graph/formats/json_text.h"

#include <fmt/format.h>

#include <charconv>
#include <stdexcept>

#include "graph/formats/lines.h"

namespace saggio::graph {

using nlohmann::json;

void JsonLimits::check(int depth, json::parse_event_t event, const json& parsed) {
  using Event = json::parse_event_t;
  const bool opens = event == Event::object_start || event == Event::array_start;
  if (opens && depth >= kDeepestJson)
    throw std::invalid_argument(
        fmt::format("more than {} arrays and objects within each other, which is the most allowed",
                    kDeepestJson));
  const auto level = static_cast<size_t>(depth);
  if (event == Event::object_start) {
    if (keys_.size() <= level + 1) keys_.resize(level + 2);
    keys_[level + 1].clear();
  }
  if (event != Event::key) return;
  const auto& key = parsed.get_ref<const std::string&>();
  if (!keys_[level].insert(key).second)
    throw std::invalid_argument(fmt::format("key {} stands twice: leave one", shown(key)));
}

void or_refuse_json(const std::function<void()>& parse) {
  try {
    parse();
  } catch (const json::exception& error) {
    // "[json.exception.parse_error.101] parse error at line 1, column 5: what; last read: 'text'"
    std::string_view what = error.what();
    what.remove_prefix(std::min(what.find("] ") + 2, what.size()));
    const size_t column = what.find("column ");
    if (what.starts_with("parse error at ") && column != std::string_view::npos)
      what.remove_prefix(column);
    const size_t text = what.find("; last read: '");
    std::string read;
    if (text != std::string_view::npos) {
      const size_t begin = text + 14;
      read = ", near " + shown(what.substr(begin, std::max(what.rfind('\''), begin) - begin));
      what = what.substr(0, text);
    }
    throw std::invalid_argument(fmt::format("is no JSON: {}{}", what.substr(0, 200), read));
  }
}

json parse_json(std::string_view text) {
  JsonLimits limits;
  json parsed;
  or_refuse_json([&] {
    parsed = json::parse(text, [&](int depth, json::parse_event_t event, const json& value) {
      limits.check(depth, event, value);
      return true;
    });
  });
  return parsed;
}

std::string plain_text(const json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

json take_member(json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return nullptr;
  json value = std::move(*found);
  object.erase(found);
  return value;
}

std::string take_text(json& object, const char* key) {
  json value = take_member(object, key);
  if (value.is_null()) return "";
  if (!value.is_string())
    throw std::invalid_argument(fmt::format("{} = {}, allowed text", key, clean(value.dump())));
  return std::move(value.get_ref<std::string&>());
}

double shortest(float value) {
  const std::string text = fmt::format("{}", value);
  double exact = value;
  std::from_chars(text.data(), text.data() + text.size(), exact);
  return exact;
}

}  // namespace saggio::graph
