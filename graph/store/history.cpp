// SPDX-License-Identifier: MIT
#include "graph/store/history.h"

#include <algorithm>
#include <bit>

namespace saggio::graph {
namespace {

// The ids that were changed after `version` and until `head`, ascending, each once.
std::vector<uint64_t> changed(const std::vector<std::pair<Version, uint64_t>>& changes,
                              Version version,
                              Version head) {
  std::vector<uint64_t> ids;
  for (auto change = changes.rbegin(); change != changes.rend() && change->first > version;
       ++change)
    if (change->first <= head) ids.push_back(change->second);
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

}  // namespace

std::string_view History::key_of(const NodeEntry& entry) const {
  if (entry.key == kDefaults) return {};
  return Decoder(std::string_view(arena_).substr(entry.key)).text();
}

Attributes History::attributes_of(const Row& row) const {
  if (row.attributes < kShared) {
    Decoder in(std::string_view(arena_).substr(row.attributes));
    return decode_attributes(in);
  }
  Attributes attributes;
  attributes.weight = row.weight;
  return attributes;
}

Attributes History::edge_attributes(EdgeId id, const Row& row) const {
  Attributes attributes;
  if (row.attributes != kShared) return attributes_of(row);
  attributes.weight = edges_.weight[id];
  return attributes;
}

// Costs nothing for the many edges that have no attributes.
Standing History::standing_of(const Row& row) const {
  if (row.attributes >= kShared) return {};
  Decoder in(std::string_view(arena_).substr(row.attributes));
  return decode_standing(in);
}

const History::Row* History::row_at(uint32_t last, const AsOf& as_of) const {
  const Version version = std::min(as_of.version, head());
  while (last != kNone && rows_[last].from > version) last = rows_[last].before;
  if (last == kNone || version >= rows_[last].to) return nullptr;
  if (as_of.world && !rows_[last].valid.covers(*as_of.world, as_of.certain)) return nullptr;
  return &rows_[last];
}

const History::Row* History::find_row(NodeId id, const AsOf& as_of) const {
  return id < nodes_.size() ? row_at(nodes_[id].row, as_of) : nullptr;
}

const History::Row* History::find_edge_row(EdgeId id, const AsOf& as_of) const {
  if (id >= edges_.size()) return nullptr;
  const Row* const row = row_at(edges_.row[id], as_of);
  const bool whole =
      row && find_row(edges_.source[id], as_of) && find_row(edges_.target[id], as_of);
  return whole ? row : nullptr;
}

std::optional<Node> History::node(NodeId id, const AsOf& as_of) const {
  const Row* const row = find_row(id, as_of);
  if (!row) return std::nullopt;
  return Node{id, nodes_[id].kind, std::string(key_of(nodes_[id])), attributes_of(*row)};
}

std::optional<Edge> History::edge(EdgeId id, const AsOf& as_of) const {
  const Row* const row = find_edge_row(id, as_of);
  if (!row) return std::nullopt;
  return Edge{id, edges_.source[id], edges_.target[id], edges_.type[id], edge_attributes(id, *row)};
}

void History::look_at(const Row& row, AttributesView& attributes) const {
  attributes.weight = row.weight;
  if (row.attributes >= kShared) return;
  Decoder in(std::string_view(arena_).substr(row.attributes));
  view_attributes(in, attributes);
}

std::optional<AttributesView> History::view_node(NodeId id, const AsOf& as_of) const {
  std::optional<AttributesView> found;
  if (const Row* const row = find_row(id, as_of)) look_at(*row, found.emplace());
  return found;
}

std::optional<AttributesView> History::view_edge(EdgeId id, const AsOf& as_of) const {
  std::optional<AttributesView> found;
  const Row* const row = find_edge_row(id, as_of);
  if (!row) return found;
  look_at(*row, found.emplace());
  if (row->attributes == kShared) found->weight = edges_.weight[id];
  return found;
}

std::string_view History::node_key(NodeId id) const { return key_of(nodes_.at(id)); }

EdgeEnds History::edge_ends(EdgeId id) const {
  return {edges_.source.at(id), edges_.target.at(id), edges_.type.at(id)};
}

bool History::has_node(NodeId id, const AsOf& as_of) const { return find_row(id, as_of); }
bool History::has_edge(EdgeId id, const AsOf& as_of) const { return find_edge_row(id, as_of); }

std::optional<NodeRow> History::node_row(NodeId id, const AsOf& as_of) const {
  const Row* const row = find_row(id, as_of);
  if (!row) return std::nullopt;
  const Standing standing = standing_of(*row);
  return NodeRow{id, nodes_[id].kind, standing.status, standing.probability, row->valid};
}

std::optional<EdgeRow> History::edge_row(EdgeId id, const AsOf& as_of) const {
  const Row* const row = find_edge_row(id, as_of);
  if (!row) return std::nullopt;
  return edge_numbers(id, *row, standing_of(*row));
}

std::vector<NodeId> History::nodes(const AsOf& as_of) const {
  std::vector<NodeId> ids;
  for (NodeId id = 0; id < nodes_.size(); ++id)
    if (has_node(id, as_of)) ids.push_back(id);
  return ids;
}

std::vector<EdgeId> History::edges(const AsOf& as_of) const {
  std::vector<EdgeId> ids;
  for_each_edge(as_of, [&](const EdgeRow& edge) { ids.push_back(edge.id); });
  return ids;
}

void History::Lists::grow(size_t nodes, const Column<uint32_t>& end_of_edge) {
  first.resize(nodes, kNone);
  const size_t known = next.size();
  next.resize(end_of_edge.size());
  for (size_t edge = known; edge < next.size(); ++edge) {
    uint32_t& head = first[end_of_edge[edge]];
    next[edge] = head;
    head = static_cast<uint32_t>(edge);
  }
}

const History::Lists& History::out_lists() const {
  out_lists_.grow(nodes_.size(), edges_.source);
  return out_lists_;
}

const History::Lists& History::in_lists() const {
  in_lists_.grow(nodes_.size(), edges_.target);
  return in_lists_;
}

std::vector<EdgeId> History::listed(const Lists& lists, NodeId id, const AsOf& as_of) const {
  std::vector<EdgeId> ids;
  if (id >= nodes_.size()) return ids;
  for (uint32_t edge = lists.first[id]; edge != kNone; edge = lists.next[edge])
    if (has_edge(edge, as_of)) ids.push_back(edge);
  std::reverse(ids.begin(), ids.end());
  return ids;
}

std::vector<EdgeId> History::out(NodeId id, const AsOf& as_of) const {
  return listed(out_lists(), id, as_of);
}

std::vector<EdgeId> History::in(NodeId id, const AsOf& as_of) const {
  return listed(in_lists(), id, as_of);
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
  return by_key_.find(key, [&](NodeId id) { return key_of(nodes_[id]); });
}

// The slot of the three, or the empty one where they belong.
size_t History::SameEnds::slot_of(const Edges& edges,
                                  NodeId source,
                                  TypeId type,
                                  NodeId target) const {
  uint64_t hash = (source << 32 | target) ^ uint64_t { type } * 0x9e3779b97f4a7c15;
  hash = (hash ^ hash >> 31) * 0xbf58476d1ce4e5b9;  // splitmix64's mixing (Steele et al. 2014)
  const size_t mask = slots.size() - 1;
  for (size_t slot = (hash ^ hash >> 29) & mask;; slot = (slot + 1) & mask) {
    const uint32_t edge = slots[slot];
    if (edge == kNone ||
        (edges.source[edge] == source && edges.type[edge] == type && edges.target[edge] == target))
      return slot;
  }
}

void History::SameEnds::grow(const Edges& edges) {
  if (slots.size() < 2 * edges.size() + 1) {  // all of them anew
    slots.assign(std::bit_ceil(4 * edges.size() + 2), kNone);
    next.clear();
  }
  for (size_t edge = next.size(); edge < edges.size(); ++edge) {
    uint32_t& head =
        slots[slot_of(edges, edges.source[edge], edges.type[edge], edges.target[edge])];
    next.push_back(head);
    head = static_cast<uint32_t>(edge);
  }
}

std::vector<EdgeId> History::edges_between(NodeId source, TypeId type, NodeId target) const {
  same_ends_.grow(edges_);
  std::vector<EdgeId> ids;
  for (uint32_t edge = same_ends_.slots[same_ends_.slot_of(edges_, source, type, target)];
       edge != kNone;
       edge = same_ends_.next[edge])
    ids.push_back(edge);
  std::reverse(ids.begin(), ids.end());
  return ids;
}

std::optional<EdgeId> History::find_edge(NodeId source,
                                         TypeId type,
                                         NodeId target,
                                         uint64_t ordinal) const {
  const std::vector<EdgeId> same = edges_between(source, type, target);
  if (ordinal >= same.size()) return std::nullopt;
  return same[ordinal];
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
  if (id >= edges_.size()) return {};
  std::vector<Revision> rows = revisions(edges_.row[id]);
  if (rows_[edges_.row[id]].attributes == kShared)
    for (Revision& row : rows) row.attributes.weight = edges_.weight[id];
  return rows;
}

void History::numbers_of(uint32_t last, std::vector<RowNumbers>& rows) const {
  rows.clear();
  for (; last != kNone; last = rows_[last].before) {
    const Row& row = rows_[last];
    if (row.from > head() || row.from >= row.to) continue;
    const Standing standing = standing_of(row);
    rows.push_back({row.from,
                    row.to <= head() ? row.to : kHead,
                    standing.status,
                    row.weight,
                    standing.probability,
                    row.valid});
  }
}

void History::node_rows(NodeId id, std::vector<RowNumbers>& rows) const {
  numbers_of(id < nodes_.size() ? nodes_[id].row : kNone, rows);
}

void History::edge_rows(EdgeId id, std::vector<RowNumbers>& rows) const {
  numbers_of(id < edges_.size() ? edges_.row[id] : kNone, rows);
  if (!rows.empty() && rows_[edges_.row[id]].attributes == kShared)
    for (RowNumbers& row : rows) row.weight = edges_.weight[id];
}

Changes History::changes_since(Version version) const {
  version = std::min(version, head());
  Changes changes;
  if (version > 0) {
    changes.first_node = commits_[version - 1].nodes;
    changes.first_edge = commits_[version - 1].edges;
  }
  changes.nodes = changed(changed_nodes_, version, head());
  changes.edges = changed(changed_edges_, version, head());
  return changes;
}

void History::for_each_packed(const std::function<void(const PackedText&)>& visit) const {
  for (const Row& row : rows_) {
    if (row.attributes >= kShared) continue;
    const Attributes attributes = attributes_of(row);
    if (attributes.packed) visit(*attributes.packed);
  }
}

}  // namespace saggio::graph
