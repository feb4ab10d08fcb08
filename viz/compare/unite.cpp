// SPDX-License-Identifier: MIT
#include "viz/compare/unite.h"

#include <map>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "graph/formats/key_diff.h"
#include "viz/compare/history_writer.h"

namespace saggio::viz {
namespace {

using graph::Attributes;
using graph::EdgeId;
using graph::History;
using graph::NodeId;

// Its first version says all that was ever there, so that ids stay; the second retires what neither
// side has.
class Unite {
 public:
  Unite(const ComparedSide& before, const ComparedSide& after, const OneSided& one_sided)
      : one_store_(before.reader == after.reader),
        before_side_(before),
        after_side_(after),
        before_(before.reader->history()),
        after_(after.reader->history()),
        ids_(one_sided),
        slot_of_(one_sided.node_in_after) {}

  United run() {
    for (const std::string& name : after_.types()) writer_.type(name);
    nodes();
    edges();
    writer_.commit();
    for (const EdgeId id : unused_edges_) writer_.retire_edge(id);
    for (const NodeId id : unused_nodes_) writer_.retire_node(id);
    writer_.commit();
    united_.history = writer_.take();
    return std::move(united_);
  }

 private:
  void nodes() {
    std::set<std::string_view> taken;  // keys of removed nodes that others have now
    for (const NodeId id : ids_.added_nodes) taken.insert(after_.node_key(id));
    const std::map<NodeId, NodeId> removed = places_of_removed();
    const NodeId own = after_.node_count(), all = own + (one_store_ ? 0 : before_.node_count());
    for (NodeId id = 0; id < all; ++id) {
      const auto node = id < own ? after_.node(id, after_side_.at) : std::nullopt;
      if (node) {
        add(*node, of_after(node->attributes), node->key);
      } else if (const auto found = removed.find(id); found != removed.end()) {
        add_removed(found->second, taken.contains(before_.node_key(found->second)));
      } else {
        const graph::NodeKind kind = id < own ? after_.node_kind(id) : before_.node_kind(id - own);
        unused_nodes_.push_back(writer_.add_node(kind, {}, {}));
      }
    }
    for (const auto& [id, attributes] : late_) writer_.revise_node(id, attributes);
  }

  // Slots, with the ids in `before` of what they are given to. The same ones whatever version of
  // `after` is looked at, so that a node stays where it is as time goes by: that which a node of its
  // key has at another time, or one of its own behind all of `after`.
  std::map<NodeId, NodeId> places_of_removed() {
    std::map<NodeId, NodeId> places;
    std::unordered_map<std::string_view, NodeId> ever;
    for (NodeId id = 0; !one_store_ && id < after_.node_count(); ++id)
      if (!after_.node_key(id).empty()) ever.emplace(after_.node_key(id), id);
    for (const NodeId id : ids_.removed_nodes) {
      const auto found = ever.find(before_.node_key(id));
      const bool at_its_key =
          found != ever.end() && !after_.has_node(found->second, after_side_.at);
      const NodeId slot = one_store_ ? id : at_its_key ? found->second : after_.node_count() + id;
      places.emplace(slot, id);
      if (!one_store_) slot_of_[id] = slot;  // spans and edges name them
    }
    return places;
  }

  // A span may be of a document that comes later.
  NodeId add(const graph::Node& node, Attributes attributes, std::string_view key) {
    if (attributes.span) {
      late_.emplace_back(writer_.history().node_count(), attributes);
      attributes.span.reset();
    }
    return writer_.add_node(node.kind, attributes, key);
  }

  void add_removed(NodeId id, bool without_key) {
    const graph::Node node = *before_.node(id, before_side_.at);
    united_.removed_nodes.push_back(
        add(node, of_before(node.attributes), without_key ? std::string_view() : node.key));
  }

  void edges() {
    auto removed = ids_.removed_edges.begin();
    for (EdgeId id = 0; id < after_.edge_count(); ++id) {
      if (const auto edge = after_.edge(id, after_side_.at)) {
        writer_.add_edge(after_.edge_ends(id), of_after(edge->attributes));
      } else if (one_store_ && removed != ids_.removed_edges.end() && *removed == id) {
        add_removed_edge(id);
        ++removed;
      } else {
        unused_edges_.push_back(writer_.add_edge(after_.edge_ends(id), {}));
      }
    }
    if (one_store_) return;
    for (const EdgeId id : ids_.removed_edges) add_removed_edge(id);
  }

  void add_removed_edge(EdgeId id) {
    const graph::Edge edge = *before_.edge(id, before_side_.at);
    const graph::EdgeEnds ends{
        slot(edge.source), slot(edge.target), writer_.type(before_.types()[edge.type])};
    united_.removed_edges.push_back(writer_.add_edge(ends, of_before(edge.attributes)));
  }

  NodeId slot(NodeId before) const { return one_store_ ? before : slot_of_[before]; }

  static Attributes of_after(Attributes attributes) {
    attributes.embedding.reset();  // tables are not brought along
    return attributes;
  }

  // In the words of the other store: its texts lie in its own pack, and a document has another id.
  Attributes of_before(Attributes attributes) const {
    attributes.embedding.reset();
    if (one_store_) return attributes;
    if (attributes.packed) attributes.text = before_side_.reader->text(attributes);
    attributes.packed.reset();
    if (attributes.span) {
      attributes.span->document = slot(attributes.span->document);
      if (attributes.span->document == graph::kNoNode) attributes.span.reset();
    }
    return attributes;
  }

  bool one_store_;
  const ComparedSide& before_side_;
  const ComparedSide& after_side_;
  const History& before_;
  const History& after_;
  const OneSided& ids_;
  std::vector<NodeId> slot_of_;  // of two stores: [nodes ever added to `before`]
  HistoryWriter writer_;
  std::vector<std::pair<NodeId, Attributes>> late_;
  std::vector<NodeId> unused_nodes_;
  std::vector<EdgeId> unused_edges_;
  United united_;
};

}  // namespace

United unite(const ComparedSide& before, const ComparedSide& after, const OneSided& one_sided) {
  return Unite(before, after, one_sided).run();
}

}  // namespace saggio::viz
