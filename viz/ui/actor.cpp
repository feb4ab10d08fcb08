// SPDX-License-Identifier: MIT
#include "viz/ui/actor.h"

#include <exception>

#include "graph/query/query.h"

namespace saggio::viz::ui {

bool Actor::perform(const Action& action, uint64_t gesture) {
  const Command command{action, gesture};
  bool changed = false;
  if (attempt([&] { changed = session_.perform(command); })) note_.clear();
  if (changed && record_) record_(to_line(command));
  return changed;
}

bool Actor::attempt(const std::function<void()>& deed) {
  try {
    deed();
    return true;
  } catch (const std::exception& error) {
    note_ = error.what();
    return false;
  }
}

}  // namespace saggio::viz::ui
