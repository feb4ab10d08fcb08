// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "viz/state/camera.h"
#include "viz/ui/events.h"

struct GLFWwindow;
struct GLFWcursor;

namespace saggio::viz::window {

// A window of the machine's (GLFW), and ImGuiIO filled with what a person does in it. One at a time,
// of the main thread.
class Pane {
 public:
  // Throws NoDevice if there is no display.
  Pane(const std::string& title, uint32_t width, uint32_t height);
  ~Pane();
  Pane(const Pane&) = delete;
  Pane& operator=(const Pane&) = delete;

  GLFWwindow* handle() const { return window_; }
  std::vector<const char*> extensions() const;  // that Vulkan needs to draw into it
  float scale() const;                          // of letters, as the screen asks for
  Viewport size() const;                        // pixels; 0: minimised
  bool closing() const;
  void close();
  void set_title(const std::string& title);

  // Takes in what happened; waits for it at most so many seconds; below 0: however long. True if
  // anything did.
  bool listen(double seconds);
  // Before each frame of Dear ImGui: size, time, and as much of what happened as a frame can take.
  // True if something is left for the next one.
  bool fill_io();

 private:
  GLFWwindow* window_ = nullptr;
  bool touched_ = true;
  ui::Events events_;
  double time_ = 0;  // of the last frame
  GLFWcursor *arrow_ = nullptr, *beam_ = nullptr;
  std::string title_;

  void watch();
  static Pane& of(GLFWwindow* window);
};

}  // namespace saggio::viz::window
