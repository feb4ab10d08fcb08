// SPDX-License-Identifier: MIT
#pragma once

#include "viz/plan/plan.h"

namespace saggio::viz::ui {

// Where things lie in a window: the picture in what the panels leave, so that no panel ever hides
// a part of the graph, its legend or its caption.
struct Arrangement {
  Box top, side, table, bottom, picture;  // whole pixels; width 0: closed
};

// `em`: the height of letters. A window too small for them has a picture of 1 pixel at least.
Arrangement arranged(float width, float height, float em, bool side, bool table);

}  // namespace saggio::viz::ui
