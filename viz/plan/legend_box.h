// SPDX-License-Identifier: MIT
#pragma once

#include "viz/plan/build_plan.h"

namespace saggio::viz {

// How a legend is set: rows from top to bottom, a swatch and a text each. Whoever draws it and
// whoever keeps room for it read the same numbers, in pixels.
struct LegendSetting {
  float row = 0;     // height
  float swatch = 0;  // width
  float pad = 0;     // inside the box, on each side
  Legend legend;     // as much of it as has room: of what is most frequent, and how many more
  Box box;           // in the lower left corner; width 0 if there is nothing to say, or no room
};
// What was set is set again as it is.
LegendSetting set_legend(const Viewport& viewport, const Legend& legend, const TextSizes& text);

// An entry as it is written: "claim  12".
std::string entry_text(const LegendEntry& entry);
std::string ramp_text(const LegendRamp& ramp);  // what stands below its colours

}  // namespace saggio::viz
