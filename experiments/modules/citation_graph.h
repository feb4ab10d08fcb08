// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>

#include "experiments/data/labelled_graph.h"
#include "graph/store/store.h"
#include "graph/view/view.h"

// A graph with classes as a reasoning graph, before and after somebody thought about it.
namespace saggio::experiments {

// Adds, and commits, to an empty store:
//
//   node i  --cites-->  node j         both ways for each edge: who cites whom is not in the data
//
// Documents with keys "node 0", "node 1", ...; node i is NodeIndex i of the View that is returned.
graph::View tell_graph(const data::LabelledGraph& graph, graph::Store& store);

// What was said of a node.
struct Classified {
  int32_t node = 0, said = 0;
  float probability = 0;
};

// Adds, for each of them, and commits:
//
//   class of i  --mentions-->  node i     a claim: supported if it is right, else refuted
//
// and, for each node j to learn from that is a neighbour of one of them,
//
//   label of j  --mentions-->  node j     evidence
//   label of j  --supports-->  class of i where i and j are neighbours and the two say the same
//
// Keys are "class of i" and "label of j"; texts are "class 3"; `method` says where the probability is
// from.
void tell_classes(const data::LabelledGraph& graph,
                  std::span<const Classified> classified,
                  const std::string& method,
                  uint64_t seed,
                  graph::Store& store);

}  // namespace saggio::experiments
