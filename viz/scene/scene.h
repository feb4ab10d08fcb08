// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "graph/store/history.h"
#include "viz/scene/difference.h"
#include "viz/scene/revisions.h"

// The graph as the viewer holds it: columns, one entry for each node and each edge that the store
// ever had, in its order, so that a slot is a NodeId or an EdgeId and never moves: positions,
// colours and selections stay with their element while versions come and go. The scene copies what
// it shows and outlives the store. It holds no texts: those are asked for when something is
// labelled.
namespace saggio::viz {

// What is shown otherwise than before; a slot may be named twice.
struct Touched {
  bool all = false;
  std::vector<Slot> nodes, edges;
};

class Scene {
 public:
  struct Nodes {                 // [N]
    std::vector<uint8_t> there;  // 1: part of what is shown
    std::vector<graph::NodeKind> kind;
    std::vector<graph::Status> status;  // this and below: of what is there
    std::vector<float> probability;     // NaN: not known
  };
  struct Edges {                 // [M]
    std::vector<uint8_t> there;  // 1: it and both of its ends
    std::vector<Slot> source, target;
    std::vector<graph::TypeId> type;
    std::vector<graph::Status> status;
    std::vector<float> probability, weight;
  };

  // Takes in what `history`, always the same one, committed since the last call; what is shown
  // stays as it is until show(). O(what changed), the first time O(all). After a reset begin with a
  // new Scene. Throws std::invalid_argument if the history is shorter than what was taken.
  void follow(const graph::History& history);
  graph::Version head() const { return head_; }  // what was taken

  // Makes the columns those of this point; a version above head() is head(). O(N + M), and O(what
  // changed) if follow() is all that happened since the head was shown.
  void show(graph::AsOf as_of);
  const graph::AsOf& as_of() const { return shown_; }
  // What the last show() may have changed, new slots included.
  const Touched& touched() const { return touched_; }
  // The scene shows two graphs as one. Throws std::invalid_argument unless there is one difference
  // for each slot.
  void set_differences(DifferenceColumns differences);
  const DifferenceColumns* differences() const { return differences_ ? &*differences_ : nullptr; }

  Slot node_slots() const { return static_cast<Slot>(nodes_.kind.size()); }  // N, there or not
  Slot edge_slots() const { return static_cast<Slot>(edges_.source.size()); }
  const Nodes& nodes() const { return nodes_; }
  const Edges& edges() const { return edges_; }
  const std::vector<std::string>& types() const { return types_; }
  size_t nodes_there() const { return nodes_there_; }
  size_t edges_there() const { return edges_there_; }

 private:
  void grow(const graph::History& history);
  void show_node(Slot slot);
  void show_edge(Slot slot);

  graph::Version head_ = 0;
  graph::AsOf shown_{.version = 0};
  Nodes nodes_;
  Edges edges_;
  size_t nodes_there_ = 0, edges_there_ = 0;
  std::vector<std::string> types_;
  std::optional<DifferenceColumns> differences_;
  Revisions node_rows_, edge_rows_;
  // Edges that touch a node, for what a node's coming and going does to them; the last one first.
  std::vector<uint32_t> first_out_, first_in_, next_out_, next_in_;
  // What follow() took after version `listed_from_`, as long as that is what is shown.
  graph::Version listed_from_ = 0;
  std::vector<Slot> changed_nodes_, changed_edges_;
  Touched touched_;
};

}  // namespace saggio::viz
