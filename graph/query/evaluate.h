// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "graph/algorithms/bitmap.h"
#include "graph/query/query.h"
#include "graph/store/store.h"
#include "graph/view/view.h"

// The answer to a query: one evaluator for the command line, for programs and for filters.
namespace saggio::graph {

// Which nodes, or which edges, of one View.
struct Selection {
  Target target = Target::Nodes;
  Bitmap set;                      // of N nodes, or of M edges
  std::vector<std::string> notes;  // what a person may have meant otherwise: a type that is unknown

  size_t count() const;
  std::vector<int32_t> indices() const;  // NodeIndex or EdgeIndex, ascending
};

// Reads a text that lies in the store's pack; Reader::text does.
using TextOf = std::function<std::string(const Attributes&)>;

// Which elements of `view` satisfy the query. `history` is the one that the View is of; texts and
// qualifiers lie there, and are read by threads, while `text_of` is called by one at a time. The
// points in time that a query names are those of `view`: see point_of. Cheap conditions are tried
// first, whatever their order, and dear ones only on what is left: numbers, kinds and degrees are
// columns of the view (a few ms for a million); then walks (O(N + M)); then texts.
//
// Throws NoSuchNode; std::invalid_argument if the view is of another point; what `text_of` throws.
Selection evaluate(const Query& query,
                   const View& view,
                   const History& history,
                   const TextOf& text_of);

// With the view that the query is about; where it names no point, as of `otherwise`.
struct Answer {
  View view;
  Selection selection;
};
Answer answer(const Query& query, Reader& reader, const AsOf& otherwise = {});

}  // namespace saggio::graph
