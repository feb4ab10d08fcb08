// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "viz/session.h"

namespace saggio::viz::ui {

// The one way from a person's hand to the session: every action of the mouse, of a key or of a panel
// is a Command that goes through here. A refusal is a line to read, never an end.
class Actor {
 public:
  // `record`: is told each command that changed something, as its line; may be empty.
  Actor(Session& session, std::function<void(const std::string&)> record)
      : session_(session), record_(std::move(record)) {}

  Session& session() const { return session_; }

  // True if something changed.
  bool perform(const Action& action, uint64_t gesture = 0);
  // Anything else that may refuse, such as a search for what is no regular expression.
  bool attempt(const std::function<void()>& deed);
  uint64_t new_gesture() { return ++gestures_; }

  void say(std::string text) { note_ = std::move(text); }
  const std::string& note() const { return note_; }  // the last one; empty: nothing to say

 private:
  Session& session_;
  std::function<void(const std::string&)> record_;
  uint64_t gestures_ = 0;
  std::string note_;
};

}  // namespace saggio::viz::ui
