// SPDX-License-Identifier: MIT
#include "results/store/record_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <stdexcept>
#include <vector>

namespace saggio::results {
namespace {

using Json = nlohmann::json;

constexpr std::array<std::string_view, 6> kFields = {
    "outcome", "message", "metrics", "ledger", "uncounted", "warnings"};
constexpr const char* kNumbers = "a number, \"nan\", \"inf\" or \"-inf\"";

Json to_json(double value) {
  if (std::isfinite(value)) return value;
  if (std::isnan(value)) return "nan";
  return value > 0 ? "inf" : "-inf";
}

Json to_json(const std::map<std::string, double>& numbers) {
  Json object = Json::object();
  for (const auto& [name, value] : numbers) object[name] = to_json(value);
  return object;
}

std::optional<double> number_from(std::string_view text) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (text == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (text == "inf") return kInfinity;
  if (text == "-inf") return -kInfinity;
  return std::nullopt;
}

// "[json.exception.parse_error.101] parse error at line 1, column 7: ..." without its label, and
// without the line where there is only one.
std::string not_json(std::string_view text, const Json::exception& error) {
  std::string reason = error.what();
  reason.erase(0, reason.find(']') + 2);
  const std::string_view first_line = "at line 1, ";
  const size_t at = reason.find(first_line);
  if (text.find('\n') == std::string_view::npos && at != std::string::npos)
    reason.replace(at, first_line.size(), "at ");
  return "not JSON: " + reason;
}

// Fills a record while the text is read, without a tree in between, for thousands are loaded for
// one table. A place is the keys on the way to it: a field, and one or two names below.
class RecordReader : public nlohmann::json_sax<Json> {
 public:
  explicit RecordReader(std::string_view text) : text_(text) {}

  Record take() {
    for (const std::string_view field : kFields)
      if (!seen_.contains(field))
        throw std::runtime_error(fmt::format("a record lacks '{}'", field));
    return std::move(record_);
  }

  bool key(string_t& name) override {
    place_.back() = std::move(name);
    if (place_.size() == 1) enter(place_[0]);
    return true;
  }

  bool start_object(size_t) override {
    const bool first = at("metrics", 1) || at("ledger", 1) || at("uncounted", 1);
    if (in_list_ || !(place_.empty() || first || at("ledger", 2))) refuse("an object");
    place_.emplace_back();
    return true;
  }

  bool end_object() override {
    place_.pop_back();
    return true;
  }

  bool string(string_t& text) override {
    if (at("outcome", 1)) return record_.outcome = outcome_from_name(text), true;
    if (at("message", 1)) return record_.message = std::move(text), true;
    if (in_list_) return record_.warnings.push_back(std::move(text)), true;
    if (const auto number = number_from(text)) return add(*number);
    refuse(fmt::format("\"{}\"", text));
  }

  bool number_integer(number_integer_t number) override {
    if (at("uncounted", 2)) return record_.ledger.uncounted[place_[1]] = number, true;
    return add(static_cast<double>(number));
  }
  bool number_unsigned(number_unsigned_t number) override {
    if (number <= INT64_MAX) return number_integer(static_cast<int64_t>(number));
    return add(static_cast<double>(number));
  }
  bool number_float(number_float_t number, const string_t&) override { return add(number); }

  bool null() override { refuse("null"); }
  bool boolean(bool) override { refuse("a boolean"); }
  bool binary(binary_t&) override { refuse("binary"); }
  bool start_array(size_t) override {
    if (!at("warnings", 1) || in_list_) refuse("an array");
    return in_list_ = true;
  }
  bool end_array() override {
    in_list_ = false;
    return true;
  }
  bool parse_error(size_t, const std::string&, const Json::exception& error) override {
    throw std::runtime_error(not_json(text_, error));
  }

 private:
  bool at(std::string_view field, size_t depth) const {
    return place_.size() == depth && place_[0] == field;
  }

  void enter(const std::string& name) {
    const auto field = std::find(kFields.begin(), kFields.end(), name);
    if (field == kFields.end())
      throw std::runtime_error(
          fmt::format("a record has '{}', allowed {}; is it from a newer version?",
                      name,
                      fmt::join(kFields, ", ")));
    if (!seen_.insert(*field).second)
      throw std::runtime_error(fmt::format("a record has '{}' twice", name));
  }

  bool add(double number) {
    if (at("metrics", 2)) {
      record_.metrics.insert_or_assign(std::move(place_[1]), number);
    } else if (at("ledger", 3)) {
      record_.ledger.set(place_[1], place_[2], number);
    } else {
      refuse(fmt::format("{}", number));
    }
    return true;
  }

  [[noreturn]] void refuse(std::string_view got) const {
    if (place_.empty())
      throw std::runtime_error(fmt::format("a record is {}, expected an object", got));
    const char* expected = "an object";
    if (at("outcome", 1) || at("message", 1)) expected = "text";
    if (at("metrics", 2) || at("ledger", 3)) expected = kNumbers;
    if (at("uncounted", 2)) expected = "a whole number";
    if (at("warnings", 1)) expected = "a list of texts";
    throw std::runtime_error(
        fmt::format("'{}' is {}, expected {}", fmt::join(place_, "/"), got, expected));
  }

  std::string_view text_;
  Record record_;
  std::vector<std::string> place_;
  bool in_list_ = false;
  std::set<std::string_view> seen_;
};

}  // namespace

Json record_to_json(const Record& record) {
  Json ledger = Json::object();
  for (const auto& [component, entries] : record.ledger.components())
    ledger[component] = to_json(entries);
  return {{"outcome", name(record.outcome)},
          {"message", record.message},
          {"metrics", to_json(record.metrics)},
          {"ledger", std::move(ledger)},
          {"uncounted", record.ledger.uncounted},
          {"warnings", record.warnings}};
}

Record record_from_text(std::string_view text) {
  RecordReader reader(text);
  Json::sax_parse(text, &reader);
  return reader.take();
}

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
    throw std::runtime_error(not_json(text, error));
  }
}

}  // namespace saggio::results
