// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "viz/ui/panel.h"

namespace saggio::viz::ui {

// What the run beside the graph logged: how fast it goes, and a curve for each name.
class TrainingPanel {
 public:
  void draw(Panel& panel);

 private:
  void curve(Panel& panel, const Curve& curve, float height);
  std::string wanted_;  // part of a name
};

}  // namespace saggio::viz::ui
