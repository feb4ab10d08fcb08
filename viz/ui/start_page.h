// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "viz/ui/panel.h"
#include "viz/viewer.h"

namespace saggio::viz::ui {

// The page of a window that shows nothing yet: an example, and graphs of recent runs.
class StartPage {
 public:
  // Draws it; what was chosen. Arrows choose, Enter opens.
  std::optional<size_t> draw(const std::vector<Offer>& offers,
                             const std::string& note,
                             Widgets& widgets,
                             float em);

 private:
  size_t marked_ = 0;
};

// The page of a window while it opens what was chosen.
void draw_waiting(const std::string& name, const std::string& how_far, float em);

}  // namespace saggio::viz::ui
