// SPDX-License-Identifier: MIT
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "graph/algorithms/rows.h"
#include "viz/placement/grouping.h"
#include "viz/scene/looks.h"
#include "viz/state/view_state.h"

// Structs as JSON objects and back. A struct names its fields once,
//   void visit(auto& fields) { fields("yaw", yaw); fields("pitch", pitch); }
// and is written whole and read strictly: a field that is missing keeps its value, a name that is
// not there, another type, or a number out of range is refused. For the sources of viz/state alone.
namespace saggio::viz {

using Json = nlohmann::json;

class FieldWriter;
class FieldReader;
template <typename T>
concept HasFields = requires(T value, FieldWriter& fields) {
  value.visit(fields);
};

[[noreturn]] inline void refuse(const std::string& where,
                                const Json& got,
                                std::string_view allowed) {
  throw std::invalid_argument(
      fmt::format("{} = {}, allowed: {}",
                  where,
                  got.dump(-1, ' ', false, Json::error_handler_t::replace).substr(0, 80),
                  allowed));
}

inline constexpr std::array<std::string_view, 3> kDirections = {"out", "in", "both"};

class FieldWriter {
 public:
  explicit FieldWriter(Json& out) : out_(out) {}
  template <typename T>
  void operator()(const char* name, T& value) {
    out_[name] = written(value);
  }

 private:
  template <typename T>
  static Json written(T& value) {
    if constexpr (HasFields<T>) {
      Json object = Json::object();
      FieldWriter fields(object);
      value.visit(fields);
      return object;
    } else {
      return value;
    }
  }
  static Json written(ColourBy value) { return std::string(name(value)); }
  static Json written(SizeBy value) { return std::string(name(value)); }
  static Json written(GroupBy value) { return std::string(name(value)); }
  template <HasFields T>
  static Json written(std::vector<T>& values) {
    Json list = Json::array();
    for (T& value : values) list.push_back(written(value));
    return list;
  }
  static Json written(graph::Direction value) {
    return std::string(kDirections[static_cast<size_t>(value)]);
  }
  static Json written(ViewState& value) { return to_json(value); }
  template <typename T>
  static Json written(std::optional<T>& value) {
    return value ? written(*value) : Json();
  }

  Json& out_;
};

class FieldReader {
 public:
  // `where`: how messages call the object.
  FieldReader(const Json& in, std::string where) : in_(in), where_(std::move(where)) {
    if (!in.is_object()) refuse(where_, in, "an object");
  }
  template <typename T>
  void operator()(const char* name, T& value) {
    known_.push_back(name);
    if (const auto found = in_.find(name); found != in_.end())
      read(*found, where_ + "." + name, value);
  }
  // After all fields were visited; `others` are no fields but may be there.
  void finish(const std::vector<std::string>& others = {}) const {
    for (const auto& [name, value] : in_.items())
      if (std::find(known_.begin(), known_.end(), name) == known_.end() &&
          std::find(others.begin(), others.end(), name) == others.end())
        throw std::invalid_argument(
            fmt::format("{}.{}: no such field, allowed: {}",
                        where_,
                        name,
                        known_.empty() ? "none" : fmt::format("{}", fmt::join(known_, ", "))));
  }

 private:
  template <HasFields T>
  static void read(const Json& in, const std::string& where, T& value) {
    FieldReader fields(in, where);
    value.visit(fields);
    fields.finish();
  }
  static void read(const Json& in, const std::string& where, bool& value) {
    if (!in.is_boolean()) refuse(where, in, "true or false");
    value = in.get<bool>();
  }
  static void read(const Json& in, const std::string& where, float& value) {
    const double number = in.is_number() ? in.get<double>() : NAN;
    constexpr double kMost = std::numeric_limits<float>::max();
    if (!(number >= -kMost && number <= kMost)) refuse(where, in, "a finite number");
    value = static_cast<float>(number);
  }
  template <std::integral Integer>
  static void read(const Json& in, const std::string& where, Integer& value) {
    if (!in.is_number_integer() || (std::unsigned_integral<Integer> && !in.is_number_unsigned()) ||
        in != Json(in.get<Integer>()))
      refuse(where, in, "a whole number that fits");
    value = in.get<Integer>();
  }
  static void read(const Json& in, const std::string& where, std::string& value) {
    if (!in.is_string()) refuse(where, in, "a text");
    value = in.get<std::string>();
  }
  static void read(const Json& in, const std::string& where, ColourBy& value) {
    std::string name;
    read(in, where, name);
    value = colour_by_named(name, where);
  }
  static void read(const Json& in, const std::string& where, SizeBy& value) {
    std::string name;
    read(in, where, name);
    value = size_by_named(name, where);
  }
  static void read(const Json& in, const std::string& where, GroupBy& value) {
    std::string name;
    read(in, where, name);
    value = group_by_named(name, where);
  }
  static void read(const Json& in, const std::string& where, graph::Direction& value) {
    std::string name;
    read(in, where, name);
    const auto found = std::find(kDirections.begin(), kDirections.end(), name);
    if (found == kDirections.end()) refuse(where, in, "out, in or both");
    value = static_cast<graph::Direction>(found - kDirections.begin());
  }
  static void read(const Json& in, const std::string&, ViewState& value) {
    value = view_state_from(in);
  }
  template <typename T>
  static void read(const Json& in, const std::string& where, std::vector<T>& value) {
    if (!in.is_array()) refuse(where, in, "a list");
    value.resize(in.size());
    for (size_t i = 0; i < in.size(); ++i) read(in[i], fmt::format("{}[{}]", where, i), value[i]);
  }
  template <typename T>
  static void read(const Json& in, const std::string& where, std::optional<T>& value) {
    value.reset();
    if (!in.is_null()) read(in, where, value.emplace());
  }

  const Json& in_;
  std::string where_;
  std::vector<std::string> known_;
};

}  // namespace saggio::viz
