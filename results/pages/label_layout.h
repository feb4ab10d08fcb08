// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

// Places for labels beside points, so that they hide neither each other nor the points. All lengths
// in px, y upwards.
namespace saggio::results {

struct Box {
  double left, bottom, right, top;
};

bool overlap(const Box& a, const Box& b);

struct LabelRequest {
  double x, y;           // the point
  double width, height;  // the text
};

// One box per request, in order; greedy over eight places around each point and then further out,
// so that few labels always fit. `obstacles` are to be kept free as well; boxes stay inside
// `canvas` wherever one place does. Where all places collide, the one with the least overlap.
std::vector<Box> place_labels(const std::vector<LabelRequest>& requests,
                              const std::vector<Box>& obstacles,
                              const Box& canvas);

}  // namespace saggio::results
