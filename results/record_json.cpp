// SPDX-License-Identifier: MIT
#include "results/record_json.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace saggio::results {
namespace {

using Json = nlohmann::json;

const Json& object_at(const Json& json, const char* key) {
  const Json& member = json.at(key);
  if (!member.is_object())
    throw std::runtime_error(
        fmt::format("'{}' is {}, expected an object", key, member.type_name()));
  return member;
}

std::string string_at(const Json& json, const char* key) {
  const Json& member = json.at(key);
  if (!member.is_string())
    throw std::runtime_error(fmt::format("'{}' is {}, expected text", key, member.type_name()));
  return member.get<std::string>();
}

std::map<std::string, double> numbers_from(const Json& object) {
  std::map<std::string, double> numbers;
  for (const auto& [name, value] : object.items())
    numbers.emplace_hint(numbers.end(), name, number_from_json(value));
  return numbers;
}

Json json_from(const std::map<std::string, double>& numbers) {
  Json object = Json::object();
  for (const auto& [name, value] : numbers) object[name] = number_to_json(value);
  return object;
}

void check_keys(const Json& json) {
  if (!json.is_object())
    throw std::runtime_error(fmt::format("a record is {}, expected an object", json.type_name()));
  const char* const keys[] = {"outcome", "message", "metrics", "ledger", "uncounted"};
  for (const char* key : keys)
    if (!json.contains(key)) throw std::runtime_error(fmt::format("a record lacks '{}'", key));
  for (const auto& [key, value] : json.items())
    if (std::find(std::begin(keys), std::end(keys), key) == std::end(keys))
      throw std::runtime_error(
          fmt::format("a record has '{}', allowed {}; is it from a newer version?",
                      key,
                      fmt::join(keys, ", ")));
}

}  // namespace

Json number_to_json(double value) {
  if (std::isfinite(value)) return value;
  if (std::isnan(value)) return "nan";
  return value > 0 ? "inf" : "-inf";
}

double number_from_json(const Json& json) {
  if (json.is_number()) return json.get<double>();
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (json == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (json == "inf") return kInfinity;
  if (json == "-inf") return -kInfinity;
  throw std::runtime_error(
      fmt::format("{} is no number, allowed numbers, \"nan\", \"inf\", \"-inf\"", compact(json)));
}

Json record_to_json(const Record& record) {
  Json ledger = Json::object();
  for (const auto& [component, entries] : record.ledger.components())
    ledger[component] = json_from(entries);
  return {{"outcome", name(record.outcome)},
          {"message", record.message},
          {"metrics", json_from(record.metrics)},
          {"ledger", std::move(ledger)},
          {"uncounted", record.ledger.uncounted}};
}

Record record_from_json(const Json& json) {
  check_keys(json);
  Record record;
  record.outcome = outcome_from_name(string_at(json, "outcome"));
  record.message = string_at(json, "message");
  record.metrics = numbers_from(object_at(json, "metrics"));
  for (const auto& [component, entries] : object_at(json, "ledger").items()) {
    if (!entries.is_object())
      throw std::runtime_error(fmt::format(
          "ledger entry '{}' is {}, expected an object", component, entries.type_name()));
    for (const auto& [quantity, value] : entries.items())
      record.ledger.set(component, quantity, number_from_json(value));
  }
  for (const auto& [operation, count] : object_at(json, "uncounted").items()) {
    if (!count.is_number_integer())
      throw std::runtime_error(
          fmt::format("uncounted '{}' is {}, expected a whole number", operation, compact(count)));
    record.ledger.uncounted[operation] = count.get<int64_t>();
  }
  return record;
}

Record record_from_text(std::string_view text) { return record_from_json(parse_json(text)); }

std::string compact(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string pretty(const Json& json) {
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json parse_json(std::string_view text) {
  try {
    return Json::parse(text);
  } catch (const Json::exception& error) {
    const std::string_view reason =
        error.what();  // "[json.exception.parse_error.101] parse error at line ..."
    throw std::runtime_error(fmt::format("not JSON: {}", reason.substr(reason.find(']') + 2)));
  }
}

}  // namespace saggio::results
