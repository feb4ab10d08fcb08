// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include "viz/example.h"
#include "viz/ui/desk.h"
#include "viz/ui/start_page.h"
#include "viz/viewer.h"
#include "viz/vulkan/panels.h"
#include "viz/vulkan/renderer.h"
#include "viz/window/pane.h"
#include "viz/window/swapchain.h"

namespace saggio::viz::window {

// A window with a graph in it, from its opening to its end. The graph is drawn as `--render` draws
// it, when something of it changed; panels over it when anything happened; and else nothing.
class App {
 public:
  // Throws NoDevice, and what opening the store and its choices throw.
  explicit App(const WindowRequest& request);
  void run();

 private:
  using Clock = std::chrono::steady_clock;

  void open(const std::string& folder);
  void take_opened();
  void frame();
  void start_frame();
  void draw_picture();
  void save_picture(const std::string& file);
  void present();
  void follow();
  void keep_places();
  std::string how_far() const;
  double patience() const;  // seconds to wait for something to happen

  WindowRequest request_;
  Pane pane_;
  vulkan::Renderer renderer_;
  Swapchain swapchain_;
  vulkan::Panels panels_;
  ui::Desk desk_;
  ui::StartPage start_;
  Font font_;
  std::unique_ptr<Example> example_;
  std::unique_ptr<Session> session_;
  std::string opening_name_;
  std::unique_ptr<ui::Actor> actor_;
  std::vector<Offer> offers_;  // of the start page: the example first
  std::string note_;           // there
  std::optional<ViewState> drawn_;
  Viewport drawn_size_{0, 0};
  Clock::time_point drawn_at_{};
  bool still_ = true;           // all of it is drawn
  bool moved_ = false;          // the layout, since its places were kept
  bool stale_ = true;           // the picture, whatever the state says
  uint64_t seen_ = 0;           // pictures so far
  int frames_ = 3;              // still to be drawn: panels settle in a few
  Clock::time_point looked_{};  // when follow() was called last
  // The last member: its thread uses others.
  std::unique_ptr<Background<std::unique_ptr<Session>>> opening_;
};

}  // namespace saggio::viz::window
