// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "viz/ui/panel.h"
#include "viz/viewer.h"

namespace saggio::viz::ui {

// Another version of this store, or another store, laid under what is shown: what was added, is
// gone, was changed.
class ComparePanel {
 public:
  explicit ComparePanel(Offers recent) : recent_(std::move(recent)) {}

  void draw(Panel& panel);

 private:
  void ask(Panel& panel);
  void another_version(Panel& panel);
  void another_graph(Panel& panel);
  void tell(Panel& panel);
  void changes(Panel& panel);

  Offers recent_;
  std::optional<std::vector<Offer>> offers_;  // nullopt: to be asked for
  int version_ = 1;
  std::string folder_;
  std::vector<ChangedValue> changes_;  // of what was inspected
  PickId of_ = 0;
  std::string in_;  // the caption of that comparison
};

}  // namespace saggio::viz::ui
