// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "viz/compare/comparison.h"
#include "viz/state/marks.h"
#include "viz/state/view_state.h"

namespace saggio::viz {

// The comparison that a view state asks for, made when the state asks for another one.
class Comparing {
 public:
  // Brings it in line with `state` about the store of `own` (borrowed), called `name`. True if what
  // is to be shown is another graph than after the last call. Throws std::invalid_argument for a
  // version that is not there, what Reader::open throws, and what point_of throws; then the comparison
  // is the one before.
  bool follow(const ViewState& state, graph::Reader& own, const std::string& name);
  // What was read is not valid any more.
  void forget();

  const Comparison* get() const { return comparison_.get(); }  // nullptr: nothing is compared

 private:
  struct Asked {
    Compared what;
    graph::AsOf before, after;
  };
  bool is_made(const Asked& asked) const;
  static std::unique_ptr<Comparison> make(const Asked& asked,
                                          graph::Reader& own,
                                          graph::Reader* other,
                                          const std::string& name);

  std::unique_ptr<graph::Reader> other_;  // of another store, as it was when it was opened
  std::optional<Asked> made_;
  std::unique_ptr<Comparison> comparison_;  // borrows it
};

// Hides what is the same in both, but for the ends of edges that are not.
void show_only_differences(Marks& marks, const Scene& scene);

}  // namespace saggio::viz
