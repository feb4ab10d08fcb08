// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "graph/layout/loops/loops.h"
#include "graph/layout/point.h"

namespace saggio::graph {

// The numbers of the points in the order in which a Hilbert curve passes them: those that follow
// each other lie near each other, without the leaps of a Morton order. Those in one cell ascend.
// The curve fills a cube of 2^30 cells that holds all but outliers, which go to its sides. All
// points must be placed. Throws Interrupted. O(N).
std::vector<uint32_t> along_curve(const LayoutLoops& loops,
                                  std::span<const Point> points,
                                  size_t threads,
                                  const std::stop_token& stop = {});

}  // namespace saggio::graph
