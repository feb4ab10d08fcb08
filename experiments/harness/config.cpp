// SPDX-License-Identifier: MIT
#include "experiments/harness/config.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <numeric>
#include <stdexcept>

namespace saggio::harness {
namespace {

using Json = nlohmann::json;
using Type = FieldSpec::Type;

constexpr std::array<std::string_view, 7> kTypeNames = {
    "true or false", "an integer", "a number", "text", "a file", "a list of texts", "a table"};

std::string_view type_name(Type type) { return kTypeNames.at(static_cast<size_t>(type)); }

Json value_to_json(const Value& value) {
  return std::visit([](const auto& v) { return Json(v); }, value);
}

Value value_from_json(const Json& json) {
  if (json.is_boolean()) return json.get<bool>();
  if (json.is_number_integer()) return json.get<int64_t>();
  if (json.is_number()) return json.get<double>();
  if (json.is_string()) return json.get<std::string>();
  if (json.is_array()) return json.get<std::vector<std::string>>();
  throw std::invalid_argument(
      fmt::format("value {}, allowed a scalar or a list of texts", json.dump()));
}

size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

// The field that a key belongs to: its own, or the table above it.
const FieldSpec* find(const Schema& schema, const std::string& key) {
  for (const FieldSpec& field : schema) {
    if (field.key == key) return &field;
    if (field.type == Type::kTable && key.starts_with(field.key + ".")) return &field;
  }
  return nullptr;
}

// The value in the field's own type; nullopt if it has another. Any scalar is allowed in a table,
// as it is.
std::optional<Value> converted(const FieldSpec& field, const Value& value) {
  switch (field.type) {
    case Type::kBool:
      return std::holds_alternative<bool>(value) ? std::optional(value) : std::nullopt;
    case Type::kInteger:
      return std::holds_alternative<int64_t>(value) ? std::optional(value) : std::nullopt;
    case Type::kNumber:
      if (const auto* integer = std::get_if<int64_t>(&value)) return static_cast<double>(*integer);
      return std::holds_alternative<double>(value) ? std::optional(value) : std::nullopt;
    case Type::kText:
    case Type::kFile:
      return std::holds_alternative<std::string>(value) ? std::optional(value) : std::nullopt;
    case Type::kList:
      return std::holds_alternative<std::vector<std::string>>(value) ? std::optional(value)
                                                                     : std::nullopt;
    case Type::kTable:
      return std::holds_alternative<std::vector<std::string>>(value) ? std::nullopt
                                                                     : std::optional(value);
  }
  return std::nullopt;
}

void check_range(const FieldSpec& field, const Value& value, const std::string& where) {
  const auto refuse = [&](double number) {
    if (field.range.holds(number)) return;
    throw std::invalid_argument(fmt::format("{}: {} = {}, allowed {:g} .. {:g}",
                                            where,
                                            field.key,
                                            text(value),
                                            field.range.low,
                                            field.range.high));
  };
  if (const auto* integer = std::get_if<int64_t>(&value)) refuse(static_cast<double>(*integer));
  if (const auto* number = std::get_if<double>(&value)) refuse(*number);
}

void check_choice(const FieldSpec& field, const Value& value, const std::string& where) {
  const auto* choice = std::get_if<std::string>(&value);
  if (choice == nullptr || field.choices.empty()) return;
  if (std::find(field.choices.begin(), field.choices.end(), *choice) != field.choices.end()) return;
  throw std::invalid_argument(fmt::format("{}: {} = '{}', allowed {}{}",
                                          where,
                                          field.key,
                                          *choice,
                                          fmt::join(field.choices, ", "),
                                          did_you_mean(*choice, field.choices)));
}

}  // namespace

std::string text(const Value& value) {
  if (const auto* list = std::get_if<std::vector<std::string>>(&value))
    return fmt::format("[{}]", fmt::join(*list, ", "));
  if (const auto* word = std::get_if<std::string>(&value)) return *word;
  return value_to_json(value).dump();
}

Json to_json(const Values& values) {
  Json json = Json::object();
  for (const auto& [key, value] : values) json[key] = value_to_json(value);
  return json;
}

Values values_from_json(const Json& json) {
  Values values;
  for (const auto& [key, value] : json.items()) values[key] = value_from_json(value);
  return values;
}

Json to_json(const Schema& schema) {
  Json list = Json::array();
  for (const FieldSpec& field : schema) {
    Json entry = {{"key", field.key},
                  {"type", static_cast<int>(field.type)},
                  {"default", value_to_json(field.fallback)},
                  {"meaning", field.meaning}};
    if (std::isfinite(field.range.low)) entry["low"] = field.range.low;
    if (std::isfinite(field.range.high)) entry["high"] = field.range.high;
    if (!field.choices.empty()) entry["choices"] = field.choices;
    if (field.neutral) entry["neutral"] = value_to_json(*field.neutral);
    list.push_back(std::move(entry));
  }
  return list;
}

Schema schema_from_json(const Json& json) {
  Schema schema;
  for (const Json& entry : json) {
    FieldSpec field{.key = entry.at("key").get<std::string>(),
                    .type = static_cast<Type>(entry.at("type").get<int>()),
                    .fallback = value_from_json(entry.at("default")),
                    .meaning = entry.at("meaning").get<std::string>(),
                    .range = {},
                    .choices = entry.value("choices", std::vector<std::string>{}),
                    .neutral = {}};
    field.range.low = entry.value("low", field.range.low);
    field.range.high = entry.value("high", field.range.high);
    if (entry.contains("neutral")) field.neutral = value_from_json(entry["neutral"]);
    // JSON writes 1.0 and 1 alike: give numbers their type back.
    if (auto own = converted(field, field.fallback)) field.fallback = *own;
    if (field.neutral) field.neutral = converted(field, *field.neutral);
    schema.push_back(std::move(field));
  }
  return schema;
}

Value checked(const Schema& schema,
              const std::string& key,
              const Value& value,
              const std::string& where) {
  const FieldSpec* field = find(schema, key);
  if (field == nullptr) {
    std::vector<std::string> known;
    for (const FieldSpec& one : schema) known.push_back(one.key);
    throw std::invalid_argument(
        fmt::format("{}: unknown key '{}'{}; see `saggio modules NAME` for all keys",
                    where,
                    key,
                    did_you_mean(key, known)));
  }
  const std::optional<Value> own = converted(*field, value);
  if (!own)
    throw std::invalid_argument(
        fmt::format("{}: {} = {}, allowed {}", where, key, text(value), type_name(field->type)));
  check_range(*field, *own, where);
  check_choice(*field, *own, where);
  return *own;
}

Values resolve(const Schema& schema, const Values& overrides) {
  Values values;
  for (const FieldSpec& field : schema)
    if (field.type != Type::kTable) values[field.key] = field.fallback;
  for (const auto& [key, value] : overrides) values[key] = value;
  return values;
}

Json canonical(const Schema& schema, const Values& values) {
  Json json = Json::object();
  for (const auto& [key, value] : values) {
    const FieldSpec* field = find(schema, key);
    if (field != nullptr && (field->type == Type::kFile || field->neutral == value)) continue;
    json[key] = value_to_json(value);
  }
  return json;
}

std::string did_you_mean(std::string_view name, const std::vector<std::string>& known) {
  const std::string* nearest = nullptr;
  size_t best = std::min(std::max<size_t>(2, name.size() / 3) + 1,
                         name.size());  // not every letter may differ
  for (const std::string& candidate : known) {
    size_t distance = edit_distance(name, candidate);
    if (candidate.ends_with("." + std::string(name)))
      distance = std::min<size_t>(distance, 1);  // only the path is missing
    if (distance < best) {
      best = distance;
      nearest = &candidate;
    }
  }
  return nearest == nullptr ? "" : fmt::format(" (did you mean '{}'?)", *nearest);
}

void Fields::add(FieldSpec spec, Reference reference) {
  spec.key = prefix_ + spec.key;
  schema_.push_back(std::move(spec));
  references_.push_back(reference);
}

void Fields::operator()(std::string_view key,
                        bool& field,
                        std::string_view meaning,
                        std::optional<bool> neutral) {
  std::optional<Value> value;
  if (neutral) value = *neutral;
  add({std::string(key), Type::kBool, field, std::string(meaning), {}, {}, value}, &field);
}

void Fields::operator()(std::string_view key,
                        int64_t& field,
                        std::string_view meaning,
                        Range range,
                        std::optional<int64_t> neutral) {
  std::optional<Value> value;
  if (neutral) value = *neutral;
  add({std::string(key), Type::kInteger, field, std::string(meaning), range, {}, value}, &field);
}

void Fields::operator()(std::string_view key,
                        double& field,
                        std::string_view meaning,
                        Range range,
                        std::optional<double> neutral) {
  std::optional<Value> value;
  if (neutral) value = *neutral;
  add({std::string(key), Type::kNumber, field, std::string(meaning), range, {}, value}, &field);
}

void Fields::operator()(std::string_view key,
                        std::string& field,
                        std::string_view meaning,
                        Choices choices,
                        std::optional<std::string_view> neutral) {
  std::optional<Value> value;
  if (neutral) value = std::string(*neutral);
  add({std::string(key),
       Type::kText,
       field,
       std::string(meaning),
       {},
       {choices.begin(), choices.end()},
       value},
      &field);
}

void Fields::operator()(std::string_view key,
                        std::vector<std::string>& field,
                        std::string_view meaning) {
  add({std::string(key), Type::kList, field, std::string(meaning), {}, {}, {}}, &field);
}

void Fields::operator()(std::string_view key,
                        std::map<std::string, std::string>& field,
                        std::string_view meaning) {
  add({std::string(key), Type::kTable, std::string(), std::string(meaning), {}, {}, {}}, &field);
}

void Fields::file(std::string_view key, std::string& path, std::string_view meaning) {
  add({std::string(key), Type::kFile, path, std::string(meaning), {}, {}, {}}, &path);
}

void Fields::set(const Values& values) {
  for (size_t i = 0; i < schema_.size(); ++i) {
    const FieldSpec& spec = schema_[i];
    if (auto* const* table = std::get_if<std::map<std::string, std::string>*>(&references_[i])) {
      for (const auto& [key, value] : values)
        if (key.starts_with(spec.key + "."))
          (**table)[key.substr(spec.key.size() + 1)] = text(value);
      continue;
    }
    const auto value = values.find(spec.key);
    if (value == values.end()) continue;
    const Value own = checked(schema_, spec.key, value->second, "config");
    std::visit(
        [&own](auto* field) {
          using Field = std::remove_pointer_t<decltype(field)>;
          if constexpr (!std::is_same_v<Field, std::map<std::string, std::string>>)
            *field = std::get<Field>(own);
        },
        references_[i]);
  }
}

Values Fields::get() const {
  Values values;
  for (size_t i = 0; i < schema_.size(); ++i) {
    std::visit(
        [&](const auto* field) {
          if constexpr (std::is_same_v<decltype(field),
                                       const std::map<std::string, std::string>*>) {
            for (const auto& [key, value] : *field) values[schema_[i].key + "." + key] = value;
          } else {
            values[schema_[i].key] = *field;
          }
        },
        references_[i]);
  }
  return values;
}

}  // namespace saggio::harness
