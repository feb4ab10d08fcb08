// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <utility>

#include "viz/ui/actor.h"

namespace saggio::viz::ui {

// What lies at a pixel of the picture as it is seen.
using Pick = std::function<PickId(int64_t x, int64_t y)>;

// The mouse above the picture, from ImGuiIO to commands, and nothing else is:
//   drag           turns; in a flat picture shifts        drag, right or middle button   shifts
//   click          selects, with shift another one        double click                   goes there
//   wheel          goes nearer                            ctrl + drag    moves a node and pins it
//   shift + drag   selects what a rectangle holds
// All of one drag is one gesture, undone at once. What begins above a panel is the panel's.
class Pointer {
 public:
  // `picture`: where it lies in the window, pixels; `seen`: grows when another one is drawn.
  void frame(const Box& picture, uint64_t seen, const Pick& pick, Actor& actor);

  PickId under() const { return under_; }  // 0: nothing, or a panel
  // What was clicked since the last call, also an edge; 0: on nothing.
  std::optional<PickId> take_clicked() { return std::exchange(clicked_, std::nullopt); }
  std::optional<Box> rectangle() const;  // being drawn, in pixels of the window
  bool drags() const { return drag_ != Drag::None && moved_; }

 private:
  enum class Drag { None, Turn, Shift, Choose, Move };

  void press(const Pick& pick, const Box& picture, Actor& actor);
  void drag(Actor& actor);
  void move_node(float right, float down, Actor& actor);
  void release(const Box& picture, Actor& actor);
  void select_rectangle(const Box& picture, Actor& actor);
  void click(Actor& actor);
  void wheel(Actor& actor);

  PickId under_ = 0, pressed_on_ = 0;
  std::optional<PickId> clicked_;
  uint64_t seen_ = 0;
  float x_ = -1, y_ = -1;  // of the last look
  Drag drag_ = Drag::None;
  int button_ = 0;
  bool moved_ = false, twice_ = false;
  float from_x_ = 0, from_y_ = 0;
  uint64_t gesture_ = 0, wheel_gesture_ = 0;
};

}  // namespace saggio::viz::ui
