// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/store/store.h"

// Two stores as one. Elements are the same by key (graph-store.md 12): a node by its key; an edge by
// the keys of its ends, its type and its ordinal. A node without a key is named after the store that
// it was added to, "UUID#ID", and gets that for a key in every other store, so that it comes in
// once; stores with one UUID are states of one store.
namespace saggio::graph {

// Which of two states stays. The newer one is that of the later commit.
enum class Prefer { Into, Other, Newer };

std::optional<Prefer> find_prefer(std::string_view name);  // "into", "other", "newer"

struct MergeOptions {
  Prefer prefer = Prefer::Into;
};

// An element that is in both stores and says something else in each.
struct MergeConflict {
  std::string element;     // a node's key, or "a -type-> b"
  std::string difference;  // "state", "kind: claim and entity", "retired"
  bool takes_other = false;
};

struct MergeReport {
  uint64_t nodes_added = 0, nodes_revised = 0, edges_added = 0, edges_revised = 0;
  uint64_t unchanged = 0;       // in both, just so
  uint64_t passed_over = 0;     // retired in `into`, or an edge of such a node
  uint64_t embedding_rows = 0;  // copied
  std::vector<MergeConflict> conflicts;
  std::vector<std::string> notes;  // what could not be carried along
};

// Brings the head of `from` into `into` and leaves it pending, with texts, embeddings and
// provenance. Not its history, its tags, and what it has retired. Again, it changes nothing: an
// element that was taken is the same from then on, one that was not is a conflict again. What
// `into` has retired stays so, but a node is added anew if the other state is preferred; an edge's
// number is never used again. A kind never changes: where kinds differ, `into` keeps its node.
// An edge whose ordinal leaves a gap in `into` fills it with edges that are retired at once.
// Throws std::invalid_argument if something is pending. Memory: 8 bytes for each node of `from`,
// what is pending, and the conflicts.
MergeReport merge(Store& into, Reader& from, const MergeOptions& options = {});

}  // namespace saggio::graph
