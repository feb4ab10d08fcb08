// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "viz/compare/unite.h"
#include "viz/plan/plan.h"
#include "viz/scene/difference.h"

// Two graphs as one: two versions of a store, or two stores, whose elements are the same where their
// keys are (graph-store.md 12). The union is a History of its own, so that scene, layout, queries
// and proofs take it for any other store; beside it stands what became of each element.
namespace saggio::viz {

struct ChangedValue {
  std::string name, before, after;  // of an attribute; empty: it has none
  bool operator==(const ChangedValue&) const = default;
};

class Comparison {
 public:
  // What is there as of `after` alone was added. With one reader on both sides elements are the
  // same by id; else by key, and who said so makes no difference, since of two runs it always
  // differs. O(all that both ever had)
  Comparison(const ComparedSide& before, const ComparedSide& after);

  // At its head is what either has, as `after` says it, or else `before`. Ids below those that
  // `after` ever gave out are its own; what another store alone has comes behind. Without embeddings;
  // its versions mean nothing.
  const graph::History& history() const { return united_; }
  const DifferenceColumns& differences() const { return differences_; }
  const DifferenceCounts& nodes() const { return node_counts_; }
  const DifferenceCounts& edges() const { return edge_counts_; }
  // "version 7 against version 3   nodes: 2 added, 1 removed   edges: 4 added"
  std::string caption() const;

  // Which attributes of a changed element became what; of any other, none. Throws
  // std::runtime_error if a long text cannot be read.
  std::vector<ChangedValue> changes_of(PickId picked) const;

 private:
  using Pairs = std::vector<std::pair<uint64_t, uint64_t>>;  // slot, id in `before`; ascending

  OneSided find_in_one_store();
  OneSided find_in_two();
  void count();

  ComparedSide before_, after_;
  Pairs changed_nodes_, changed_edges_;
  graph::History united_;
  DifferenceColumns differences_;
  DifferenceCounts node_counts_{}, edge_counts_{};
};

// The attributes in which two states differ, in words.
std::vector<ChangedValue> changed_values(const graph::Attributes& before,
                                         const std::string& text_before,
                                         const graph::Attributes& after,
                                         const std::string& text_after);

}  // namespace saggio::viz
