// SPDX-License-Identifier: MIT
#pragma once

#include <string>

// Axes of plots: ranges, and tics at round numbers with as many decimals as they need.
namespace saggio::results {

// How many decimals a round number needs: the value is a whole number of the last one's units.
int decimals_of(double value);

// About `count` round steps over a range, and the decimals that their labels need.
struct Tics {
  double step;
  int decimals;
};
Tics round_tics(double low, double high, int count);

struct AxisText {
  std::string commands;  // range, tics, format
  double widest_px = 0;  // of the tic labels
};

// `axis` is "x" or "y"; about `count` tics. Large numbers carry SI prefixes: "2.5 k".
AxisText linear_axis(const char* axis, double low, double high, int count);
AxisText logarithmic_axis(const char* axis, double low, double high);  // 0 < low < high

}  // namespace saggio::results
