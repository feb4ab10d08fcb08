// SPDX-License-Identifier: MIT
#include "results/pages/plot_style.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "results/pages/escape.h"

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
      "set key spacing 1 width {12}\nset output '{0}.svg'\n{5}\n"
      "\nset terminal pngcairo size {6},{7} font '{3},{8:.4g}' enhanced background rgb 'white' "
      "fontscale 2 linewidth 2 pointscale 2.8\n"
      "set key spacing 1.35 width 0\nset output '{0}.png'\nreplot\n"
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
      kFontPx * px * kPointsPerInch,
      // characters: of SVG gnuplot guesses widths, and too large ones
      canvas.key_beneath ? -4 : 0);
}

std::string margins(const Canvas& canvas, const Box& area) {
  return fmt::format(
      "set lmargin at screen {:.4f}\nset rmargin at screen {:.4f}\n"
      "set bmargin at screen {:.4f}\nset tmargin at screen {:.4f}\n",
      area.left / canvas.width,
      area.right / canvas.width,
      area.bottom / canvas.height,
      area.top / canvas.height);
}

// `vertical maxrows` and not `horizontal maxcols`: there gnuplot takes fewer columns than are asked
// for where its own guess of their width says so, and what is then too high is cut off.
std::string key_beneath(const std::vector<std::string>& labels, Canvas& canvas, Box& area) {
  constexpr double kSample = 75, kLine = 1.55 * kFontPx;
  double widest = 1;
  for (const std::string& label : labels) widest = std::max(widest, text_px(label) + kSample);
  const size_t columns = std::max<size_t>(1, static_cast<size_t>(canvas.width / widest));
  const size_t rows = (labels.size() + columns - 1) / columns;
  const int height = static_cast<int>(kLine * static_cast<double>(rows)) + 10;
  canvas.key_beneath = true;
  canvas.height += height;
  area.bottom += height, area.top += height;
  return fmt::format(
      "set key at screen 0.5,screen {:.4f} center top vertical maxrows {} Left reverse samplen "
      "2.4\n",
      static_cast<double>(height) / canvas.height,
      rows);
}

double text_px(std::string_view text) {
  return .55 * kFontPx * static_cast<double>(display_width(text));
}

std::string number(double value) { return std::isfinite(value) ? fmt::format("{}", value) : "nan"; }

std::string tsv_text(std::string_view text) { return escape_control(text); }

}  // namespace saggio::results
