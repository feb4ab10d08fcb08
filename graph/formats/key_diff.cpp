// SPDX-License-Identifier: MIT
#include "graph/formats/key_diff.h"

#include <string>
#include <unordered_map>

#include "graph/formats/by_key.h"

namespace saggio::graph {
namespace {

class Comparison {
 public:
  Comparison(
      Reader& a, const AsOf& at_a, Reader& b, const AsOf& at_b, const KeyDiffOptions& options)
      : options_(options),
        a_(side_of(a)),
        b_(side_of(b)),
        at_a_(at_a),
        at_b_(at_b),
        seen_nodes_(b_.history.node_count()),
        seen_edges_(b_.history.edge_count()) {
    diff_.node_in_b.assign(a_.history.node_count(), kNoNode);
  }

  KeyDiff run() {
    compare_nodes();
    compare_edges();
    return std::move(diff_);
  }

 private:
  bool same(Attributes a, Attributes b) const {
    if (!options_.provenance) {
      a.provenance.reset();
      b.provenance.reset();
    }
    return state_of(a_, a, at_a_) == state_of(b_, b, at_b_);
  }

  void compare_nodes() {
    std::unordered_map<std::string, NodeId> by_key;
    for (const NodeId id : b_.history.nodes(at_b_))
      by_key.emplace(key_across(b_, *b_.history.node(id, at_b_)), id);
    for (const NodeId id : a_.history.nodes(at_a_)) {
      const Node node = *a_.history.node(id, at_a_);
      const auto found = by_key.find(key_across(a_, node));
      if (found == by_key.end()) {
        diff_.nodes.only_a.push_back(id);
        continue;
      }
      diff_.node_in_b[id] = found->second;
      seen_nodes_[found->second] = true;
      const Node other = *b_.history.node(found->second, at_b_);
      if (node.kind != other.kind || !same(node.attributes, other.attributes))
        diff_.nodes.changed.emplace_back(id, other.id);
    }
    for (const NodeId id : b_.history.nodes(at_b_))
      if (!seen_nodes_[id]) diff_.nodes.only_b.push_back(id);
  }

  // The edge of b that is the same; nullopt: none.
  std::optional<EdgeId> other_of(const EdgeRow& edge, uint64_t ordinal) const {
    const auto type = b_.history.find_type(a_.history.types()[edge.type]);
    const NodeId source = diff_.node_in_b[edge.source], target = diff_.node_in_b[edge.target];
    if (!type || source == kNoNode || target == kNoNode) return std::nullopt;
    const auto id = b_.history.find_edge(source, *type, target, ordinal);
    return id && b_.history.has_edge(*id, at_b_) ? id : std::nullopt;
  }

  void compare_edges() {
    Ordinals ordinals(a_.history);
    a_.history.for_each_edge(at_a_, [&](const EdgeRow& edge) {
      const auto other = other_of(edge, ordinals.of(edge));
      if (!other) return diff_.edges.only_a.push_back(edge.id);
      seen_edges_[*other] = true;
      if (!same(a_.history.edge(edge.id, at_a_)->attributes,
                b_.history.edge(*other, at_b_)->attributes))
        diff_.edges.changed.emplace_back(edge.id, *other);
    });
    b_.history.for_each_edge(at_b_, [&](const EdgeRow& edge) {
      if (!seen_edges_[edge.id]) diff_.edges.only_b.push_back(edge.id);
    });
  }

  const KeyDiffOptions options_;
  const Side a_, b_;
  const AsOf at_a_, at_b_;
  std::vector<bool> seen_nodes_, seen_edges_;
  KeyDiff diff_;
};

}  // namespace

KeyDiff diff_by_key(
    Reader& a, const AsOf& at_a, Reader& b, const AsOf& at_b, const KeyDiffOptions& options) {
  return Comparison(a, at_a, b, at_b, options).run();
}

}  // namespace saggio::graph
