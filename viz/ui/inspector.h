// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "viz/facts.h"
#include "viz/ui/panel.h"

namespace saggio::viz::ui {

// All that the store says of one node or edge, where it comes from and what it is tied to; and what
// can be done with it.
class Inspector {
 public:
  void draw(Panel& panel);

 private:
  void look(Panel& panel);
  void actions(Panel& panel);
  void lift_out(Panel& panel, Slot node);
  void rows(Panel& panel, const char* name, const std::vector<Fact>& facts);
  void ties(Panel& panel);

  std::optional<Facts> facts_;  // of what was inspected, as of what was shown
  PickId of_ = 0;
  graph::AsOf as_of_;
  graph::Version head_ = 0;
  std::optional<Compared> compared_;
};

}  // namespace saggio::viz::ui
