// SPDX-License-Identifier: MIT
#include "graph/view/diff.h"

namespace saggio::graph {
namespace {

// get(id, as_of) gives an element, or nullopt where it is not there.
template <typename Get>
ElementDiff compare(uint64_t count, const AsOf& from, const AsOf& to, const Get& get) {
  ElementDiff found;
  for (uint64_t id = 0; id < count; ++id) {
    const auto before = get(id, from), after = get(id, to);
    if (before && after) {
      if (before->attributes != after->attributes) found.changed.push_back(id);
    } else if (before) {
      found.gone.push_back(id);
    } else if (after) {
      found.added.push_back(id);
    }
  }
  return found;
}

}  // namespace

Diff diff(const History& history, const AsOf& from, const AsOf& to) {
  return {compare(history.node_count(),
                  from,
                  to,
                  [&](uint64_t id, const AsOf& as_of) { return history.node(id, as_of); }),
          compare(history.edge_count(), from, to, [&](uint64_t id, const AsOf& as_of) {
            return history.edge(id, as_of);
          })};
}

}  // namespace saggio::graph
