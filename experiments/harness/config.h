// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// One description of a config serves parsing, ranges, "did you mean", printing, hashing, help and
// the reference page. A config is a plain aggregate with defaults and one member template, which
// may live in any folder and includes nothing of this:
//
//   struct Config {
//     int64_t steps = 100;
//     std::string kind = "bytes";
//     Model model;                       // nested: has a visit of its own
//     void visit(auto& v) {
//       v("steps", steps, "optimizer steps", {1, 1e6});          // bounds, both included
//       v("kind", kind, "what a token is", {"bytes", "chars"});  // choices; none: free text
//       v("model", model);
//     }
//   };
//
// A field added to a published module names, as a last argument, the neutral value at which it
// changes nothing: while it has that value it stays out of the hash, so that older runs keep their
// identity.
namespace saggio::harness {

struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool holds(double x) const { return x >= low && x <= high; }  // false for NaN
};

using Value = std::variant<bool, int64_t, double, std::string, std::vector<std::string>>;

// The values of a config by dotted path, sorted: what studies override, plans resolve and runs
// store.
using Values = std::map<std::string, Value>;

std::string text(
    const Value& value);  // as a person would write it in a study: 0.001, 'rotary', [a, b]
nlohmann::json to_json(const Values& values);
Values values_from_json(const nlohmann::json& json);

// What is known of one key without the config itself; `saggio plan` reads these from modules.json.
struct FieldSpec {
  enum class Type { kBool, kInteger, kNumber, kText, kFile, kList, kTable };
  std::string key;  // of a table: every key below it is allowed, with any scalar
  Type type = Type::kNumber;
  Value fallback;
  std::string meaning;
  Range range;
  std::vector<std::string> choices;  // empty: any text
  std::optional<Value> neutral;
};

using Schema = std::vector<FieldSpec>;

nlohmann::json to_json(const Schema& schema);
Schema schema_from_json(const nlohmann::json& json);

// Checks one value against the schema and gives it the field's type (an integer is fine for a
// number). `where` starts the message: "first.toml:12". Throws std::invalid_argument: unknown key
// (with the nearest one), wrong type, out of range.
Value checked(const Schema& schema,
              const std::string& key,
              const Value& value,
              const std::string& where);

// All fields with their defaults, overridden. The overrides are already checked.
Values resolve(const Schema& schema, const Values& overrides);

// What identifies a config: its values in canonical order, without those that are neutral and
// without files (whose content is hashed instead).
nlohmann::json canonical(const Schema& schema, const Values& values);

// The nearest of `known` to a mistyped `name`, as " (did you mean 'x'?)", or "" if none is near.
std::string did_you_mean(std::string_view name, const std::vector<std::string>& known);

// The visitor: collects a config's fields, with references into it.
class Fields {
 public:
  using Reference = std::variant<bool*,
                                 int64_t*,
                                 double*,
                                 std::string*,
                                 std::vector<std::string>*,
                                 std::map<std::string, std::string>*>;
  using Choices = std::initializer_list<std::string_view>;

  void operator()(std::string_view key,
                  bool& field,
                  std::string_view meaning,
                  std::optional<bool> neutral = {});
  void operator()(std::string_view key,
                  int64_t& field,
                  std::string_view meaning,
                  Range range,
                  std::optional<int64_t> neutral = {});
  void operator()(std::string_view key,
                  double& field,
                  std::string_view meaning,
                  Range range,
                  std::optional<double> neutral = {});
  void operator()(std::string_view key,
                  std::string& field,
                  std::string_view meaning,
                  Choices choices = {},
                  std::optional<std::string_view> neutral = {});
  void operator()(std::string_view key, std::vector<std::string>& field, std::string_view meaning);
  void operator()(std::string_view key,
                  std::map<std::string, std::string>& field,
                  std::string_view meaning);
  void file(std::string_view key,
            std::string& path,
            std::string_view meaning);  // its content is part of the identity

  template <typename Nested>
  void operator()(std::string_view key, Nested& nested) {
    const std::string outer = prefix_;
    prefix_ += std::string(key) + ".";
    nested.visit(*this);
    prefix_ = outer;
  }

  const Schema& schema() const { return schema_; }
  void set(const Values& values);  // writes resolved values into the config
  Values get() const;              // reads them back

 private:
  void add(FieldSpec spec, Reference reference);
  std::string prefix_;
  Schema schema_;
  std::vector<Reference> references_;
};

template <typename Config>
Schema schema_of() {
  Config config;
  Fields fields;
  config.visit(fields);
  return fields.schema();
}

template <typename Config>
Config config_of(const Values& values) {
  Config config;
  Fields fields;
  config.visit(fields);
  fields.set(values);
  return config;
}

}  // namespace saggio::harness
