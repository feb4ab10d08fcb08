// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

// Numbers as people read them in a paper: digits follow the uncertainty, counts carry SI prefixes.
// Text is UTF-8 with a true minus sign (U+2212); what is not a number is "n/a". Pure functions,
// independent of the locale.
namespace saggio::results {

struct MeanText {
  std::string mean, half_width;
};

// The half width to two significant digits, the mean to the same decimal: 1.89974, 0.00312 ->
// "1.8997", "0.0031". Both in scientific notation where plain digits would be longer than a reader
// can take in. A half width of 0, or below the arithmetic's own rounding, leaves six significant
// digits.
MeanText mean_and_half_width(double mean, double half_width);

// `value` to the last digit that an uncertainty of `half_width` leaves meaningful.
std::string to_the_digit_of(double value, double half_width);

std::string significant(double value, int digits);  // 0.0078125, 2 -> "0.0078"; trailing zeros stay
std::string fixed(double value, int decimals);      // -0.5, 2 -> "−0.50"; never "−0.00"
std::string with_sign(std::string text);  // "0.012" -> "+0.012"; negatives and zeros as they are
std::string grouped(double value);        // 152320 -> "152,320"; rounds to an integer
std::string probability(double p);        // "0.0078", "0.031", "0.27", "1.00", "<0.0001"

// The prefix that leaves 1 to 999 before the decimal point: 152320 -> {1e3, "k"}; below 1,000 {1,
// ""}.
struct Prefix {
  double factor;
  std::string_view symbol;
};
Prefix si_prefix(double value);

}  // namespace saggio::results
