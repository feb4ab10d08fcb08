// SPDX-License-Identifier: MIT
#include "graph/formats/fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <stdexcept>

#include "graph/formats/lines.h"

namespace saggio::graph {
namespace {

constexpr std::string_view kSpace = " \t\v\f\r";

template <typename Number>
bool parse(std::string_view text, Number& number) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kSpace), text.size()));
  return text.substr(0, text.find_last_not_of(kSpace) + 1);
}

std::string_view Fields::next(std::string_view what) {
  if (rest_.empty()) throw std::invalid_argument(fmt::format("no {}", what));
  const size_t end = std::min(rest_.find_first_of(kSpace), rest_.size());
  const std::string_view field = rest_.substr(0, end);
  rest_.remove_prefix(end);
  rest_.remove_prefix(std::min(rest_.find_first_not_of(kSpace), rest_.size()));
  return field;
}

void Fields::end(std::string_view allowed) const {
  if (more())
    throw std::invalid_argument(
        fmt::format("{} is more than what is allowed: {}", shown(rest_), allowed));
}

uint64_t whole_number(std::string_view text, std::string_view what, uint64_t first, uint64_t last) {
  uint64_t number = 0;
  if (parse(text, number) && number >= first && number <= last) return number;
  const std::string end = last == UINT64_MAX ? "" : fmt::format("{}", last);
  throw std::invalid_argument(
      fmt::format("{} = {}, allowed {}..{}", what, shown(text), first, end));
}

float finite_number(std::string_view text, std::string_view what) {
  double number = 0;
  if (parse(text, number) && std::isfinite(static_cast<float>(number)))
    return static_cast<float>(number);
  throw std::invalid_argument(fmt::format("{} = {}, allowed a finite number", what, shown(text)));
}

}  // namespace saggio::graph
