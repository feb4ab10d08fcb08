// SPDX-License-Identifier: MIT
#pragma once

#include <set>
#include <string>
#include <vector>

#include "graph/layout/saved.h"
#include "graph/store/store.h"
#include "viz/placement/arrangement.h"

// Places that outlive the program: STORE/views/layout-NAME.view (graph/layout/saved.h), or the
// user's cache where the store cannot be written. A store that is opened again looks as it was left
// and is not laid out anew; so does a picture that is rendered of it, which writes no such file.
namespace saggio::viz {

// Where the nodes of the view lie, [N], as a saved view holds it.
std::vector<graph::Point> points_of(const graph::View& view, const Positions& positions);
// Puts the nodes of the view where they were; those that have no place stay. `positions` has all
// slots.
void place(const graph::SavedView& saved, const graph::View& view, Positions& positions);

inline constexpr std::string_view kKeptPrefix = "layout-";  // of their names among saved views

struct Kept {
  Places places;
  std::vector<Pin> pins;  // ascending by node
};

class KeptPlaces {
 public:
  // What was kept of this layout, the first time that it is asked for; then nothing. What is
  // damaged, or tells of less than half of the nodes, is left, and notes() say so; so is a
  // layout that is computed for one version, of another.
  Kept take(const graph::Reader& reader, const LayoutOrder& order, size_t slots);
  // Returns the file. Throws graph::FileError if there is no place to write it.
  std::string keep(const graph::Reader& reader,
                   const LayoutOrder& order,
                   const Positions& positions,
                   const std::vector<Pin>& pins,
                   bool moving) const;
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  std::set<std::string> taken_;
  std::vector<std::string> notes_;
};

}  // namespace saggio::viz
