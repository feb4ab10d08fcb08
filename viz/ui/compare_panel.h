// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "viz/ui/panel.h"

namespace saggio::viz::ui {

// Another version of this store, or another store, laid under what is shown: what was added, is
// gone, was changed.
class ComparePanel {
 public:
  void draw(Panel& panel);

 private:
  void ask(Panel& panel);
  void tell(Panel& panel);
  void changes(Panel& panel);

  int version_ = 1;
  std::string folder_;
  std::vector<ChangedValue> changes_;  // of what was inspected
  PickId of_ = 0;
  std::string in_;  // the caption of that comparison
};

}  // namespace saggio::viz::ui
