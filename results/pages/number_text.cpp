// SPDX-License-Identifier: MIT
#include "results/pages/number_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

namespace saggio::results {
namespace {

constexpr int kMostDecimals = 8;       // beyond, scientific notation
constexpr double kLargestPlain = 1e9;  // likewise
constexpr double kArithmetic = 1e-12;  // of the mean: what sums of doubles leave, no spread

std::string true_minus(std::string text) {
  for (size_t at = text.find('-'); at != std::string::npos; at = text.find('-', at + 3)) {
    text.replace(at, 1, "−");
  }
  return text;
}

std::string not_finite(double value) {
  if (std::isnan(value)) return "n/a";
  return value > 0 ? "∞" : "−∞";
}

// The power of ten of the first digit after rounding to `digits`: 0.00996 to two digits is 1.0e-2.
int exponent(double value, int digits) {
  const std::string text = fmt::format("{:.{}e}", std::abs(value), digits - 1);
  return std::atoi(text.c_str() + text.find('e') + 1);
}

std::string rounded(double value, int decimals) {
  if (decimals >= 0) return fixed(value, decimals);
  const double unit = std::pow(10., -decimals);
  return fixed(std::round(value / unit) * unit, 0);
}

std::string scientific(double value, int last_digit) {
  const int leading = value == 0 ? last_digit : exponent(value, 1);
  return true_minus(fmt::format("{:.{}e}", value, std::max(leading - last_digit, 0)));
}

bool plain(double value, int decimals) {
  return decimals <= kMostDecimals && std::abs(value) < kLargestPlain;
}

}  // namespace

std::string fixed(double value, int decimals) {
  if (!std::isfinite(value)) return not_finite(value);
  std::string text = fmt::format("{:.{}f}", value, decimals);
  if (text.front() == '-' && text.find_first_not_of("-0.") == std::string::npos) text.erase(0, 1);
  return true_minus(std::move(text));
}

std::string significant(double value, int digits) {
  if (!std::isfinite(value)) return not_finite(value);
  if (value == 0) return "0";
  const int leading = exponent(value, digits);
  const int decimals = digits - 1 - leading;
  return plain(value, decimals) ? rounded(value, decimals) : scientific(value, -decimals);
}

std::string to_the_digit_of(double value, double half_width) {
  return mean_and_half_width(value, half_width).mean;
}

MeanText mean_and_half_width(double mean, double half_width) {
  if (!std::isfinite(mean) || !std::isfinite(half_width)) {
    return {significant(mean, 6), significant(half_width, 2)};
  }
  if (half_width < kArithmetic * std::abs(mean) || half_width == 0)
    return {significant(mean, 6), significant(half_width, 2)};
  const int last_digit = exponent(half_width, 2) - 1;
  if (!plain(std::max(std::abs(mean), std::abs(half_width)), -last_digit)) {
    return {scientific(mean, last_digit), scientific(half_width, last_digit)};
  }
  return {rounded(mean, -last_digit), rounded(half_width, -last_digit)};
}

std::string with_sign(std::string text) {
  const bool negative = text.rfind("−", 0) == 0;
  const bool number =
      !text.empty() && (std::isdigit(static_cast<unsigned char>(text.front())) || text == "∞");
  const bool zero = text.find_first_not_of("0.") == std::string::npos;
  return number && !negative && !zero ? "+" + text : text;
}

std::string grouped(double value) {
  std::string text = fixed(value, 0);
  if (!std::isfinite(value)) return text;
  const size_t first = text.find_first_of("0123456789");
  for (size_t at = text.size(); at > first + 3;) text.insert(at -= 3, ",");
  return text;
}

std::string probability(double p) {
  if (!(p >= 0 && p <= 1)) return "n/a";
  if (p < 1e-4) return "<0.0001";
  return p < .0995 ? significant(p, 2) : fixed(p, 2);
}

Prefix si_prefix(double value) {
  static constexpr std::array<Prefix, 6> kPrefixes{
      {{1e18, "E"}, {1e15, "P"}, {1e12, "T"}, {1e9, "G"}, {1e6, "M"}, {1e3, "k"}}};
  for (const Prefix& prefix : kPrefixes) {
    if (std::abs(value) >= prefix.factor && std::isfinite(value)) return prefix;
  }
  return {1, ""};
}

}  // namespace saggio::results
