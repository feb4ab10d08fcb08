// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "results/pages/number_text.h"
#include "results/pages/table.h"
#include "results/statistics/analysis.h"

// One number of the statistics -> one cell: digits, signs, prefixes, marks.
namespace saggio::results {

// How a column of counted costs is written: exactly if every number in it is an integer of at most
// seven digits that all runs of its arm share, else with an SI prefix, the same for all unless they
// are of very different sizes.
struct CountStyle {
  bool counted = false, exact = false;
  std::optional<Prefix> prefix;  // absent: each cell has its own
  int decimals = 1;              // of numbers without an interval, if the prefix is shared
};
CountStyle count_style(const std::string& quantity, const std::vector<Summary>& summaries);

Cell nothing(size_t fields);  // "—"

double half_width(const Interval& interval);
std::string goal_mark(const Metric& metric);  // the arrow behind the study's metric in a header

// A signed difference ± half width. Fields: the difference, low, high; any others are the caller's.
Cell difference_cell(double value, const std::optional<Interval>& interval, size_t fields);

// Mean ± half width (n); a counted cost that all runs share stands alone, for it is no mean.
// Fields: the mean, low, high, n.
Cell quantity_cell(const Summary& summary, const CountStyle& style);

// What a column can show of a comparison: how a study file names it, its header, and the fields of
// its cells.
struct ComparisonColumn {
  std::string_view name, header;
  std::vector<std::string> fields;
  Cell (*cell)(const Comparison& comparison);
};
const std::vector<ComparisonColumn>& comparison_columns();

}  // namespace saggio::results
