// SPDX-License-Identifier: MIT
#include "graph/formats/flat.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "graph/formats/json_text.h"
#include "graph/formats/record_json.h"
#include "graph/formats/time_text.h"

namespace saggio::graph {
namespace {

using nlohmann::json;

// What readers take for something else than a qualifier, in ascending order.
constexpr std::array<std::string_view, 23> kReserved = {"confidence",
                                                        "confidence_logit",
                                                        "confidence_method",
                                                        "embedding",
                                                        "id",
                                                        "key",
                                                        "kind",
                                                        "label",
                                                        "labels",
                                                        "provenance",
                                                        "qualifiers",
                                                        "relation",
                                                        "rule",
                                                        "source",
                                                        "span",
                                                        "status",
                                                        "target",
                                                        "text",
                                                        "type",
                                                        "valid",
                                                        "valid_from",
                                                        "valid_to",
                                                        "weight"};
static_assert(std::is_sorted(kReserved.begin(), kReserved.end()));

// Whether each qualifier may be a field of its own: in the order in which they all come back, and
// with a value.
bool may_stand_alone(const Attributes& attributes) {
  const auto& all = attributes.qualifiers;
  const auto ascend = [](const auto& a, const auto& b) { return a.first >= b.first; };
  return std::adjacent_find(all.begin(), all.end(), ascend) == all.end() &&
         std::none_of(all.begin(), all.end(), [](const auto& q) {
           return q.first.empty() || q.second.empty() || is_reserved(q.first);
         });
}

std::string json_text(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

bool read_float(std::string_view text, float& number) {
  double exact = 0;
  const char* end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, exact);
  if (error != std::errc() || last != end || !std::isfinite(static_cast<float>(exact)))
    return false;
  number = static_cast<float>(exact);
  return true;
}

bool read_probability(std::string_view text, float& probability) {
  float number = 0;
  if (!read_float(text, number) || !(number >= 0 && number <= 1)) return false;
  probability = number;
  return true;
}

bool read_end(std::string_view text, TimeUs& time, const History& history, bool is_from) {
  json value = text;
  TimeUs number = 0;
  const auto [last, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && last == text.data() + text.size()) value = number;
  Attributes read;
  const json both = is_from ? json{value, nullptr} : json{nullptr, value};
  if (!read_attribute("valid", both, history, read)) return false;
  time = is_from ? read.valid.from : read.valid.to;
  return true;
}

// The attributes whose texts are JSON.
bool read_json(std::string_view name,
               std::string_view text,
               const History& history,
               Attributes& attributes) {
  const json value = json::parse(text, nullptr, false);
  return !value.is_discarded() && read_attribute(name, value, history, attributes);
}

bool read_flat(std::string_view name,
               const std::string& text,
               const History& history,
               Attributes& a) {
  if (name == "weight") return read_float(text, a.weight);
  if (name == "confidence") return read_probability(text, a.confidence.probability);
  if (name == "confidence_logit") return read_float(text, a.confidence.logit);
  if (name == "confidence_method") return a.confidence.method = text, true;
  if (name == "text" && a.text.empty()) return a.text = text, true;
  if (name == "rule") return a.rule = text, true;
  if (name == "status") return read_attribute(name, text, history, a);
  if (name == "valid_from") return read_end(text, a.valid.from, history, true);
  if (name == "valid_to") return read_end(text, a.valid.to, history, false);
  if (name == "labels" || name == "span" || name == "provenance" || name == "qualifiers")
    return read_json(name, text, history, a);
  return false;
}

void put_confidence(const Confidence& confidence, std::vector<FlatField>& fields) {
  const auto number = [&](std::string_view name, float value) {
    if (!std::isnan(value))
      fields.push_back({name, fmt::format("{}", value), FlatType::Number, false});
  };
  number("confidence", confidence.probability);
  number("confidence_logit", confidence.logit);
  if (!confidence.method.empty()) fields.push_back({"confidence_method", confidence.method});
}

void put_qualifiers(const Attributes& attributes, std::vector<FlatField>& fields) {
  if (attributes.qualifiers.empty()) return;
  if (!may_stand_alone(attributes))
    return void(fields.push_back({"qualifiers", json_text(attributes.qualifiers)}));
  for (const auto& [name, value] : attributes.qualifiers)
    fields.push_back({name, value, type_of(value), true});
}

}  // namespace

bool is_reserved(std::string_view name) {
  return std::binary_search(kReserved.begin(), kReserved.end(), name);
}

void flatten(const Attributes& a,
             std::string_view text,
             std::string_view document,
             std::vector<FlatField>& fields) {
  fields.clear();
  const auto put = [&](std::string_view name, std::string value) {
    fields.push_back({name, std::move(value)});
  };
  if (!(a.weight == 1))
    fields.push_back({"weight", fmt::format("{}", a.weight), FlatType::Number, false});
  if (only_weight(a)) return;
  if (!text.empty()) put("text", std::string(text));
  if (a.status != Status::Open) put("status", std::string(name(a.status)));
  put_confidence(a.confidence, fields);
  if (auto from = valid_text(a.valid.from)) put("valid_from", std::move(*from));
  if (auto to = valid_text(a.valid.to)) put("valid_to", std::move(*to));
  if (a.span) put("span", json_text(span_json(*a.span, document)));
  if (!a.rule.empty()) put("rule", a.rule);
  if (!a.labels.empty()) put("labels", json_text(a.labels));
  if (a.provenance) put("provenance", json_text(provenance_json(*a.provenance)));
  put_qualifiers(a, fields);
}

FlatType type_of(std::string_view text) {
  if (text == "true" || text == "false") return FlatType::Boolean;
  if (text.empty() || !((text[0] >= '0' && text[0] <= '9') || text[0] == '-'))
    return FlatType::Text;
  const char* end = text.data() + text.size();
  int64_t integer = 0;
  if (std::from_chars(text.data(), end, integer).ptr == end && fmt::format("{}", integer) == text)
    return FlatType::Integer;
  double number = 0;
  const auto [last, error] = std::from_chars(text.data(), end, number);
  const bool is_same = error == std::errc() && last == end && fmt::format("{}", number) == text;
  return is_same ? FlatType::Number : FlatType::Text;
}

FlatType common_type(FlatType a, FlatType b) {
  if (a == b) return a;
  const bool are_numbers = a != FlatType::Boolean && b != FlatType::Boolean;
  return are_numbers ? std::max(a, b) : FlatType::Text;
}

Attributes unflatten(NamedTexts& fields, const History& history, uint64_t& empty) {
  Attributes attributes;
  std::string* label = nullptr;
  for (auto& [name, text] : fields) {
    if (text.empty()) {
      ++empty;
    } else if (name == "label" && !label) {
      label = &text;
    } else if (!read_flat(name, text, history, attributes)) {
      attributes.qualifiers.emplace_back(name, text);
    }
  }
  if (!has_order(attributes.valid)) {
    attributes.qualifiers.emplace_back("valid_from", *valid_text(attributes.valid.from));
    attributes.qualifiers.emplace_back("valid_to", *valid_text(attributes.valid.to));
    attributes.valid = {};
  }
  if (label && attributes.text.empty())
    attributes.text = std::move(*label);
  else if (label)
    attributes.qualifiers.emplace_back("label", *label);
  return attributes;
}

std::optional<std::string> take(NamedTexts& fields, std::string_view name) {
  const auto found = std::find_if(
      fields.begin(), fields.end(), [&](const NamedText& field) { return field.name == name; });
  if (found == fields.end()) return std::nullopt;
  std::string text = std::move(found->text);
  fields.erase(found);
  return text;
}

std::optional<NodeKind> take_kind(NamedTexts& fields) {
  for (const NamedText& field : fields)
    if (field.name == "kind")
      if (const auto kind = find_kind(field.text)) return take(fields, "kind"), kind;
  return std::nullopt;
}

std::optional<std::string> take_type(NamedTexts& fields) {
  if (fields.empty()) return std::nullopt;
  for (const char* name : {"type", "relation", "kind"})
    if (auto type = take(fields, name); type && !type->empty()) return type;
  return std::nullopt;
}

}  // namespace saggio::graph
