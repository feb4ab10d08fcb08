// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "graph/store/history.h"

// The graph at one point on both clocks, as arrays that never change: exact sparse rows out and in,
// without dead edges. Tensors, algorithms and the viewer read the same arrays, so an edge has one
// index in all of them. The arrays lie in memory (View::build) or are mapped from a segment
// (graph/view/segment.h); copies of a View share them, and they live as long as one copy does.
namespace saggio::graph {

// Positions in one View: N nodes ascending by id, M edges by (source, type, target, id). They mean
// nothing without the View; view.node_id() and view.find() convert.
using NodeIndex = int32_t;  // in [0, N)
using EdgeIndex = int32_t;  // in [0, M)

// Read-only, and borrowed from the View.
struct ViewArrays {
  std::span<const NodeId> node_ids;        // [N]
  std::span<const uint8_t> node_kinds;     // [N]    NodeKind
  std::span<const uint8_t> node_statuses;  // [N]    Status
  std::span<const float> node_confidence;  // [N]    NaN: not known
  std::span<const TimeUs> node_from;       // [N]    valid in the world
  std::span<const TimeUs> node_to;         // [N]
  std::span<const int64_t> out_ptr;        // [N+1]
  std::span<const NodeIndex> out_target;   // [M]
  std::span<const uint32_t> edge_ids32;    // [M], or empty if an id needs more
  std::span<const uint64_t> edge_ids64;    // [M], or empty
  std::span<const TypeId> edge_types;      // [M]
  std::span<const float> edge_weights;     // [M]
  std::span<const float> edge_confidence;  // [M]    NaN: not known
  std::span<const uint8_t> edge_statuses;  // [M]
  std::span<const TimeUs> edge_from;       // [M]
  std::span<const TimeUs> edge_to;         // [M]
  std::span<const int64_t> in_ptr;         // [N+1]
  std::span<const NodeIndex> in_source;    // [M]
  std::span<const EdgeIndex> in_edge;      // [M]    position of the edge in the out arrays

  // visit(name, span) for each of them, in the order of FORMAT.md 5.
  void for_each(auto&& visit) {
    visit("node_ids", node_ids);
    visit("node_kinds", node_kinds);
    visit("node_statuses", node_statuses);
    visit("node_confidence", node_confidence);
    visit("node_from", node_from);
    visit("node_to", node_to);
    visit("out_ptr", out_ptr);
    visit("out_target", out_target);
    visit("edge_ids32", edge_ids32);
    visit("edge_ids64", edge_ids64);
    visit("edge_types", edge_types);
    visit("edge_weights", edge_weights);
    visit("edge_confidence", edge_confidence);
    visit("edge_statuses", edge_statuses);
    visit("edge_from", edge_from);
    visit("edge_to", edge_to);
    visit("in_ptr", in_ptr);
    visit("in_source", in_source);
    visit("in_edge", in_edge);
  }
};

class View {
 public:
  // O(N + E + M log of the largest degree), over all nodes and edges ever added. Throws
  // std::invalid_argument above 2^31 - 1 nodes or edges.
  static View build(const History& history, const AsOf& as_of = {});
  // Of arrays that lie elsewhere; `memory` keeps them alive, `check` throws if bytes of them are
  // damaged.
  View(const AsOf& as_of,
       const ViewArrays& arrays,
       std::shared_ptr<const void> memory,
       std::function<void(std::span<const std::byte>)> check);

  const AsOf& as_of() const { return as_of_; }
  NodeIndex nodes() const { return static_cast<NodeIndex>(arrays_.node_ids.size()); }    // N
  EdgeIndex edges() const { return static_cast<EdgeIndex>(arrays_.out_target.size()); }  // M

  // All arrays. Of a mapped View, call verify() once before reading them.
  const ViewArrays& arrays() const { return arrays_; }
  // Reads every byte; throws Damage that names file and offset. Nothing to do for a built View.
  void verify() const;

  // One row; its bytes are verified when they are first read. Edge i of the row out of x has index
  // first + i, that of the row into x index edges[i].
  struct OutRow {
    EdgeIndex first = 0;
    std::span<const NodeIndex> targets;
    std::span<const TypeId> types;
  };
  struct InRow {
    std::span<const NodeIndex> sources;
    std::span<const EdgeIndex> edges;
  };
  OutRow out(NodeIndex node) const;
  InRow in(NodeIndex node) const;

  NodeId node_id(NodeIndex node) const { return checked(arrays_.node_ids, node, 1)[0]; }
  EdgeId edge_id(EdgeIndex edge) const;
  // O(log N); nullopt if it is not in this View.
  std::optional<NodeIndex> find(NodeId id) const;

 private:
  template <typename Value>
  std::span<const Value> checked(std::span<const Value> array, int64_t first, int64_t count) const {
    const auto part = array.subspan(static_cast<size_t>(first), static_cast<size_t>(count));
    if (check_) check_(std::as_bytes(part));
    return part;
  }

  AsOf as_of_;
  ViewArrays arrays_;
  std::shared_ptr<const void> memory_;
  std::function<void(std::span<const std::byte>)> check_;
};

}  // namespace saggio::graph
