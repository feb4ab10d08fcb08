// SPDX-License-Identifier: MIT
#pragma once

#include <span>

#include "viz/ui/panel.h"
#include "viz/ui/time_bar.h"

namespace saggio::viz::ui {

// What keys may touch.
struct KeyPlace {
  Panel& panel;
  TimeBar& time;
  uint64_t& held;  // the gesture of the key that is held
};

// Every key that does something, what it does, in words and in deed: the overview is made of this
// table, so that it cannot lie.
struct Key {
  const char* group;
  const char* shown;  // "Ctrl+Z"
  const char* what;
  int key;
  bool ctrl, shift;
  void (*act)(KeyPlace&);
};
std::span<const Key> key_table();

// Does what keys ask that were pressed since the last frame, unless letters are being typed.
void press_keys(KeyPlace& place);
void key_overview(Panel& panel);

}  // namespace saggio::viz::ui
