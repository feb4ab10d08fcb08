// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "results/pages/label_layout.h"

// What all plots share: the look, the three output files, and numbers as gnuplot reads them.
namespace saggio::results {

// The size of the SVG in px. The PNG has twice as many pixels, the PDF is 5.5 in wide.
struct Canvas {
  int width = 720, height = 440;
  bool key_beneath = false;
};

constexpr double kFontPx = 15;

// Where the axes stand, in px from the lower left corner of the canvas: the same in all files.
std::string margins(const Canvas& canvas, const Box& area);

struct LineStyle {
  std::string_view colour;  // of Okabe and Ito's palette, without the yellow that paper swallows
  int dash, marker;         // gnuplot's dt and pt
};
LineStyle line_style(size_t index);  // the first is black and solid: the baseline; repeats after 28

// Title, fonts, borders, grid. `name` is checked: std::invalid_argument if it cannot be a file.
std::string preamble(const std::string& name, const std::string& title);

// Sets the terminals one after the other and draws `commands`, one "plot ..." command, in each.
std::string drawing(const std::string& name, const Canvas& canvas, const std::string& commands);

// The width of text in px: an estimate from the number of characters, a little on the safe side.
double text_px(std::string_view text);

// Makes room beneath the axes for a key, in as many columns as fit, and returns the command that puts
// it there. Moves the axes up.
std::string key_beneath(const std::vector<std::string>& labels, Canvas& canvas, Box& area);

std::string number(double value);  // shortest text that reads back; "nan" for what is not finite
std::string tsv_text(std::string_view text);  // one field of the data file

}  // namespace saggio::results
