// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "viz/plan/plan.h"

namespace saggio::viz::ui {

// Names for what can be clicked: where it lay in the last frame, and what is said of it to a mouse
// that rests there.
class Widgets {
 public:
  // Right after the widget. An empty `tip` says nothing.
  void named(std::string_view name, std::string_view tip = {});
  void forget() { boxes_.clear(); }  // at the beginning of a frame
  // nullopt: it was not drawn.
  std::optional<Box> box(std::string_view name) const;
  const std::map<std::string, Box, std::less<>>& boxes() const { return boxes_; }

 private:
  std::map<std::string, Box, std::less<>> boxes_;
};

}  // namespace saggio::viz::ui
