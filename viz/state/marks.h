// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "graph/query/evaluate.h"
#include "viz/scene/scene.h"
#include "viz/state/view_state.h"

// What of the graph a view state shows, dims and lifts out, found by the graph's own query
// language, algorithms and proofs: the viewer has no second opinion about any of them.
namespace saggio::viz {

enum MarkBits : uint8_t {
  kShown = 1,     // part of the picture
  kStrong = 2,    // stands out
  kSelected = 4,  // nodes only
};

struct Marks {
  std::vector<uint8_t> nodes, edges;  // [N], [M] by slot; 0: hidden
  bool dims = false;                  // what is not strong is dimmed
  size_t nodes_shown = 0, edges_shown = 0;
  // What a person is told: "no path from #3 to #7", "the query has no node of type x".
  std::vector<std::string> notes;
};

// The graph that the scene shows: the View at scene.as_of(), and the history that it is of.
// Borrowed.
struct Subject {
  const graph::View& view;
  const graph::History& history;
  const graph::TextOf& text_of;
};

// Shown is what satisfies the filter, and lies within the focus, after the folds (folds.h). A filter for nodes shows the edges
// between them, one for edges their ends. Strong are
//   path     the shortest path from `node` to `to` along the edges; or, if there is none, along
//            them either way, which a note says
//   proof    the best proof of `node`; if it is not live, a note says so
//   against  the live sources that contradict `node` or what supports it, with `node`
//   core     of each contradiction between what is live, the sources that bring about both sides
//            and not one more, with the proofs of both (graph/reasoning/core.h)
// and what stands out is shown even if the filter hides it. Elements that are not there any more
// are left out in silence: a state outlives what it names. O(N + M) and what the question takes;
// throws what graph::evaluate throws.
Marks marks_of(const ViewState& state, const Scene& scene, const Subject& subject);

// The same marks with another selection. O(N)
void select_in(Marks& marks, std::span<const graph::NodeId> selection, const Scene& scene);

// Whether the state asks of the graph for nothing but what is there, and perhaps a selection.
bool shows_all(const ViewState& state);
// The marks of a state that shows_all(), after scene.touched(), which is not all. O(what was touched)
void follow_in(Marks& marks, std::span<const graph::NodeId> selection, const Scene& scene);

// The point on both clocks that the state is about; the filter's own 'as of' and 'valid at' count
// where it has them. Throws QueryError, std::invalid_argument.
graph::AsOf point_of(const ViewState& state, const graph::History& history);

}  // namespace saggio::viz
