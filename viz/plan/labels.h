// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "viz/plan/build_plan.h"

namespace saggio::viz {

// A node that may be labelled; the most important first.
struct LabelWish {
  Slot node = 0;
  float x = 0, y = 0, radius = 0;  // of the node, in pixels
  bool strong = false;
  bool covers = false;  // it may be set upon other nodes, if there is no other room
};

struct PlacedLabels {
  std::vector<Label> labels;
  size_t left_out = 0;  // wishes for which there was no room
};

// Places up to `most` labels, the most important first, each beside its node where there is room:
// right, left, above or below, or above or below from an edge of the node on. No label overlaps
// another one or a box of `taken`, and none leaves the viewport; those that do not say `covers` keep
// off the nodes of `obstacles`. Whether a label is there depends on the order of the wishes and on
// where things lie, so it stays while the camera moves a little. O(wishes) by a grid.
PlacedLabels place_labels(std::span<const LabelWish> wishes,
                          std::span<const Box> obstacles,
                          std::span<const Box> taken,
                          const Viewport& viewport,
                          size_t most,
                          const TextSizes& text,
                          const std::function<std::string(Slot)>& label_of);

}  // namespace saggio::viz
