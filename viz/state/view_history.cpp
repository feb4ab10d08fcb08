// SPDX-License-Identifier: MIT
#include "viz/state/view_history.h"

#include <utility>

namespace saggio::viz {

bool ViewHistory::go(std::vector<ViewState>& from, std::vector<ViewState>& to, ViewState& state) {
  if (from.empty()) return false;
  to.push_back(std::exchange(state, std::move(from.back())));
  from.pop_back();
  return true;
}

bool ViewHistory::perform(const Command& command, const Surroundings& surroundings) {
  const uint64_t before = std::exchange(gesture_, 0);
  const bool goes_on = command.gesture != 0 && command.gesture == before && can_undo();
  if (std::holds_alternative<Undo>(command.action)) return go(undone_to_, redone_to_, state_);
  if (std::holds_alternative<Redo>(command.action)) return go(redone_to_, undone_to_, state_);

  ViewState after = applied(state_, command.action, surroundings);
  gesture_ = command.gesture;
  if (after == state_) return false;
  if (!goes_on) {
    if (undone_to_.size() == kMostSteps) undone_to_.erase(undone_to_.begin());
    undone_to_.push_back(std::move(state_));
  }
  redone_to_.clear();
  state_ = std::move(after);
  return true;
}

}  // namespace saggio::viz
