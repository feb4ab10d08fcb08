// SPDX-License-Identifier: MIT
#include "graph/query/numbers.h"

#include <charconv>
#include <cmath>
#include <limits>

namespace saggio::graph {
namespace {

template <typename Number>
std::optional<Number> whole_text(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

std::optional<Value> parse_number(std::string_view text) {
  constexpr double kExact = 9007199254740992;  // 2^53: whole numbers below are exact
  if (const auto number = whole_text<int64_t>(text)) return *number;
  if (const auto number = whole_text<uint64_t>(text)) return *number;
  const auto number = whole_text<double>(text);
  if (!number || !std::isfinite(*number)) return std::nullopt;
  if (std::trunc(*number) == *number && std::abs(*number) <= kExact)
    return static_cast<int64_t>(*number);
  return *number;
}

long double real(const Value& number) {
  static_assert(std::numeric_limits<long double>::digits >= 64);
  if (const auto* whole = std::get_if<int64_t>(&number)) return static_cast<long double>(*whole);
  if (const auto* large = std::get_if<uint64_t>(&number)) return static_cast<long double>(*large);
  return std::get<double>(number);
}

}  // namespace saggio::graph
