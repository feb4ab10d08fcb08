// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "viz/ui/panel.h"

namespace saggio::viz::ui {

// Along the top: find, what is shown, undo, and what else there is.
class TopBar {
 public:
  void draw(Panel& panel, const Box& where);
  // For what was typed, or reads ahead: more is found in the next frames.
  bool looks() const { return looks_; }

 private:
  void find(Panel& panel);
  void take(Panel& panel, Slot node);
  void results(Panel& panel, const Box& below);
  void query(Panel& panel);
  void pick_list(Panel& panel);
  void rest(Panel& panel);

  std::string typed_, asked_;
  std::string query_, query_seen_;
  size_t marked_ = 0;
  bool finding_ = false, looks_ = false;
  bool asks_ = false;  // a query is being typed
  float width_ = 0;    // its own
};

}  // namespace saggio::viz::ui
