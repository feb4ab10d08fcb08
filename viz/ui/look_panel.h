// SPDX-License-Identifier: MIT
#pragma once

#include "viz/ui/panel.h"

namespace saggio::viz::ui {

// How the picture looks: layout, pins, colour, size, labels, light or dark.
class LookPanel {
 public:
  void draw(Panel& panel);

 private:
  void choices(Panel& panel, float width);
  void pins(Panel& panel);
  uint64_t gesture_ = 0;  // of the slider
};

// The next one of each, for keys.
void next_layout(Actor& actor);
void next_colour(Actor& actor);
void next_size(Actor& actor);
void next_grouping(Actor& actor);

}  // namespace saggio::viz::ui
