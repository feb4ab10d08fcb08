// SPDX-License-Identifier: MIT
#include "experiments/harness/toml.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace saggio::harness {
namespace {

[[noreturn]] void refuse(const TomlItem& item, const std::string& what, std::string_view allowed) {
  const std::string got = item.scalar() ? text(*item.scalar()) : item.list() ? "a list" : "a table";
  throw std::invalid_argument(
      fmt::format("{}: {} = {}, allowed {}", item.where, what, got, allowed));
}

std::string place(const std::string& name, const toml::source_region& source) {
  return fmt::format("{}:{}", name, source.begin.line);
}

TomlItem converted(const toml::node& node, const std::string& name);

TomlItem converted_list(const toml::array& array, const std::string& name) {
  TomlList list;
  for (const toml::node& element : array) list.push_back(converted(element, name));
  return {place(name, array.source()), array.source().begin.line, std::move(list)};
}

TomlItem converted(const toml::node& node, const std::string& name) {
  const std::string where = place(name, node.source());
  const int64_t line = node.source().begin.line;
  if (const auto* table = node.as_table()) {
    TomlTable items;
    for (const auto& [key, value] : *table)
      items.emplace(std::string(key.str()), converted(value, name));
    return {where, line, std::move(items)};
  }
  if (const auto* array = node.as_array()) return converted_list(*array, name);
  if (const auto* text = node.as_string()) return {where, line, Value(text->get())};
  if (const auto* flag = node.as_boolean()) return {where, line, Value(flag->get())};
  if (const auto* integer = node.as_integer()) return {where, line, Value(integer->get())};
  if (const auto* number = node.as_floating_point()) return {where, line, Value(number->get())};
  throw std::invalid_argument(
      fmt::format("{}: a date, allowed text, numbers, true and false, lists, tables", where));
}

void flatten_into(const TomlItem& item,
                  const std::string& path,
                  std::map<std::string, TomlItem>& leaves) {
  const TomlTable* table = item.table();
  if (table == nullptr) {
    if (!leaves.emplace(path, item).second)
      throw std::invalid_argument(fmt::format("{}: '{}' is set twice", item.where, path));
    return;
  }
  for (const auto& [key, value] : *table)
    flatten_into(value, path.empty() ? key : path + "." + key, leaves);
}

}  // namespace

void refuse(const std::string& where, const std::string& why) {
  throw std::invalid_argument(fmt::format("{}: {}", where, why));
}

const std::string& one_of(const std::string& value,
                          const std::vector<std::string>& allowed,
                          const std::string& what,
                          const std::string& where) {
  if (std::find(allowed.begin(), allowed.end(), value) == allowed.end())
    refuse(where,
           fmt::format("{} = '{}', allowed {}{}",
                       what,
                       value,
                       fmt::join(allowed, ", "),
                       did_you_mean(value, allowed)));
  return value;
}

TomlItem parse_toml(std::string_view text, const std::string& name) {
  try {
    const toml::table table = toml::parse(text, name);
    return converted(table, name);
  } catch (const toml::parse_error& error) {
    throw std::invalid_argument(
        fmt::format("{}: {}", place(name, error.source()), error.description()));
  }
}

TomlItem read_toml(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream || std::filesystem::is_directory(file))
    throw std::invalid_argument(fmt::format("{}: no such file", file.string()));
  std::ostringstream text;
  text << stream.rdbuf();
  return parse_toml(text.str(), file.filename().string());
}

TomlItem merged(TomlItem base, const TomlItem& over) {
  auto* base_table = std::get_if<TomlTable>(&base.content);
  const TomlTable* over_table = over.table();
  if (base_table == nullptr || over_table == nullptr) return over;
  for (const auto& [key, value] : *over_table) {
    auto& slot = (*base_table)[key];
    slot = merged(std::move(slot), value);
  }
  base.where = over.where;
  return base;
}

std::map<std::string, TomlItem> flattened(const TomlItem& item) {
  std::map<std::string, TomlItem> leaves;
  flatten_into(item, "", leaves);
  return leaves;
}

