// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
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

inline constexpr Slot kNobody = UINT32_MAX;

// A node that may be labelled.
struct Landmark {
  Slot node = kNobody;
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

// The cast of sources that stay where they are while what they hold changes: made piece by piece,
// and then kept up to date at the price of what changed.
//
// Cast are those that are shown and have a place; what is not strong, if something is, in pale
// colours. Edges run from surface to surface; those between nodes that touch are not drawn. Several
// between the same two nodes fan out. In a crowd an element stands where its slot says, unless most
// slots are hidden.
class Casting {
 public:
  using Clock = std::chrono::steady_clock;

  // Throws std::invalid_argument if the columns are not those of the scene.
  Casting(const Style& style, const Sources& sources, float node_radius, const Limits& limits = {});

  // Goes on until it is done, which it then says, or a little after `until`. O(N + M) altogether
  bool step(Clock::time_point until = Clock::time_point::max());
  bool done() const { return phase_ == Phase::Done; }
  // What the sources say of these changed, and nothing else did. False if another cast has to be
  // made, and this one is still of what it was. O(what changed), and of a graph that is no crowd
  // O(N + M).
  bool follow(const Touched& touched);

  const Cast& cast() const { return cast_; }  // once it is done
  Cast take() { return std::move(cast_); }

 private:
  enum class Phase { CountNodes, Nodes, CountEdges, Edges, Landmarks, Done };

  void begin();
  size_t phase_size() const;
  void some(size_t begin, size_t end);
  void end_phase();
  void share();

  bool drawn(Slot node) const;
  bool edge_drawn(Slot edge) const;
  bool is_dim(uint8_t bits) const { return s_.marks.dims && !(bits & kStrong); }
  bool is_strong(uint8_t bits) const { return s_.marks.dims && (bits & kStrong); }
  float radius_of(Slot node) const { return radius_ * s_.looks.sizes[node]; }
  Rgba pale(Rgba colour, bool dim) const;

  void count_node(Slot slot);
  void bound(Vec3 at);
  void bound_all();
  bool is_many_nodes() const { return nodes_drawn_ > limits_.balls; }
  bool is_node_by_slot() const { return 2 * nodes_drawn_ >= node_is_.size(); }
  void choose_nodes();
  void put_node(size_t at);
  void put_balls();
  Ball ball(Slot slot) const;
  void put_landmark(size_t at);

  void count_edge(Slot slot, bool add);
  uint8_t colour_of(Slot edge);
  bool is_many_edges() const { return edges_drawn_ > limits_.lines; }
  bool is_edge_by_slot() const { return 2 * threads_ >= edge_is_.size(); }
  void choose_edges();
  bool choose_hues();
  void put_edge(size_t at);
  void lines();
  void add_line(Slot slot, float bend);
  void add_loop(Slot slot, size_t nth);
  Line line(Slot slot) const;

  bool follow_nodes(const std::vector<Slot>& touched);
  bool follow_edges(const std::vector<Slot>& touched);

  const Sources s_;
  const Theme& theme_;
  const float radius_;
  const Limits limits_;
  Cast cast_;
  Crowd crowd_;  // shares its pages with that of the cast
  Phase phase_ = Phase::Done;
  size_t at_ = 0;      // in the phase
  bool sound_ = true;  // nothing came that it could not follow
  Touched late_;       // came before it was done

  // [N] how it is drawn, unless there are so few that all are alone
  enum NodeIs : uint8_t { kAway, kAlone, kInCrowd };
  std::vector<uint8_t> node_is_;
  std::vector<uint32_t> degree_;  // [N] of edges that are shown
  size_t nodes_drawn_ = 0;
  bool many_nodes_ = false, node_by_slot_ = false;
  std::vector<Slot> nodes_listed_;  // unless they are by slot

  enum EdgeIs : uint8_t { kCounted = 1, kDrawn = 2 };  // in degree_, in edges_drawn_
  struct Colour {
    Rgba rgba;
    size_t edges = 0;
  };
  std::vector<uint8_t> edge_is_;      // [M] EdgeIs
  std::vector<uint8_t> edge_colour_;  // [M] 1 + that in colours_; 0: no crowd has it
  std::vector<Colour> colours_;       // as they came
  std::vector<uint16_t> hue_of_;      // [colours_]
  size_t edges_drawn_ = 0;            // but for the strong ones
  size_t threads_ = 0;                // and those that a crowd has no length for
  bool many_edges_ = false, edge_by_slot_ = false;
  size_t step_ = 1;                 // of the sample that is taken
  std::vector<Slot> edges_listed_;  // unless they are by slot
};

// Made at once.
Cast cast_of(const Style& style,
             const Sources& sources,
             float node_radius,
             const Limits& limits = {});

}  // namespace saggio::viz
