// SPDX-License-Identifier: MIT
// Makes a store with a small known graph in FOLDER and compacts it, for segment_peer.py.
#include <vector>

#include "graph/view/segment.h"

int main(int argc, char** argv) {
  namespace graph = saggio::graph;
  if (argc != 2) return 2;
  graph::Store store = graph::Store::open(argv[1]);
  std::vector<graph::NodeId> sources, targets;
  std::vector<float> weights;
  for (graph::NodeId i = 0; i < 100; ++i) {
    store.add_node(i % 2 ? graph::NodeKind::Claim : graph::NodeKind::Step,
                   {.valid = {graph::kSinceEver, graph::kWithoutEnd}});
    sources.push_back(i);
    targets.push_back(i * i % (i + 1));
    weights.push_back(static_cast<float>(i) / 4);
  }
  store.add_edges(store.type("derives"), sources, targets, weights);
  store.commit();
  graph::compact(store);
}