std::string as_text(const TomlItem& item, const std::string& what) {
  const Value* value = item.scalar();
  if (value == nullptr || !std::holds_alternative<std::string>(*value))
    refuse(item, what, "text in quotes");
  return std::get<std::string>(*value);
}

std::vector<std::string> as_texts(const TomlItem& item, const std::string& what) {
  if (item.list() == nullptr) refuse(item, what, "a list of texts");
  std::vector<std::string> texts;
  for (const TomlItem& element : *item.list()) texts.push_back(as_text(element, what));
  return texts;
}

TomlReader::TomlReader(const TomlItem& item, std::string what)
    : item_(item), what_(std::move(what)) {
  if (item.table() == nullptr) refuse(item, what_, "a table");
}

const TomlItem* TomlReader::take(const std::string& key) {
  taken_.insert(key);
  const auto found = item_.table()->find(key);
  return found == item_.table()->end() ? nullptr : &found->second;
}

const TomlItem& TomlReader::require(const std::string& key) {
  const TomlItem* item = take(key);
  if (item == nullptr)
    throw std::invalid_argument(fmt::format("{}: {} lacks '{}'", item_.where, what_, key));
  return *item;
}

void TomlReader::finish() const {
  for (const auto& [key, value] : *item_.table()) {
    if (taken_.contains(key)) continue;
    const std::vector<std::string> allowed(taken_.begin(), taken_.end());
    std::string list;
    for (const std::string& one : allowed) list += (list.empty() ? "" : ", ") + one;
    throw std::invalid_argument(fmt::format("{}: unknown key '{}' in {}{}; allowed: {}",
                                            value.where,
                                            key,
                                            what_,
                                            did_you_mean(key, allowed),
                                            list));
  }
}

std::string TomlReader::text(const std::string& key, const std::string& fallback) {
  const TomlItem* item = take(key);
  return item == nullptr ? fallback : as_text(*item, key);
}

double TomlReader::number(const std::string& key, double fallback, Range range) {
  const TomlItem* item = take(key);
  if (item == nullptr) return fallback;
  const std::string allowed = fmt::format("a number in {:g} .. {:g}", range.low, range.high);
  const Value* value = item->scalar();
  double number = std::numeric_limits<double>::quiet_NaN();
  if (value != nullptr && std::holds_alternative<double>(*value)) number = std::get<double>(*value);
  if (value != nullptr && std::holds_alternative<int64_t>(*value))
    number = static_cast<double>(std::get<int64_t>(*value));
  if (!range.holds(number)) refuse(*item, key, allowed);
  return number;
}

int64_t TomlReader::integer(const std::string& key, int64_t fallback, Range range) {
  const TomlItem* item = take(key);
  if (item == nullptr) return fallback;
  const Value* value = item->scalar();
  const auto* integer = value == nullptr ? nullptr : std::get_if<int64_t>(value);
  if (integer == nullptr || !range.holds(static_cast<double>(*integer)))
    refuse(*item, key, fmt::format("an integer in {:g} .. {:g}", range.low, range.high));
  return *integer;
}

double TomlReader::seconds(const std::string& key, double fallback) {
  const TomlItem* item = take(key);
  if (item == nullptr) return fallback;
  constexpr std::string_view kAllowed = "seconds, or text such as \"90s\", \"30m\", \"2h\"";
  if (item->scalar() == nullptr) refuse(*item, key, kAllowed);
  std::string number = harness::text(*item->scalar());
  double unit = 1;
  if (!number.empty() && number.find_first_of("smh") == number.size() - 1) {
    unit = number.back() == 'h' ? 3600 : number.back() == 'm' ? 60 : 1;
    number.pop_back();
  }
  size_t used = 0;
  double value = -1;
  try {
    value = std::stod(number, &used);
  } catch (const std::exception&) {
    refuse(*item, key, kAllowed);
  }
  if (used != number.size() || !(value > 0 && value < 1e9)) refuse(*item, key, kAllowed);
  return value * unit;
}

std::vector<std::string> TomlReader::texts(const std::string& key,
                                           std::vector<std::string> fallback) {
  const TomlItem* item = take(key);
  return item == nullptr ? fallback : as_texts(*item, key);
}

}  // namespace saggio::harness
