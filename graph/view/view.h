// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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

// Everything that a View says. Array is std::span for readers, Column for whoever builds one.
// A column that may be empty is so when all of its values are the default named.
template <template <typename> typename Array>
struct GraphArrays {
  Array<NodeId> node_ids;        // [N]
  Array<uint8_t> node_kinds;     // [N]       NodeKind
  Array<uint8_t> node_statuses;  // [N] or 0  Status; open
  Array<float> node_confidence;  // [N] or 0  NaN: not known
  Array<TimeUs> node_from;       // [N] or 0  valid in the world; kUnknownTime
  Array<TimeUs> node_to;         // [N] or 0
  Array<int64_t> out_ptr;        // [N+1]
  Array<NodeIndex> out_target;   // [M]
  Array<uint32_t> edge_ids;      // [M]
  Array<TypeId> edge_types;      // [M]
  Array<float> edge_weights;     // [M] or 0  1
  Array<float> edge_confidence;  // [M] or 0  NaN: not known
  Array<uint8_t> edge_statuses;  // [M] or 0  Status; open
  Array<TimeUs> edge_from;       // [M] or 0  kUnknownTime
  Array<TimeUs> edge_to;         // [M] or 0
  Array<int64_t> in_ptr;         // [N+1]
  Array<NodeIndex> in_source;    // [M]
  Array<EdgeIndex> in_edge;      // [M]       position of the edge in the out arrays

  // visit(name, array) for each of them, in the order of FORMAT.md 5; of several GraphArrays,
  // visit(name, array of the first, array of the second, ...).
  static void for_each(auto&& visit, auto&... of) {
    visit("node_ids", of.node_ids...);
    visit("node_kinds", of.node_kinds...);
    visit("node_statuses", of.node_statuses...);
    visit("node_confidence", of.node_confidence...);
    visit("node_from", of.node_from...);
    visit("node_to", of.node_to...);
    visit("out_ptr", of.out_ptr...);
    visit("out_target", of.out_target...);
    visit("edge_ids", of.edge_ids...);
    visit("edge_types", of.edge_types...);
    visit("edge_weights", of.edge_weights...);
    visit("edge_confidence", of.edge_confidence...);
    visit("edge_statuses", of.edge_statuses...);
    visit("edge_from", of.edge_from...);
    visit("edge_to", of.edge_to...);
    visit("in_ptr", of.in_ptr...);
    visit("in_source", of.in_source...);
    visit("in_edge", of.in_edge...);
  }
};

template <typename Value>
using Borrowed = std::span<const Value>;
using ViewArrays = GraphArrays<Borrowed>;  // read-only, and borrowed from the View

// Stands between a View and bytes that may be damaged.
class BytesCheck {
 public:
  virtual ~BytesCheck() = default;
  virtual void check(std::span<const std::byte> part) = 0;  // throws Damage
  virtual std::string name() const = 0;                     // of the file, for messages
  std::atomic<bool> passed = false;                         // nothing needs a check any more
};

class View {
 public:
  // O(N + E), over all nodes and edges ever added. Throws std::invalid_argument above 2^31 - 1
  // nodes or edges.
  static View build(const History& history, const AsOf& as_of = {});
  // The same graph as of a later version, for the price of copying what did not change: `history`
  // must be the one that this View was built from, or that its segment is of. Throws
  // std::invalid_argument if `version` is below this one's.
  View refreshed(const History& history, Version version = kHead) const;
  // The two halves of it: all that it asks the history, and the rest, which another thread may do
  // while the history goes on. Throws as above. O(what changed), once out() and in() were asked.
  struct News {
    AsOf as_of;                                                    // of the later version
    std::vector<std::pair<NodeId, std::optional<NodeRow>>> nodes;  // ascending; nullopt: gone
    std::vector<EdgeId> changed;                                   // older edges, ascending
    std::vector<EdgeRow> edges;  // as they are now, and those that came
  };
  News news(const History& history, Version version = kHead) const;
  View refreshed(const News& news) const;
  // Of arrays that lie elsewhere; `memory` keeps them alive, `check` (may be null) verifies them.
  View(const AsOf& as_of,
       const ViewArrays& arrays,
       std::shared_ptr<const void> memory,
       std::shared_ptr<BytesCheck> check);

