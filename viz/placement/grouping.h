// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/view/view.h"

namespace saggio::viz {

// Which nodes the force layouts draw together.
enum class GroupBy { None, Kind, Run, Community };
std::string_view name(GroupBy by);  // "none", ...
// Throws std::invalid_argument that begins with `what` and names those allowed.
GroupBy group_by_named(std::string_view name, std::string_view what);

// A label for each node, [N]: its kind, or its run, -1 for nodes whose run is not known. Empty for
// None, and for Community, which the layout finds itself (graph::louvain).
std::vector<graph::NodeIndex> group_labels(GroupBy by,
                                           const graph::View& view,
                                           const std::function<std::string(graph::NodeId)>& run_of);

}  // namespace saggio::viz
