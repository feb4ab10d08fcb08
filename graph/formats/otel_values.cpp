// SPDX-License-Identifier: MIT
#include "graph/formats/otel_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "graph/formats/fields.h"
#include "graph/formats/json_text.h"
#include "graph/formats/lines.h"

namespace saggio::graph {

using nlohmann::json;

namespace {

// A member; null if it is not there, or the value is no object.
const json& member(const json& object, const char* key) {
  static const json kNull;
  if (!object.is_object()) return kNull;
  const auto found = object.find(key);
  return found == object.end() ? kNull : *found;
}

std::string text_of(const json& object, const char* key) {
  const json& value = member(object, key);
  return value.is_string() ? value.get<std::string>() : std::string();
}

// The messages of an attribute; an empty list if they cannot be read.
json messages_of(const json& attributes, const char* key) {
  json list = member(attributes, key);
  if (list.is_string()) {
    try {
      list = parse_json(list.get_ref<const std::string&>());
    } catch (const std::invalid_argument&) {
      return json::array();  // cut off by a limit on the length of attributes
    }
  }
  return list.is_array() ? list : json::array();
}

// The texts of a message's parts, one a line.
std::string text_of_parts(const json& message) {
  std::string text;
  for (const json& part : member(message, "parts")) {
    if (text_of(part, "type") != "text") continue;
    const std::string content = text_of(part, "content");
    if (!text.empty() && !content.empty()) text += "\n";
    text += content;
  }
  return text;
}

// Calls `take` with the id of each part of this type.
template <typename Take>
void for_each_id(const json& message, const char* type, const Take& take) {
  for (const json& part : member(message, "parts"))
    if (text_of(part, "type") == type)
      if (std::string id = text_of(part, "id"); !id.empty()) take(std::move(id));
}

}  // namespace

json otel_value(const json& any) {
  if (!any.is_object() || any.empty()) return nullptr;
  const std::string& kind = any.begin().key();
  const json& value = *any.begin();
  if (kind == "arrayValue") {
    json list = json::array();
    for (const json& item : member(value, "values")) list.push_back(otel_value(item));
    return list;
  }
  return kind == "kvlistValue" ? otel_attributes(member(value, "values")) : value;
}

json otel_attributes(const json& list) {
  json object = json::object();
  if (list.is_null()) return object;
  if (!list.is_array())
    throw std::invalid_argument(
        fmt::format("attributes = {}, allowed a list of {{key, value}}", clean(list.dump())));
  for (const json& pair : list) {
    const json& key = member(pair, "key");
    if (!key.is_string())
      throw std::invalid_argument(
          fmt::format("attribute {}, allowed {{key, value}}", clean(pair.dump())));
    object[key.get<std::string>()] = otel_value(member(pair, "value"));
  }
  return object;
}

std::optional<uint64_t> take_nanoseconds(json& object, const char* key) {
  const json value = take_member(object, key);
  if (value.is_null()) return std::nullopt;
  const uint64_t time = whole_number(plain_text(value), key, 0);
  return time == 0 ? std::nullopt : std::optional(time);
}

std::string take_hex(json& object, const char* key, size_t digits) {
  std::string text = take_text(object, key);
  for (char& c : text)
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  const bool is_hex = text.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!text.empty() && (!is_hex || text.size() != digits))
    throw std::invalid_argument(
        fmt::format("{} = {}, allowed {} hexadecimal digits", key, shown(text), digits));
  return text;
}

OtelMessages otel_messages(const json& attributes) {
  OtelMessages found;
  for (const json& message : messages_of(attributes, "gen_ai.input.messages")) {
    if (text_of(message, "role") == "user")
      if (std::string text = text_of_parts(message); !text.empty()) found.question = text;
    for_each_id(message, "tool_call_response", [&](std::string id) {
      found.responses.push_back(std::move(id));
    });
  }
  for (const json& message : messages_of(attributes, "gen_ai.output.messages")) {
    if (found.answer.empty()) found.answer = text_of_parts(message);
    for_each_id(
        message, "tool_call", [&](std::string id) { found.calls.push_back(std::move(id)); });
  }
  if (!found.calls.empty()) found.answer.clear();
  return found;
}

}  // namespace saggio::graph
