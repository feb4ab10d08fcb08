// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "viz/state/command.h"

namespace saggio::viz {

// The state and how it came to be. Undo goes back one action, or one gesture, and never touches
// what arrived from the store. A state is some hundred bytes, so each step keeps the one before it.
class ViewHistory {
 public:
  explicit ViewHistory(ViewState state = {}) : state_(std::move(state)) {}

  const ViewState& state() const { return state_; }
  // Throws what applied() throws; then nothing has changed. False: there was nothing to undo, to
  // redo, or to change.
  bool perform(const Command& command, const Surroundings& surroundings);
  // The camera followed what it looks at; that is nobody's action, and no step to undo.
  void look(const Camera& camera) { state_.camera = camera; }
  bool can_undo() const { return !undone_to_.empty(); }
  bool can_redo() const { return !redone_to_.empty(); }

 private:
  static constexpr size_t kMostSteps = 1000;
  static bool go(std::vector<ViewState>& from, std::vector<ViewState>& to, ViewState& state);

  ViewState state_;
  std::vector<ViewState> undone_to_, redone_to_;  // the next one last
  uint64_t gesture_ = 0;                          // of the last action
};

}  // namespace saggio::viz
