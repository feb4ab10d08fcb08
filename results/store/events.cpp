// SPDX-License-Identifier: MIT
#include "results/store/events.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace saggio::results {
namespace {

template <typename Number>
void append_number(std::string& lines, Number number) {
  std::array<char, 32> digits{};
  lines.append(digits.data(), std::to_chars(digits.begin(), digits.end(), number).ptr);
}

bool is_plain(std::string_view name) {
  for (const char c : name)
    if (c < ' ' || c > '~' || c == '"' || c == '\\') return false;
  return true;
}

void append_value(std::string& lines, double value) {
  if (std::isnan(value)) {
    lines += "\"nan\"";  // one text, whatever its sign and payload
  } else if (std::isinf(value)) {
    lines += value > 0 ? "\"inf\"" : "\"-inf\"";
  } else if (value == 0) {
    lines += std::signbit(value)
                 ? "-0.0"
                 : "0";  // "-0" would read as an integer elsewhere and lose its sign
  } else {
    append_number(lines, value);
  }
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

template <typename Number>
bool take_number(std::string_view& text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return false;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return true;
}

bool take_name(std::string_view& text, std::string& name) {
  if (!text.starts_with('"')) return false;
  size_t end = 1;
  while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
  if (end >= text.size()) return false;
  const std::string_view inside = text.substr(1, end - 1);
  if (is_plain(inside)) {
    name = inside;
  } else {
    const auto json = nlohmann::json::parse(text.substr(0, end + 1), nullptr, false);
    if (!json.is_string()) return false;
    name = json.get<std::string>();
  }
  text.remove_prefix(end + 1);
  return true;
}

bool take_value(std::string_view& text, double& value) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (take(text, "\"nan\"")) return value = std::numeric_limits<double>::quiet_NaN(), true;
  if (take(text, "\"inf\"")) return value = kInfinity, true;
  if (take(text, "\"-inf\"")) return value = -kInfinity, true;
  return take_number(text, value) && std::isfinite(value);
}

}  // namespace

void append_event(std::string& lines, int64_t step, std::string_view name, double value) {
  lines += "{\"step\":";
  append_number(lines, step);
  lines += ",\"name\":";
  if (is_plain(name)) {
    (lines += '"').append(name) += '"';
  } else {
    using Json = nlohmann::json;
    lines += Json(name).dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  lines += ",\"value\":";
  append_value(lines, value);
  lines += "}\n";
}

bool parse_event(std::string_view line, Event& event) {
  return take(line, "{\"step\":") && take_number(line, event.step) && take(line, ",\"name\":") &&
         take_name(line, event.name) && take(line, ",\"value\":") &&
         take_value(line, event.value) && line == "}";
}

void for_each_event(std::string_view text,
                    const std::string& file,
                    const std::function<void(const Event&)>& use) {
  Event event;
  for (size_t number = 1; !text.empty(); ++number) {
    const size_t end = text.find('\n');
    if (end == std::string_view::npos) return;
    if (!parse_event(text.substr(0, end), event))
      throw std::runtime_error(
          fmt::format("{}:{}: not an event, expected {{\"step\":..,\"name\":..,\"value\":..}}; "
                      "remove the run's folder and run again",
                      file,
                      number));
    use(event);
    text.remove_prefix(end + 1);
  }
}

}  // namespace saggio::results
