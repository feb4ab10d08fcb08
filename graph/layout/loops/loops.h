// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

// The innermost loops of the force layout, compiled once per instruction set (CMakeLists.txt). All
// give the same bits: every sum runs over its sources in their order, bodies lie in the lanes, and
// nothing is contracted.
namespace saggio::graph {

inline constexpr size_t kBlock = 32;        // bodies that share a list of sources
inline constexpr size_t kChildren = 8;      // of a node of the tree; bodies of a leaf
inline constexpr float kSoftening = 1e-2F;  // added to squared distances: no force between equals

// Where things with mass lie, as columns.
struct Sources {
  const float *x, *y, *z, *mass;
  size_t count;
};

// The nodes of one level of the tree, as columns: centre of mass, mass, and the squared distance
// from which the node is taken as one body.
struct TreeLevel {
  const float *x, *y, *z, *mass, *reach;
};

struct Box {
  float low[3], high[3];
};

// Where the nodes of a level go, each to one of two lists. Both have room for all of them.
struct Split {
  float *x, *y, *z, *mass;  // those far enough from the box are taken as one body
  size_t taken;             // so many
  uint32_t* opened;         // the others, by number
  size_t opened_count;
};

// Where the curve begins, and how many of its cells go into 1.
struct Cells {
  float low[3], scale;
};
inline constexpr int kCellBits = 10;  // of a cell's number along one axis; what lies outside counts
                                      // as lying in the outermost cell

// Where a point's pairs want it: those at x, y, z, so many hops away, with these weights; `count`
// is a multiple of eight.
struct Wishes {
  const float *x, *y, *z, *hops, *weight;
  size_t count;
};

struct LayoutLoops {
  // force[axis][i] += sum over sources s of mass_s (p_i - s) / (|p_i - s|^2 + kSoftening)^2, for
  // the kBlock bodies at p; force is [3][kBlock].
  void (*repel)(const Sources& bodies, const Sources& sources, float* force);
  // In a plane, where z counts as 0: the same with (|p_i - s|^2 + kSoftening)^1.5. Quotients are
  // within 2e-5.
  void (*repel_flat)(const Sources& bodies, const Sources& sources, float* force);
  // sum[0..2] += sum over pairs of weight (q + hops (p - q) / |p - q|), sum[3] += that of the
  // weights; with a distance of zero nothing is added to q. Quotients are within 1e-5.
  void (*wish)(const float (&point)[3], const Wishes& wishes, float (&sum)[4]);
  // The step of a Hilbert curve at which it passes the cell of each point, times 2^32, plus the
  // number of the point (Skilling 2004, "Programming the Hilbert curve"). points is [count][3].
  void (*keys)(
      const float* points, size_t count, uint32_t first, const Cells& cells, uint64_t* keys);
  // The children of the nodes `parents`, which stand at kChildren times their parent's number.
  void (*split)(const TreeLevel& level,
                const Box& box,
                const uint32_t* parents,
                size_t parent_count,
                Split& result);
};

// The fastest table that this processor runs.
const LayoutLoops& layout_loops();
// All tables that it runs, for tests; the plain one first.
size_t layout_loop_tables(const LayoutLoops* (&tables)[2]);

}  // namespace saggio::graph
