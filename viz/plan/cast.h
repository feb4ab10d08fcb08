// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "viz/plan/crowd.h"
#include "viz/plan/positions.h"
#include "viz/state/marks.h"

// Who appears in a picture, from wherever it is looked at: made when data, places, looks or marks
// change, and not when the camera moves.
namespace saggio::viz {

struct Sources {  // borrowed
  const Scene& scene;
  const Positions& positions;
  const Marks& marks;
  const Looks& looks;
};

// Up to how many elements are drawn one by one, with their outlines, arrows and curves. Above these,
// where a crowd is drawn in less time and is easier to read, those that are selected or strong still
// are.
struct Limits {
  size_t balls = 8'000, lines = 5'000;
  size_t threads = 2'000'000;  // edges of a crowd; a sample of what is more
};

// A node that may be labelled.
struct Landmark {
  Slot node = 0;
  float x = 0, y = 0, z = 0, radius = 0;
  // 0: selected, 1: strong, 2: a question or an answer or, of two graphs, what differs, 3: others
  uint8_t rank = 0;
  uint32_t degree = 0;
};

struct Cast {
  std::vector<Ball> balls;  // the dimmed ones first; of either, by slot
  size_t dimmed = 0;
  std::vector<Line> lines;  // the straight ones first; of either, by slot; widths in units
  size_t curved = 0;
  std::shared_ptr<const Crowd> crowd;  // null: there is none
  std::vector<Landmark> landmarks;
  float node_radius = 0;  // of most
  Vec3 low, high;         // a box around all of it
};

// Of what is shown and has a place; what is not strong, if something is, in pale colours. Edges run
// from surface to surface; those between nodes that touch are not drawn. Several between the same
// two nodes fan out. O(N + M). Throws std::invalid_argument if the columns are not those of the
// scene.
Cast cast_of(const Style& style,
             const Sources& sources,
             float node_radius,
             const Limits& limits = {});

}  // namespace saggio::viz
