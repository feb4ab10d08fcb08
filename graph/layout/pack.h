// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <stop_token>

#include "graph/layout/point.h"

namespace saggio::graph {

// Moves the parts of a flat drawing, each as a whole, so that their boxes lie 1 apart or more: on
// shelves, the tallest first, all about as wide together as they are high. part_of [N] is in
// [0, parts).
void pack_parts(std::span<const int32_t> part_of,
                size_t parts,
                std::span<Point> points,
                const std::stop_token& stop = {});

}  // namespace saggio::graph
