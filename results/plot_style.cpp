// SPDX-License-Identifier: MIT
#include "results/plot_style.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "results/escape.h"

namespace saggio::results {
namespace {

constexpr std::string_view kFont = "Helvetica";

void check_name(const std::string& name) {
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
  const bool plain = name.find_first_not_of(kAllowed) == std::string::npos;
  if (!name.empty() && name.front() != '.' && name.front() != '-' && plain) return;
  throw std::invalid_argument(
      fmt::format("plot name '{}': it names files, so allowed are letters, digits, '-', '_' and "
                  "'.', not starting with '-' or '.'",
                  name));
}

}  // namespace

LineStyle line_style(size_t index) {
  static constexpr std::array<std::string_view, 7> kColours{
      "#000000", "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"};
  static constexpr std::array<int, 7> kMarkers{7, 5, 9, 11, 13, 4, 6};
  const size_t colour = index % kColours.size();
  const int round = static_cast<int>(index / kColours.size() % 4);
  const int dash = 1 + (static_cast<int>(colour) + round) % 5;
  return {kColours[colour], dash, kMarkers[(colour + static_cast<size_t>(round)) % 7]};
}

std::string preamble(const std::string& name, const std::string& title) {
  check_name(name);
  std::string out = fmt::format(
      "# To draw again after a change: gnuplot {0}.gp\n"
      "# Reads {0}.tsv; writes {0}.svg, {0}.png and {0}.pdf.\n"
      "set encoding utf8\n"
      "set minussign\n"
      "set datafile separator tab\n"
      "set datafile missing 'nan'\n"
      "set border 3 lc rgb '#404040' lw 1\n"
      "set tics out nomirror scale 0.6\n"
      "set format '%h'\n"
      "set grid lt 1 lc rgb '#e4e4e4' lw 0.7\n",
      name);
  if (!title.empty()) out += fmt::format("set title {} offset 0,0.3\n", quote_gnuplot(title));
  return out;
}

std::string drawing(const std::string& name, const Canvas& canvas, const std::string& commands) {
  constexpr double kPdfWidth = 5.5;  // inches: a column of most papers
  const double px = kPdfWidth / canvas.width;
  constexpr double kPointsPerInch = 72;
  return fmt::format(
      "\nset terminal svg size {1},{2} font '{3},{4}' enhanced background rgb 'white'\n"
      "set output '{0}.svg'\n{5}\n"
      "\nset terminal pngcairo size {6},{7} font '{3},{8:.4g}' enhanced background rgb 'white' "
      "fontscale 2 linewidth 2 pointscale 2.8\n"
      "set output '{0}.png'\nreplot\n"
      "\nset terminal pdfcairo size {9:.3f}in,{10:.3f}in font '{3},{11:.3g}' enhanced "
      "fontscale 0.75 linewidth 1 pointscale 0.9\n"
      "set output '{0}.pdf'\nreplot\n"
      "set output\n",
      name,
      canvas.width,
      canvas.height,
      kFont,
      kFontPx,
      commands,
      2 * canvas.width,
      2 * canvas.height,
      kFontPx * .75,  // px to pt at 96 dpi
      kPdfWidth,
      canvas.height * px,
      kFontPx * px * kPointsPerInch);
}

Tics round_tics(double low, double high, int count) {
  const double raw = (high - low) / count;
  const double power = std::pow(10, std::floor(std::log10(raw)));
  double step = 10 * power;
  for (const double factor : {5., 2.5, 2., 1.}) {
    if (factor * power >= raw * .999) step = factor * power;
  }
  int decimals = 0;  // until the step is a whole number of the last decimal's units
  double scaled = step;
  while (decimals < 12 && std::abs(scaled - std::round(scaled)) > 1e-6 * scaled) {
    scaled *= 10, ++decimals;
  }
  return {step, decimals};
}

std::string linear_axis(const char* axis, double low, double high, int count) {
  const Tics tics = round_tics(low, high, count);
  const double most = std::max(std::abs(low), std::abs(high));
  const std::string format =
      most >= 1e4 || most < 1e-4 ? "%.4s %c" : fmt::format("%.{}f", tics.decimals);
  return fmt::format("set {0}range [{1}:{2}]\nset {0}tics {3}\nset format {0} '{4}'\n",
                     axis,
                     number(low),
                     number(high),
                     number(tics.step),
                     format);
}

double text_px(std::string_view text) {
  return .55 * kFontPx * static_cast<double>(display_width(text));
}

std::string number(double value) { return std::isfinite(value) ? fmt::format("{}", value) : "nan"; }

std::string tsv_text(std::string_view text) { return escape_control(text); }

}  // namespace saggio::results
