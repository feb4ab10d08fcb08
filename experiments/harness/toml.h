// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "experiments/harness/config.h"

// A TOML file as a tree whose every item knows where it stands, so that each later complaint can
// say "first.toml:12". Dates are refused; arrays of tables are lists.
namespace saggio::harness {

struct TomlItem;
using TomlTable = std::map<std::string, TomlItem>;
using TomlList = std::vector<TomlItem>;

struct TomlItem {
  std::string where;  // "first.toml:12"
  int64_t line = 0;
  std::variant<Value, TomlList, TomlTable> content;
  std::filesystem::path folder = {};  // of the file that says so, if it is not the study's own

  const Value* scalar() const { return std::get_if<Value>(&content); }
  const TomlList* list() const { return std::get_if<TomlList>(&content); }
  const TomlTable* table() const { return std::get_if<TomlTable>(&content); }
};

// Throws std::invalid_argument: no such file, or "first.toml:12: ..." for a syntax error or a
// duplicate key.
TomlItem read_toml(const std::filesystem::path& file);
TomlItem parse_toml(std::string_view text, const std::string& name);

// `over` wins, key by key; lists are replaced as a whole.
TomlItem merged(TomlItem base, const TomlItem& over);

// A table read strictly: every key that is not taken is an error at the end.
class TomlReader {
 public:
  // `what` names the table in messages: "[design]". Throws if `item` is not a table.
  TomlReader(const TomlItem& item, std::string what);

  const TomlItem* take(const std::string& key);     // nullptr if absent
  const TomlItem& require(const std::string& key);  // throws if absent
  void finish() const;  // throws at the first unknown key, with the nearest allowed one

  // Typed versions; each throws naming the place, the value and what is allowed.
  std::string text(const std::string& key, const std::string& fallback);
  double number(const std::string& key, double fallback, Range range);
  int64_t integer(const std::string& key, int64_t fallback, Range range);
  double seconds(const std::string& key, double fallback);  // 90, "90s", "30m", "2h"
  std::vector<std::string> texts(const std::string& key, std::vector<std::string> fallback);

  const std::string& where() const { return item_.where; }

 private:
  const TomlItem& item_;
  std::string what_;
  std::set<std::string> taken_;
};

// A scalar, a nested table or a quoted path: all leaves by dotted path, each with its place.
std::map<std::string, TomlItem> flattened(const TomlItem& item);

// Throws std::invalid_argument: "first.toml:12: why".
[[noreturn]] void refuse(const std::string& where, const std::string& why);

// `value` if it is allowed; else refuses, naming what is, and the nearest.
const std::string& one_of(const std::string& value,
                          const std::vector<std::string>& allowed,
                          const std::string& what,
                          const std::string& where);

std::string as_text(const TomlItem& item, const std::string& what);
std::vector<std::string> as_texts(const TomlItem& item, const std::string& what);

}  // namespace saggio::harness
