// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "viz/plan/plan.h"

namespace saggio::viz::ui {

enum class Tab { Inspect, Look, Compare, Views, Training };

// What of the window is open and looked at. No part of the view: it is neither undone nor saved.
struct Opened {
  bool side = true, table = false, keys = false;
  Tab tab = Tab::Inspect;
  bool tab_asked = false;                  // by a key: the tab comes to the front in the next frame
  bool to_find = false, to_query = false;  // the letters typed go there
  PickId inspected = 0;                    // a node or an edge
  bool leave = false;                      // close the window
  std::optional<std::string> save;         // the picture, as this file; "": as one that is free

  void show(Tab which) {
    side = tab_asked = true;
    tab = which;
  }
};

}  // namespace saggio::viz::ui
