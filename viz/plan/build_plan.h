// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "viz/plan/plan.h"
#include "viz/plan/positions.h"
#include "viz/state/marks.h"

// From what is shown to what is drawn.
namespace saggio::viz {

// Widths of texts in pixels, so that plans need no font in tests.
struct TextSizes {
  std::function<float(std::string_view)> width;
  std::function<std::string(std::string_view, float)> shortened;  // to a width
  float height = 14;
};

struct Sources {  // borrowed
  const Scene& scene;
  const Positions& positions;
  const Marks& marks;
  const Looks& looks;
  const TextSizes& text;
  const std::function<std::string(Slot)>& label_of;  // asked for what is labelled alone
};

// The plan of this state. Draws what is shown, sorted from far to near; what is not strong, if
// something is, in pale colours and without a label. Throws std::invalid_argument if the columns
// are not those of the scene.
RenderPlan build_plan(const ViewState& state,
                      const Viewport& viewport,
                      const Sources& sources,
                      float node_radius,
                      const std::string& caption);

// What a fit leaves free for the legend and for labels beside the outermost nodes.
Margins margins_for(const Viewport& viewport, const Legend& legend, const TextSizes& text);

}  // namespace saggio::viz
