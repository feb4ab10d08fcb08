// SPDX-License-Identifier: MIT
#pragma once

#include "viz/plan/font.h"
#include "viz/plan/panel_drawing.h"

struct ImGuiContext;

namespace saggio::viz::ui {

// Dear ImGui with our letters and colours: its context as long as this lives. It knows no window:
// whoever owns one fills ImGuiIO, and so do tests. Keys are numbered as GLFW does it. One at a time.
class Context {
 public:
  // `scale`: of letters and of all that is measured by them; 1 for about 96 pixels an inch. Throws
  // std::runtime_error if there is no font.
  explicit Context(float scale);
  ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  void wear(bool dark);
  float em() const { return em_; }  // pixels: the height of letters
  const Font::Atlas& letters() const { return letters_; }
  // What ImGui::Render() made.
  PanelDrawing drawing() const;

 private:
  ImGuiContext* context_ = nullptr;
  float scale_ = 1, em_ = 0;
  int dark_ = -1;  // what is worn; -1: nothing yet
  Font::Atlas letters_;
};

}  // namespace saggio::viz::ui
