// SPDX-License-Identifier: MIT
#include "viz/ui/events.h"

#include <imgui.h>

#include <algorithm>
#include <cfloat>

#include "viz/ui/keys.h"

namespace saggio::viz::ui {

void Events::mouse(float x, float y) {
  if (!waiting_.empty())
    if (auto* last = std::get_if<Mouse>(&waiting_.back())) {
      *last = {x, y};
      return;
    }
  waiting_.push_back(Mouse{x, y});
}

void Events::leave() { waiting_.push_back(Leave{}); }

bool Events::feed() {
  ImGuiIO& io = ImGui::GetIO();
  bool pressed = false;  // a key or a button changed: what comes behind it belongs to later frames
  while (!waiting_.empty()) {
    const auto& next = waiting_.front();
    const bool letter = std::holds_alternative<Letter>(next);
    if (pressed && !letter) break;
    if (const auto* k = std::get_if<Key>(&next)) {
      if (k->key >= 0 && k->key < IM_ARRAYSIZE(io.KeysDown)) io.KeysDown[k->key] = k->down;
      io.KeyCtrl = io.KeysDown[key::kLeftControl] || io.KeysDown[key::kRightControl];
      io.KeyShift = io.KeysDown[key::kLeftShift] || io.KeysDown[key::kRightShift];
      io.KeyAlt = io.KeysDown[key::kLeftAlt] || io.KeysDown[key::kRightAlt];
      pressed = true;
    } else if (letter) {
      io.AddInputCharacter(std::get<Letter>(next).character);
    } else if (const auto* b = std::get_if<Button>(&next)) {
      if (b->button >= 0 && b->button < IM_ARRAYSIZE(io.MouseDown))
        io.MouseDown[b->button] = b->down;
      pressed = true;
    } else if (const auto* m = std::get_if<Mouse>(&next)) {
      io.MousePos = {m->x, m->y};
    } else if (const auto* w = std::get_if<Wheel>(&next)) {
      io.MouseWheel += w->notches;
    } else {
      std::fill(std::begin(io.KeysDown), std::end(io.KeysDown), false);
      std::fill(std::begin(io.MouseDown), std::end(io.MouseDown), false);
      io.KeyCtrl = io.KeyShift = io.KeyAlt = false;
      io.MousePos = {-FLT_MAX, -FLT_MAX};
      pressed = true;
    }
    waiting_.pop_front();
  }
  return !waiting_.empty();
}

}  // namespace saggio::viz::ui