  const AsOf& as_of() const { return as_of_; }
  NodeIndex nodes() const { return static_cast<NodeIndex>(arrays_.node_ids.size()); }    // N
  EdgeIndex edges() const { return static_cast<EdgeIndex>(arrays_.out_target.size()); }  // M

  // All arrays. Of a mapped View, call verify() once before reading them.
  const ViewArrays& arrays() const { return arrays_; }
  // Reads every byte, and sees that no offset or index points out of its array; throws Damage that
  // names the file. Nothing to do for a built View, or the second time.
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
  OutRow out(NodeIndex node) const {
    if (needs_check()) return checked_out(node);
    const auto [begin, count] = row(arrays_.out_ptr, node);
    return {static_cast<EdgeIndex>(begin),
            {arrays_.out_target.data() + begin, count},
            {arrays_.edge_types.data() + begin, count}};
  }
  InRow in(NodeIndex node) const {
    if (needs_check()) return checked_in(node);
    const auto [begin, count] = row(arrays_.in_ptr, node);
    return {{arrays_.in_source.data() + begin, count}, {arrays_.in_edge.data() + begin, count}};
  }

  NodeId node_id(NodeIndex node) const { return checked(arrays_.node_ids, node, 1)[0]; }
  EdgeId edge_id(EdgeIndex edge) const { return checked(arrays_.edge_ids, edge, 1)[0]; }
  // O(log N); nullopt if it is not in this View.
  std::optional<NodeIndex> find(NodeId id) const;

  // One value of a column, whether it is empty or not.
  NodeKind node_kind(NodeIndex node) const {
    return static_cast<NodeKind>(checked(arrays_.node_kinds, node, 1)[0]);
  }
  Status node_status(NodeIndex node) const {
    return static_cast<Status>(value(arrays_.node_statuses, node, uint8_t{0}));
  }
  float node_confidence(NodeIndex node) const {
    return value(arrays_.node_confidence, node, std::nanf(""));
  }
  TypeId edge_type(EdgeIndex edge) const { return checked(arrays_.edge_types, edge, 1)[0]; }
  float edge_weight(EdgeIndex edge) const { return value(arrays_.edge_weights, edge, 1.f); }
  float edge_confidence(EdgeIndex edge) const {
    return value(arrays_.edge_confidence, edge, std::nanf(""));
  }
  Status edge_status(EdgeIndex edge) const {
    return static_cast<Status>(value(arrays_.edge_statuses, edge, uint8_t{0}));
  }

 private:
  bool needs_check() const { return check_ && !check_->passed.load(std::memory_order_acquire); }
  static std::pair<int64_t, size_t> row(std::span<const int64_t> ptr, NodeIndex node) {
    const int64_t* const ends = ptr.data() + node;
    return {ends[0], static_cast<size_t>(ends[1] - ends[0])};
  }
  // Edges [begin, end) of a row; throws Damage if there are no such edges.
  std::pair<int64_t, int64_t> checked_row(std::span<const int64_t> ptr, NodeIndex node) const;
  OutRow checked_out(NodeIndex node) const;
  InRow checked_in(NodeIndex node) const;
  template <typename Index>
  void check_below(std::span<const Index> indices, size_t count) const;
  void check_structure() const;

  template <typename Value>
  Value value(std::span<const Value> column, int64_t at, Value if_empty) const {
    return column.empty() ? if_empty : checked(column, at, 1)[0];
  }
  template <typename Value>
  std::span<const Value> checked(std::span<const Value> array, int64_t first, int64_t count) const {
    const auto part = array.subspan(static_cast<size_t>(first), static_cast<size_t>(count));
    if (needs_check()) check_->check(std::as_bytes(part));
    return part;
  }

  AsOf as_of_;
  ViewArrays arrays_;
  std::shared_ptr<const void> memory_;
  std::shared_ptr<BytesCheck> check_;
};

}  // namespace saggio::graph
