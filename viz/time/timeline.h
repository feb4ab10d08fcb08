// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "graph/store/history.h"

// What a store went through, for a bar that is dragged along it: its versions with what each of
// them did, their tags, and the times of the world at which something begins or ends to hold. One
// goes there by the command GoTo; this only says where there is to go.
namespace saggio::viz {

struct Moment {  // one version
  graph::Version version = 0;
  graph::TimeUs committed = 0;
  // Nodes and edges by what the version itself says of them: an edge that is not there any more
  // because its end is gone counts for nothing.
  uint64_t added = 0, revised = 0, retired = 0;
  std::vector<std::string> tags;
};

class Timeline {
 public:
  // Takes in what `history`, always the same one, committed since the last call. O(what changed).
  // After a reset begin with a new Timeline.
  void follow(const graph::History& history);

  std::span<const Moment> moments() const { return moments_; }  // [head] of version 1, 2, ...
  graph::Version head() const { return moments_.size(); }
  // All times of the world at which some row of the history begins or ends to hold, ascending, each
  // once: between two neighbours nothing changes.
  std::span<const graph::TimeUs> world_times() const { return world_times_; }

  // Where a bar is at `share` of its length, 0: version 1, 1: the head; versions lie evenly.
  graph::Version version_at(double share) const;
  // The first world time after, or the last one before; nullopt: none.
  std::optional<graph::TimeUs> world_after(graph::TimeUs time) const;
  std::optional<graph::TimeUs> world_before(graph::TimeUs time) const;

  // The versions in at most `most` groups of neighbours, for a bar of so many pixels: what they did
  // together. O(head)
  struct Bar {
    graph::Version first = 0, last = 0;
    uint64_t added = 0, revised = 0, retired = 0;
    bool tagged = false;
  };
  std::vector<Bar> bars(size_t most) const;

 private:
  void take_rows(std::span<const graph::RowNumbers> rows, graph::Version known);
  void take_world(std::vector<graph::TimeUs>& fresh);
  void take_tags(const graph::History& history);

  std::vector<Moment> moments_;
  std::vector<graph::TimeUs> world_times_;
  std::vector<graph::TimeUs> fresh_;  // of take_rows(), not sorted yet
  size_t tags_ = 0;                   // names that were taken
};

}  // namespace saggio::viz
