// SPDX-License-Identifier: MIT
#include "results/pages/plot_axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "results/pages/number_text.h"
#include "results/pages/plot_style.h"

namespace saggio::results {
namespace {

struct Tic {
  double at;
  std::string label;
};

AxisText axis_with(const char* axis, double low, double high, const std::vector<Tic>& tics) {
  AxisText out;
  std::string list;
  for (const Tic& tic : tics) {
    list += fmt::format("{}'{}' {:.12g}", list.empty() ? "" : ", ", tic.label, tic.at + 0.);
    out.widest_px = std::max(out.widest_px, text_px(tic.label));
  }
  out.commands = fmt::format(
      "set {0}range [{1}:{2}]\nset {0}tics ({3})\n", axis, number(low), number(high), list);
  return out;
}

std::string with_unit_prefix(double value, const Prefix& prefix, int decimals) {
  const std::string digits = fixed(value / prefix.factor, decimals);
  return prefix.symbol.empty() || value == 0 ? digits : fmt::format("{} {}", digits, prefix.symbol);
}

}  // namespace

int decimals_of(double value) {
  int decimals = 0;
  double scaled = std::abs(value);
  while (decimals < 12 && std::abs(scaled - std::round(scaled)) > 1e-6 * scaled) {
    scaled *= 10, ++decimals;
  }
  return decimals;
}

Tics round_tics(double low, double high, int count) {
  const double raw = (high - low) / count;
  const double power = std::pow(10, std::floor(std::log10(raw)));
  double step = 10 * power;
  for (const double factor : {5., 2.5, 2., 1.}) {
    if (factor * power >= raw * .999) step = factor * power;
  }
  return {step, decimals_of(step)};
}

AxisText linear_axis(const char* axis, double low, double high, int count) {
  constexpr double kPrefixFrom = 1e4;
  const double most = std::max(std::abs(low), std::abs(high));
  const Prefix prefix = most >= kPrefixFrom ? si_prefix(most) : Prefix{1, ""};
  const Tics tics = round_tics(low, high, count);
  const int decimals = round_tics(low / prefix.factor, high / prefix.factor, count).decimals;
  std::vector<Tic> marks;
  for (double i = std::ceil(low / tics.step - 1e-9); i * tics.step <= high * (1 + 1e-12) + 1e-300;
       ++i) {
    marks.push_back({i * tics.step, with_unit_prefix(i * tics.step, prefix, decimals)});
  }
  return axis_with(axis, low, high, marks);
}

AxisText logarithmic_axis(const char* axis, double low, double high) {
  const double decades = std::log10(high / low);
  const double stride = std::max(1., std::ceil(decades / 8));  // of decades
  const std::vector<double> factors =
      decades > 3 ? std::vector<double>{1} : std::vector<double>{1, 2, 5};
  std::vector<Tic> marks;
  for (double i = std::floor(std::log10(low)); i <= std::log10(high); i += stride) {
    for (const double factor : factors) {
      const double value = factor * std::pow(10, i);
      if (value < low || value > high) continue;
      const Prefix prefix = si_prefix(value * (1 + 1e-12));
      const std::string digits = significant(value / prefix.factor, 1);
      marks.push_back(
          {value, prefix.symbol.empty() ? digits : fmt::format("{} {}", digits, prefix.symbol)});
    }
  }
  AxisText out = axis_with(axis, low, high, marks);
  out.commands = fmt::format("set logscale {}\n", axis) + out.commands;
  return out;
}

}  // namespace saggio::results
