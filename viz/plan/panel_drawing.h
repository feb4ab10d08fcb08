// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "viz/plan/overlay.h"

namespace saggio::viz {

// The panels of a window, as triangles in order, each piece within a box of its own. Nothing is
// seen outside of it. `u` and `v` are texels; a solid colour reads a texel that is full.
struct PanelDrawing {
  struct Piece {
    uint32_t first = 0, count = 0;  // of the indices
    Box inside;                     // whole pixels
  };
  std::vector<Overlay::Vertex> vertices;
  std::vector<uint32_t> indices;
  std::vector<Piece> pieces;
};

}  // namespace saggio::viz
