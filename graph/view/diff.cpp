// SPDX-License-Identifier: MIT
#include "graph/view/diff.h"

#include <algorithm>
#include <numeric>

namespace saggio::graph {
namespace {

void sort_unique(std::vector<uint64_t>& ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

std::vector<uint64_t> all_below(uint64_t count) {
  std::vector<uint64_t> ids(count);
  std::iota(ids.begin(), ids.end(), uint64_t{0});
  return ids;
}

// get(id, as_of) gives an element, or nullopt where it is not there.
template <typename Get>
ElementDiff compare(const std::vector<uint64_t>& ids,
                    const AsOf& from,
                    const AsOf& to,
                    const Get& get) {
  ElementDiff found;
  for (const uint64_t id : ids) {
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

// What may differ between two versions at the same time in the world: what was changed or added
// since the earlier one, and the edges of nodes that came or went.
struct Candidates {
  std::vector<NodeId> nodes;
  std::vector<EdgeId> edges;
};

Candidates between(const History& history, const AsOf& from, const AsOf& to) {
  Changes changes = history.changes_since(std::min(from.version, to.version));
  Candidates found{std::move(changes.nodes), std::move(changes.edges)};
  for (const NodeId node : found.nodes) {
    if (history.has_node(node, from) == history.has_node(node, to)) continue;
    for (const AsOf& as_of : {from, to})
      for (const auto& edges : {history.out(node, as_of), history.in(node, as_of)})
        found.edges.insert(found.edges.end(), edges.begin(), edges.end());
  }
  for (NodeId id = changes.first_node; id < history.node_count(); ++id) found.nodes.push_back(id);
  for (EdgeId id = changes.first_edge; id < history.edge_count(); ++id) found.edges.push_back(id);
  sort_unique(found.nodes);
  sort_unique(found.edges);
  return found;
}

}  // namespace

Diff diff(const History& history, const AsOf& from, const AsOf& to) {
  const bool same_world = from.world == to.world && from.certain == to.certain;
  const Candidates ids =
      same_world ? between(history, from, to)
                 : Candidates{all_below(history.node_count()), all_below(history.edge_count())};
  return {compare(ids.nodes,
                  from,
                  to,
                  [&](uint64_t id, const AsOf& as_of) { return history.node(id, as_of); }),
          compare(ids.edges, from, to, [&](uint64_t id, const AsOf& as_of) {
            return history.edge(id, as_of);
          })};
}

}  // namespace saggio::graph
