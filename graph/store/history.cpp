// SPDX-License-Identifier: MIT
#include "graph/store/history.h"

#include <algorithm>

namespace saggio::graph {

std::string_view History::key_of(const NodeEntry& entry) const {
  if (entry.key == kDefaults) return {};
  return Decoder(std::string_view(arena_).substr(entry.key)).text();
}

Attributes History::attributes_of(const Row& row) const {
  if (row.attributes != kDefaults) {
    Decoder in(std::string_view(arena_).substr(row.attributes));
    return decode_attributes(in);
  }
  Attributes attributes;
  attributes.weight = row.weight;
  return attributes;
}

// What is not in the row itself; costs nothing for the many edges that have no more.
History::Facts History::facts_of(const Row& row) const {
  if (row.attributes == kDefaults) return {};
  const Attributes attributes = attributes_of(row);
  return {attributes.status, attributes.confidence.probability};
}

const History::Row* History::row_at(uint32_t last, const AsOf& as_of) const {
  const Version version = std::min(as_of.version, head());
  while (last != kNone && rows_[last].from > version) last = rows_[last].before;
  if (last == kNone || version >= rows_[last].to) return nullptr;
  if (as_of.world && !rows_[last].valid.covers(*as_of.world, as_of.certain)) return nullptr;
  return &rows_[last];
}

const History::Row* History::node_row(NodeId id, const AsOf& as_of) const {
  return id < nodes_.size() ? row_at(nodes_[id].row, as_of) : nullptr;
}

const History::Row* History::edge_row(EdgeId id, const AsOf& as_of) const {
  if (id >= edges_.size()) return nullptr;
  const EdgeEntry& entry = edges_[id];
  const Row* const row = row_at(entry.row, as_of);
  return row && node_row(entry.source, as_of) && node_row(entry.target, as_of) ? row : nullptr;
}

std::optional<Node> History::node(NodeId id, const AsOf& as_of) const {
  const Row* const row = node_row(id, as_of);
  if (!row) return std::nullopt;
  return Node{id, nodes_[id].kind, std::string(key_of(nodes_[id])), attributes_of(*row)};
}

std::optional<Edge> History::edge(EdgeId id, const AsOf& as_of) const {
  const Row* const row = edge_row(id, as_of);
  if (!row) return std::nullopt;
  const EdgeEntry& entry = edges_[id];
  return Edge{id, entry.source, entry.target, entry.type, attributes_of(*row)};
}

bool History::has_node(NodeId id, const AsOf& as_of) const { return node_row(id, as_of); }
bool History::has_edge(EdgeId id, const AsOf& as_of) const { return edge_row(id, as_of); }

void History::for_each_node(const AsOf& as_of,
                            const std::function<void(const NodeRow&)>& visit) const {
  for (NodeId id = 0; id < nodes_.size(); ++id) {
    const Row* const row = node_row(id, as_of);
    if (!row) continue;
    const Facts facts = facts_of(*row);
    visit({id, nodes_[id].kind, facts.status, facts.probability, row->valid});
  }
}

void History::for_each_edge(const AsOf& as_of,
                            const std::function<void(const EdgeRow&)>& visit) const {
  for (EdgeId id = 0; id < edges_.size(); ++id) {
    const Row* const row = edge_row(id, as_of);
    if (!row) continue;
    const EdgeEntry& edge = edges_[id];
    const Facts facts = facts_of(*row);
    visit({id,
           edge.source,
           edge.target,
           edge.type,
           facts.status,
           row->weight,
           facts.probability,
           row->valid});
  }
}

std::vector<NodeId> History::nodes(const AsOf& as_of) const {
  std::vector<NodeId> ids;
  for (NodeId id = 0; id < nodes_.size(); ++id)
    if (has_node(id, as_of)) ids.push_back(id);
  return ids;
}

std::vector<EdgeId> History::edges(const AsOf& as_of) const {
  std::vector<EdgeId> ids;
  for (EdgeId id = 0; id < edges_.size(); ++id)
    if (has_edge(id, as_of)) ids.push_back(id);
  return ids;
}

std::vector<EdgeId> History::out(NodeId id, const AsOf& as_of) const {
  std::vector<EdgeId> ids;
  if (id >= nodes_.size()) return ids;
  for (EdgeId edge = nodes_[id].first_out; edge != UINT64_MAX; edge = edges_[edge].next_out)
    if (has_edge(edge, as_of)) ids.push_back(edge);
  std::reverse(ids.begin(), ids.end());
  return ids;
}

std::vector<EdgeId> History::in(NodeId id, const AsOf& as_of) const {
  std::vector<EdgeId> ids;
  if (id >= nodes_.size()) return ids;
  for (EdgeId edge = nodes_[id].first_in; edge != UINT64_MAX; edge = edges_[edge].next_in)
    if (has_edge(edge, as_of)) ids.push_back(edge);
  std::reverse(ids.begin(), ids.end());
  return ids;
}

Version History::version_at(TimeUs time) const {
  const auto after = std::upper_bound(
      commits_.begin(), commits_.end(), time, [](TimeUs t, const Commit& c) { return t < c.time; });
  return static_cast<Version>(after - commits_.begin());
}

std::optional<TypeId> History::find_type(std::string_view name) const {
  const auto found = std::find(types_.begin(), types_.end(), name);
  if (found == types_.end()) return std::nullopt;
  return static_cast<TypeId>(found - types_.begin());
}

uint64_t History::row_count(TableId table) const {
  const auto& blocks = blocks_.at(table);
  return blocks.empty() ? 0 : blocks.back().first + blocks.back().count;
}

std::optional<NodeId> History::find_node(std::string_view key) const {
  const auto found = by_key_.find(std::string(key));
  if (found == by_key_.end()) return std::nullopt;
  return found->second;
}

std::optional<EdgeId> History::find_edge(NodeId source,
                                         TypeId type,
                                         NodeId target,
                                         uint64_t ordinal) const {
  if (source >= nodes_.size()) return std::nullopt;
  std::vector<EdgeId> same;
  for (EdgeId id = nodes_[source].first_out; id != UINT64_MAX; id = edges_[id].next_out)
    if (edges_[id].type == type && edges_[id].target == target) same.push_back(id);
  if (ordinal >= same.size()) return std::nullopt;
  return same[same.size() - 1 - ordinal];
}

std::vector<Revision> History::revisions(uint32_t last) const {
  std::vector<Revision> found;
  for (; last != kNone; last = rows_[last].before) {
    const Row& row = rows_[last];
    const bool closed = row.to <= head();
    if (row.from <= head() && row.from < row.to)
      found.push_back({row.from, closed ? row.to : kHead, attributes_of(row)});
  }
  std::reverse(found.begin(), found.end());
  return found;
}

std::vector<Revision> History::node_revisions(NodeId id) const {
  return id < nodes_.size() ? revisions(nodes_[id].row) : std::vector<Revision>();
}

std::vector<Revision> History::edge_revisions(EdgeId id) const {
  return id < edges_.size() ? revisions(edges_[id].row) : std::vector<Revision>();
}

void History::for_each_packed(const std::function<void(const PackedText&)>& visit) const {
  for (const Row& row : rows_) {
    if (row.attributes == kDefaults) continue;
    const Attributes attributes = attributes_of(row);
    if (attributes.packed) visit(*attributes.packed);
  }
}

}  // namespace saggio::graph
