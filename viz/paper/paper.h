// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "viz/plan/font.h"
#include "viz/plan/plan.h"

// Pictures for papers: a plan as curves and text rather than as pixels, by cairo. What hides what is
// as in the rasterised picture: balls from far to near, then of each edge what no ball hides. No
// device is needed.
namespace saggio::viz {

enum class PaperFormat {
  Svg,  // letters are outlines, so that it looks the same wherever it is shown
  Pdf,  // letters are text, in a part of the font that the file holds; a pixel is 1/96 inch
};
inline constexpr size_t kPaperElements = 1'000;  // nodes and edges

// `file`: of the TrueType font that `font` is of. Throws std::invalid_argument if there are more
// elements than a page can show, std::runtime_error if cairo or the font fails.
std::string paper_of(const RenderPlan& plan,
                     Font& font,
                     const std::string& file,
                     PaperFormat format);

}  // namespace saggio::viz
