// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "viz/plan/cast.h"
#include "viz/plan/plan.h"

// From what is shown to what is drawn.
namespace saggio::viz {

// Widths of texts in pixels, so that plans need no font in tests.
struct TextSizes {
  std::function<float(std::string_view)> width;
  std::function<std::string(std::string_view, float)> shortened;  // to a width
  float height = 14;
};
inline constexpr float kTextHeight = 15;  // of letters where lines are as wide as their units say
// Of letters in a picture so many pixels high, unless somebody says otherwise: they grow with it.
float text_height(float picture_height);

// What a picture says in words. Borrowed.
struct Wording {
  const TextSizes& text;
  const std::function<std::string(Slot)>& label_of;  // asked for what is labelled alone
  const Legend& legend;
  const std::string& caption;
  size_t labels = 60;  // at most
};

// The plan of a picture of this cast. Widths grow with the letters. Of a crowd's edges at most
// `threads` are drawn, which the caption then says. O(what is drawn one by one, and landmarks)
RenderPlan build_plan(const Cast& cast,
                      const Style& style,
                      const Camera& camera,
                      const Viewport& viewport,
                      const Wording& wording,
                      size_t threads = SIZE_MAX);

// What a fit leaves free for the legend and for labels beside the outermost nodes.
Margins margins_for(const Viewport& viewport, const Legend& legend, const TextSizes& text);

}  // namespace saggio::viz
