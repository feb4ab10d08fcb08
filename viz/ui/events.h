// SPDX-License-Identifier: MIT
#pragma once

#include <deque>
#include <variant>

namespace saggio::viz::ui {

// What a person did, in its order, given to Dear ImGui a frame at a time. ImGuiIO holds one state of
// each key and button, so that a press and its release must be seen by different frames, and a
// button goes down where the mouse was then: a slow frame loses nothing of what was typed and
// clicked meanwhile.
class Events {
 public:
  void key(int key, bool down) { waiting_.push_back(Key{key, down}); }
  void letter(unsigned character) { waiting_.push_back(Letter{character}); }
  void button(int button, bool down) { waiting_.push_back(Button{button, down}); }
  void mouse(float x, float y);  // pixels; consecutive moves are one
  void wheel(float notches) { waiting_.push_back(Wheel{notches}); }
  void leave();  // the mouse left, or another window is typed into: nothing is held any more

  // Fills ImGuiIO with as much as one frame can take. True if something is left for the next one.
  bool feed();
  bool empty() const { return waiting_.empty(); }

 private:
  struct Key {
    int key;
    bool down;
  };
  struct Letter {
    unsigned character;
  };
  struct Button {
    int button;
    bool down;
  };
  struct Mouse {
    float x, y;
  };
  struct Wheel {
    float notches;
  };
  struct Leave {};
  std::deque<std::variant<Key, Letter, Button, Mouse, Wheel, Leave>> waiting_;
};

}  // namespace saggio::viz::ui
