// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "viz/ui/panel.h"

namespace saggio::viz::ui {

// Along the bottom: the versions of the store, dragged along or played through; times in the world;
// tags; and whether what is shown is the newest.
class TimeBar {
 public:
  void draw(Panel& panel);
  void step(Actor& actor, int versions);  // negative: back
  void play() { plays_ = !plays_; }
  // Stays at what is shown, whatever comes; or goes on with the newest, and what comes.
  void pause(Actor& actor);
  bool plays() const { return plays_; }

 private:
  void bar(Panel& panel, float width);
  static void paint(Session& session, const Box& where);
  void tell(Panel& panel);
  void world(Panel& panel);
  void tags(Panel& panel);
  void advance(Panel& panel);

  bool plays_ = false;
  double waited_ = 0;  // seconds since the last step
  uint64_t gesture_ = 0;
  float behind_ = 0;  // pixels that what stands behind the bar takes
};

}  // namespace saggio::viz::ui
