// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "graph/store/store.h"
#include "tests/graph/layout/shapes.h"

namespace saggio::viz {

// A new store in this folder: scale-free, two edges a node, with confidences if asked for.
inline void write_scale_free(const std::string& folder,
                             graph::NodeIndex nodes,
                             bool confidences = false) {
  graph::Store store = graph::Store::open(folder);
  for (graph::NodeIndex x = 0; x < nodes; ++x) {
    graph::Attributes attributes;
    if (confidences) attributes.confidence.probability = static_cast<float>(x % 100) / 100;
    store.add_node(static_cast<graph::NodeKind>(x % 4), attributes, std::to_string(x));
  }
  store.commit(graph::Durability::Visible);
  const graph::EdgeList list = graph::scale_free(nodes, 2);
  std::vector<graph::NodeId> sources, targets;
  for (const graph::Arc& arc : list.arcs) {
    sources.push_back(static_cast<graph::NodeId>(arc.source));
    targets.push_back(static_cast<graph::NodeId>(arc.target));
  }
  store.add_edges(store.type("supports"), sources, targets);
  store.commit(graph::Durability::Visible);
}

}  // namespace saggio::viz
