// SPDX-License-Identifier: MIT
#pragma once

#include "viz/state/marks.h"

namespace saggio::viz {

// Does the state's folds, in their order, to marks that say what filter and focus show:
//   expand    shows the node, its edges in that direction, and the nodes at their other ends,
//             whatever filter and focus say of them
//   collapse  hides what is tied to the rest by the node alone. Without the node, what is shown and
//             tied to it falls into parts; with a focus, those without a node of the focus are
//             hidden; else those that are one node, or at most half of all in the parts
// Nodes that are not there are left out. O(N + M) for each collapse, O(degree) for each expand.
void apply_folds(const ViewState& state, const graph::View& view, Marks& marks);

}  // namespace saggio::viz
