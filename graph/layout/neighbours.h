// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "graph/interrupt.h"
#include "graph/view/view.h"

// What a layout sees of a graph. What takes a stop token throws Interrupted when that is requested.
namespace saggio::graph {

// Who is joined to whom, whichever way edges point: ascending, each neighbour once however many
// edges there are, nobody its own neighbour.
struct Neighbours {
  std::vector<int64_t> ptr;   // [N+1]
  std::vector<NodeIndex> to;  // both ends of each pair

  NodeIndex nodes() const { return static_cast<NodeIndex>(ptr.size() - 1); }
  std::span<const NodeIndex> operator[](NodeIndex node) const {
    return {to.data() + ptr[static_cast<size_t>(node)],
            to.data() + ptr[static_cast<size_t>(node) + 1]};
  }
};

// O(N + M log of the largest degree). Verifies the View first.
Neighbours neighbours_of(const View& view, const std::stop_token& stop = {});

// Hops from `source` to all that hangs together with it, in that order: depth[x] for each x in
// `reached`, which begins with the source; other depths are left alone, and must have been -1.
void hops_from(const Neighbours& neighbours,
               NodeIndex source,
               std::vector<int32_t>& depth,
               std::vector<NodeIndex>& reached,
               const std::stop_token& stop = {});

}  // namespace saggio::graph
