// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "viz/ui/panel.h"

namespace saggio::viz::ui {

// This picture in words, to be given to somebody else, and pictures that were saved.
class ViewsPanel {
 public:
  void draw(Panel& panel);

 private:
  void save_picture(Panel& panel);
  void tell(Panel& panel);
  void saved(Panel& panel);

  Told query_;
  ViewState of_;                // that it was told of, wherever it was looked at from
  std::string name_, picture_;  // being typed: of a view, of a file
  std::vector<std::string> names_;
  bool read_ = false;  // names_ were
};

}  // namespace saggio::viz::ui
