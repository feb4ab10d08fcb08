// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "results/pages/table.h"

// Alignment at the decimal point, shared by the renderings of a table: which text a cell shows, and
// which invisible text takes up the room where other cells of the column have more digits, so that
// any font with digits of one width lines up.
namespace saggio::results {

struct Segment {
  enum Kind { kVisible, kInvisible, kSmall } kind = kVisible;
  std::string text;
};

struct Placed {
  std::vector<Segment> segments;
  bool loose = false;  // no number ("—", "refused"): centred in its column, not aligned
};

// The cells of column `index`, row by row. Without the notes.
std::vector<Placed> align(const Table& table, size_t index);

// Header and unit, on two lines or more if they are wider than `width`, the widest number below.
std::vector<std::string> header_lines(const Column& column, size_t width);
std::string header_with_unit(const Column& column);  // "time (s)"

// Throws std::invalid_argument if there is no column, a row has not one cell per column, or a cell
// not one value per field.
void check(const Table& table);

}  // namespace saggio::results
