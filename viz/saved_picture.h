// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "graph/layout/saved.h"
#include "viz/plan/positions.h"
#include "viz/state/view_state.h"

// A picture as a saved view of the store (graph/layout/saved.h): where its nodes lie, and all that
// was chosen about it, as JSON.
namespace saggio::viz {

graph::SavedView saved_picture(const ViewState& state,
                               const graph::View& view,
                               const Positions& positions);

// What was chosen. Throws std::invalid_argument if the view `name` holds places alone, or anything
// that is no picture's state.
ViewState state_in(const graph::SavedView& saved, std::string_view name);

}  // namespace saggio::viz
