// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

// What all plots share: the look, the three output files, and numbers as gnuplot reads them.
namespace saggio::results {

// The size of the SVG in px. The PNG has twice as many pixels, the PDF is 5.5 in wide.
struct Canvas {
  int width = 720, height = 440;
};

constexpr double kFontPx = 15;

struct LineStyle {
  std::string_view colour;  // of Okabe and Ito's palette, without the yellow that paper swallows
  int dash, marker;         // gnuplot's dt and pt
};
LineStyle line_style(size_t index);  // the first is black and solid: the baseline; repeats after 28

// Title, fonts, borders, grid. `name` is checked: std::invalid_argument if it cannot be a file.
std::string preamble(const std::string& name, const std::string& title);

// Sets the terminals one after the other and draws `commands`, one "plot ..." command, in each.
std::string drawing(const std::string& name, const Canvas& canvas, const std::string& commands);

// About `count` round steps over a range, and the decimals that their labels need.
struct Tics {
  double step;
  int decimals;
};
Tics round_tics(double low, double high, int count);

// "set xrange", "set xtics" and the format of a linear axis.
std::string linear_axis(const char* axis, double low, double high, int count);

// The width of text in px: an estimate from the number of characters, a little on the safe side.
double text_px(std::string_view text);

std::string number(double value);  // shortest text that reads back; "nan" for what is not finite
std::string tsv_text(std::string_view text);  // one field of the data file

}  // namespace saggio::results
