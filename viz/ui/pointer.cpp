// SPDX-License-Identifier: MIT
#include "viz/ui/pointer.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>

namespace saggio::viz::ui {
namespace {

constexpr float kTurn = 0.008f;  // radians a pixel
constexpr float kStill = 4;      // pixels; a click may move so far

bool inside(const Box& box, const ImVec2& at) {
  return at.x >= box.x && at.y >= box.y && at.x < box.x + box.width && at.y < box.y + box.height;
}

PickId pick_at(const Pick& pick, const Box& picture, const ImVec2& at) {
  return pick(static_cast<int64_t>(at.x - picture.x), static_cast<int64_t>(at.y - picture.y));
}

bool is_node(PickId id) { return id != 0 && !(id & kEdgeBit); }
graph::NodeId node_of(PickId id) { return id - 1; }

}  // namespace

void Pointer::frame(const Box& picture, uint64_t seen, const Pick& pick, Actor& actor) {
  const ImGuiIO& io = ImGui::GetIO();
  const bool above = inside(picture, io.MousePos) && !io.WantCaptureMouse;
  if (drag_ == Drag::None) {
    if (!above) {
      under_ = 0;
      x_ = -1;
      return;
    }
    if (io.MousePos.x != x_ || io.MousePos.y != y_ || seen != seen_) {
      under_ = pick_at(pick, picture, io.MousePos);
      if (io.MousePos.x != x_ || io.MousePos.y != y_) wheel_gesture_ = 0;
      x_ = io.MousePos.x;
      y_ = io.MousePos.y;
      seen_ = seen;
    }
    press(pick, picture, actor);
    wheel(actor);
    return;
  }
  drag(actor);  // a slow frame may hold the last movement and the release
  if (!io.MouseDown[button_]) release(picture, actor);
}

void Pointer::press(const Pick& pick, const Box& picture, Actor& actor) {
  const ImGuiIO& io = ImGui::GetIO();
  for (const int button : {0, 1, 2}) {
    if (!ImGui::IsMouseClicked(button)) continue;
    button_ = button;
    moved_ = false;
    twice_ = io.MouseDoubleClicked[button];
    from_x_ = io.MousePos.x;
    from_y_ = io.MousePos.y;
    pressed_on_ = pick_at(pick, picture, io.MousePos);
    gesture_ = actor.new_gesture();
    const bool flat = actor.session().state().camera.flat;
    drag_ = button != 0                          ? Drag::Shift
            : io.KeyShift                        ? Drag::Choose
            : io.KeyCtrl && is_node(pressed_on_) ? Drag::Move
            : flat                               ? Drag::Shift
                                                 : Drag::Turn;
    return;
  }
}

void Pointer::drag(Actor& actor) {
  const ImGuiIO& io = ImGui::GetIO();
  const float far = std::max(std::abs(io.MousePos.x - from_x_), std::abs(io.MousePos.y - from_y_));
  ImVec2 by = io.MouseDelta;
  if (!moved_ && far > kStill) {  // what it moved until it was a drag counts
    moved_ = true;
    by = {io.MousePos.x - from_x_, io.MousePos.y - from_y_};
  }
  if (!moved_ || (by.x == 0 && by.y == 0)) return;
  if (drag_ == Drag::Turn) actor.perform(Orbit{-kTurn * by.x, kTurn * by.y}, gesture_);
  if (drag_ == Drag::Shift) actor.perform(Pan{by.x, by.y}, gesture_);
  if (drag_ == Drag::Move) move_node(by.x, by.y, actor);
}

// Across the view, at its own depth, so that it stays under the mouse.
void Pointer::move_node(float right, float down, Actor& actor) {
  Session& session = actor.session();
  const Vec3 at = session.positions().at(static_cast<Slot>(node_of(pressed_on_)));
  const Camera& camera = session.state().camera;
  const auto seen = project(camera, session.viewport(), at);
  if (!seen) return;
  const Axes a = axes(camera);
  const Vec3 to = at + (1 / seen->pixels_a_unit) * (right * a.right - down * a.up);
  actor.perform(MoveNode{node_of(pressed_on_), to.x, to.y, to.z}, gesture_);
}

void Pointer::release(const Box& picture, Actor& actor) {
  if (rectangle()) select_rectangle(picture, actor);
  if (!moved_ && button_ == 0) click(actor);
  drag_ = Drag::None;
  moved_ = false;
  x_ = -1;
}

void Pointer::select_rectangle(const Box& picture, Actor& actor) {
  const Box box = *rectangle();
  actor.perform(SelectRect{box.x - picture.x, box.y - picture.y, box.width, box.height, "also"});
}

std::optional<Box> Pointer::rectangle() const {
  if (drag_ != Drag::Choose || !moved_) return std::nullopt;
  const ImVec2 at = ImGui::GetIO().MousePos;
  return Box{std::min(at.x, from_x_),
             std::min(at.y, from_y_),
             std::abs(at.x - from_x_),
             std::abs(at.y - from_y_)};
}

void Pointer::click(Actor& actor) {
  clicked_ = pressed_on_;
  const bool also = drag_ == Drag::Choose;
  const auto& selection = actor.session().state().selection;
  if (is_node(pressed_on_)) {
    const graph::NodeId node = node_of(pressed_on_);
    const bool had = std::find(selection.begin(), selection.end(), node) != selection.end();
    actor.perform(Select{{node}, !also ? "only" : had ? "not" : "also"});
    if (twice_) actor.perform(LookAt{node});
  } else if (pressed_on_ == 0 && !also && !selection.empty()) {
    actor.perform(Select{});
  }
}

void Pointer::wheel(Actor& actor) {
  const float notches = ImGui::GetIO().MouseWheel;
  if (notches == 0) return;
  if (wheel_gesture_ == 0) wheel_gesture_ = actor.new_gesture();
  actor.perform(Zoom{notches}, wheel_gesture_);
}

}  // namespace saggio::viz::ui
