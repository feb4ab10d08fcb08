// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <stop_token>
#include <vector>

#include "graph/layout/loops/loops.h"
#include "graph/layout/point.h"

// The force with which points drive each other apart:
//   f_i = sum over j of (p_i - p_j) / (|p_i - p_j|^2 + 0.01)^((D + 1) / 2)
// in D = 3 or, with all points in a plane, 2 dimensions, so that it reaches as far in both;
// all pairs, or far ones by the centres of mass of their neighbourhoods (Barnes, Hut 1986).
//
// The tree is packed: points in the order of a Hilbert curve, eight of them a leaf, eight leaves a
// node, eight nodes the next one; each node knows its points' centre and variance. It has no empty
// places, no pointers and no depth that a dense spot could drive up. Four leaves are a block, whose
// points share one list of what they are driven away by. One thread at a time calls it; its result
// is the same, bit by bit, whatever the number of threads and the instruction set.
namespace saggio::graph {

class Repulsion {
 public:
  // Of points with z = 0 if `dimensions` is 2.
  explicit Repulsion(int dimensions = 3, const LayoutLoops& loops = layout_loops())
      : loops_(&loops),
        repel_(dimensions == 2 ? loops.repel_flat : loops.repel),
        width_(dimensions == 2 ? 6 : 4) {}

  // Every pair. O(N^2).
  void exact(std::span<const Point> points, size_t threads, std::span<Point> forces);
  // A node of the tree is one body for a block if twice the root mean square distance of its points
  // from their centre (in a plane 2.4 times, which is as wide a square as a cube) is less than
  // `theta` times the centre's distance from the block's box. Forces then err, on average, by 4 to
  // 7 % with 1.2, by 1 to 3 % with 0.9. Throws Interrupted; then the forces are of no use.
  // O(N log N).
  void approximate(std::span<const Point> points,
                   float theta,
                   size_t threads,
                   std::span<Point> forces,
                   const std::stop_token& stop = {});

 private:
  struct Level {
    std::vector<float> x, y, z, mass;
    std::vector<float> reach;  // the variance first: the mean squared distance from the centre
    size_t nodes = 0;          // without what fills it up to a multiple of eight
    void resize(size_t count);
    void measure(size_t node, const TreeLevel& children);
    TreeLevel columns() const { return {x.data(), y.data(), z.data(), mass.data(), reach.data()}; }
  };
  struct Scratch {
    std::vector<float> x, y, z, mass;
    std::vector<uint32_t> parents, opened;
    float force[3 * kBlock];
    void make_room(size_t count);  // in the columns
  };

  void place(std::span<const Point> points, size_t threads, const std::stop_token& stop = {});
  void build(float theta, size_t threads, const std::stop_token& stop);
  size_t collect(const Box& box, Scratch& scratch) const;
  Box box_of(size_t block) const;
  void write(size_t block, const Scratch& scratch, std::span<Point> forces) const;
  Sources bodies(size_t block, size_t count) const;

  const LayoutLoops* loops_;
  void (*repel_)(const Sources& bodies, const Sources& sources, float* force);
  float width_;                          // squared, of a node of the tree whose variance is 1
  std::vector<uint32_t> order_;          // [N] along the curve
  std::vector<float> x_, y_, z_, mass_;  // [N] in that order, and up to a multiple of kBlock
  std::vector<Level> levels_;            // leaves first, the top last
};

}  // namespace saggio::graph
