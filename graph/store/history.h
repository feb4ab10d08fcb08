// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graph/store/column.h"
#include "graph/store/key_index.h"
#include "graph/store/log.h"
#include "graph/store/model.h"

// What a log says, in memory: every row that any node or edge ever had, so that the graph can be
// read as of any version and any time in the world (FORMAT.md 4). Records are applied one by one;
// what follows the last commit is pending and no version shows it. Memory: about 100 bytes a node;
// 18 bytes an edge, 8 more once out() or in() has been asked, 12 to 20 once edges_between() has
// been, and 48 if it was given attributes or revised; plus keys and the encoded attributes. Not
// thread-safe, the const functions neither: the rows of out() and in() are built when they are first
// asked for.
namespace saggio::graph {

inline constexpr Version kHead = UINT64_MAX;

// A point on both clocks.
struct AsOf {
  Version version = kHead;      // above the head: the head
  std::optional<TimeUs> world;  // nullopt: whenever it holds in the world
  bool certain = false;         // with `world`: only what is known to hold then
  bool operator==(const AsOf&) const = default;
};

// One row of an element: [from, to) in versions; kHead: not closed.
struct Revision {
  Version from = 0, to = kHead;
  Attributes attributes;
};

// The numbers of a node or an edge as of one point, without its texts.
struct NodeRow {
  NodeId id = 0;
  NodeKind kind = NodeKind::Claim;
  Status status = Status::Open;
  float probability = std::nanf("");
  Valid valid;
};
struct EdgeRow {
  EdgeId id = 0;
  NodeId source = 0, target = 0;
  TypeId type = 0;
  Status status = Status::Open;
  float weight = 1, probability = std::nanf("");
  Valid valid;
};

// What one row of an element says, in numbers: [from, to) in versions; kHead: not closed.
struct RowNumbers {
  Version from = 0, to = kHead;
  Status status = Status::Open;
  float weight = 1, probability = std::nanf("");
  Valid valid;
};

// What never changes about an edge.
struct EdgeEnds {
  NodeId source = 0, target = 0;
  TypeId type = 0;
};

// What happened after some version, to elements that are in committed versions: those from
// `first_node` and `first_edge` on were added, `nodes` and `edges` (ascending, each once) were
// revised or retired.
struct Changes {
  NodeId first_node = 0;
  EdgeId first_edge = 0;
  std::vector<NodeId> nodes;
  std::vector<EdgeId> edges;
};

// Rows that were appended to an embedding table together.
struct RowBlock {
  uint64_t first = 0, count = 0;
  uint32_t crc = 0;
};

class History {
 public:
  // Applies the body of one record (FORMAT.md 3, kinds 1 to 11). Throws std::invalid_argument and
  // changes nothing if it contradicts what is there, Damage if it is no record.
  void apply(std::string_view body);
  // The same for a record of many edges of one type, whose columns lie apart: ids of four or eight
  // bytes, then no weights, or one for each.
  struct EdgeColumns {
    uint64_t type = 0, id_bytes = 0;
    std::string_view sources, targets, weights;
  };
  void add_edges(const EdgeColumns& added);
  // The columns of edges [first, first + count) as they were added, with ids of four bytes. Borrowed
  // until more are added.
  EdgeColumns edge_columns(EdgeId first, uint64_t count) const;
  // Ends a version. Throws Damage if the commit does not follow the last one or counts otherwise.
  void commit(const Commit& commit);

  Version head() const { return commits_.size(); }
  std::span<const Commit> commits() const { return commits_; }  // [head]: of version 1, 2, ...
  Version version_at(TimeUs time) const;  // the last one committed at or before `time`
  const std::map<std::string, Version>& tags() const { return tags_; }

  // Pending ones are counted as well: the next id.
  uint64_t node_count() const { return nodes_.size(); }
  uint64_t edge_count() const { return edges_.size(); }
  std::span<const std::string> types() const { return types_; }
  std::optional<TypeId> find_type(std::string_view name) const;
  std::span<const EmbeddingTable> tables() const { return tables_; }
  std::span<const RowBlock> row_blocks(TableId table) const { return blocks_.at(table); }
  uint64_t row_count(TableId table) const;

  // nullopt if it is not there as of that point, or was never added.
  std::optional<Node> node(NodeId id, const AsOf& as_of = {}) const;
  std::optional<Edge> edge(EdgeId id, const AsOf& as_of = {}) const;
  bool has_node(NodeId id, const AsOf& as_of = {}) const;
  bool has_edge(EdgeId id, const AsOf& as_of = {}) const;
  // The same without copies: what is returned borrows until the next record is applied. Threads may
  // call these at once.
  std::optional<AttributesView> view_node(NodeId id, const AsOf& as_of) const;
  std::optional<AttributesView> view_edge(EdgeId id, const AsOf& as_of) const;
  std::string_view node_key(NodeId id) const;                         // of one that was ever added
  NodeKind node_kind(NodeId id) const { return nodes_.at(id).kind; }  // likewise
  EdgeEnds edge_ends(EdgeId id) const;  // of one that was ever added, retired or not
  // Ascending. O(all) and O(degree, over all time).
  std::vector<NodeId> nodes(const AsOf& as_of = {}) const;
  std::vector<EdgeId> edges(const AsOf& as_of = {}) const;
  std::vector<EdgeId> out(NodeId id, const AsOf& as_of = {}) const;
  std::vector<EdgeId> in(NodeId id, const AsOf& as_of = {}) const;
  std::optional<NodeRow> node_row(NodeId id, const AsOf& as_of) const;
  std::optional<EdgeRow> edge_row(EdgeId id, const AsOf& as_of) const;
  // All that are there, ascending by id. O(N) and O(N + E).
  template <typename Visit>  // void(const NodeRow&)
  void for_each_node(const AsOf& as_of, const Visit& visit) const;
  template <typename Visit>  // void(const EdgeRow&)
  void for_each_edge(const AsOf& as_of, const Visit& visit) const;
  // Of the edges [first, last), those that are there if their ends are, which is not asked. Threads
  // may call it at once.
  template <typename Visit>  // void(const EdgeRow&)
  void for_each_edge_of(EdgeId first, EdgeId last, const AsOf& as_of, const Visit& visit) const;

  // The one node of this key that is not retired, pending ones included.
  std::optional<NodeId> find_node(std::string_view key) const;
  // All edges of (source, type, target) that were ever added, ascending, retired and pending ones
  // included. O(their number), once an index of all edges was built.
  std::vector<EdgeId> edges_between(NodeId source, TypeId type, NodeId target) const;
  // The ordinal-th of them.
  std::optional<EdgeId> find_edge(NodeId source,
                                  TypeId type,
                                  NodeId target,
                                  uint64_t ordinal) const;

  // All rows of an element, from the first to the last; pending ones are not among them.
  std::vector<Revision> node_revisions(NodeId id) const;
  std::vector<Revision> edge_revisions(EdgeId id) const;

  // The same in numbers, the last row first; replaces `rows`, whose memory can so be used again.
  // Threads may call these at once.
  void node_rows(NodeId id, std::vector<RowNumbers>& rows) const;
  void edge_rows(EdgeId id, std::vector<RowNumbers>& rows) const;

  // O(what changed).
  Changes changes_since(Version version) const;

  // Every packed text that any row names.
  void for_each_packed(const std::function<void(const PackedText&)>& visit) const;

 private:
  static constexpr uint32_t kNone = UINT32_MAX;
  static constexpr uint64_t kDefaults = UINT64_MAX;    // attributes that are all default
  static constexpr uint64_t kShared = UINT64_MAX - 1;  // and the row is that of many edges

  struct Row {
    Version from = 0, to = kHead;
    Valid valid;
    uint64_t attributes = kDefaults;  // where they begin in arena_
    float weight = 1;                 // when they are kDefaults; if kShared, see Edges::weight
    uint32_t before = kNone;          // the row that this one replaced
  };
  struct NodeEntry {
    NodeKind kind;
    bool retired;
    uint32_t row;
    uint64_t key;  // where it begins in arena_
  };
  // Columns, one element an edge: a plain edge takes no more, since those that come in one group
  // share a row until they are changed.
  struct Edges {
    Column<uint32_t> source, target, row;
    Column<TypeId> type;
    Column<float> weight;  // as it was added
    size_t size() const { return source.size(); }
  };
  // The edges of each node, the last one first: first[node], next[edge]; kNone ends a list.
  struct Lists {
    std::vector<uint32_t> first, next;
    void grow(size_t nodes, const Column<uint32_t>& end_of_edge);
  };

  // The edges of each (source, type, target), the last one first: a hash table of their heads.
  struct SameEnds {
    std::vector<uint32_t> slots, next;
    size_t slot_of(const Edges& edges, NodeId source, TypeId type, NodeId target) const;
    void grow(const Edges& edges);
  };

  void apply_type(Decoder& in);
  void apply_node(Decoder& in);
  void apply_edge(Decoder& in);
  void apply_edges(Decoder& in);
  void apply_revision(Decoder& in, bool of_node);
  void apply_retirement(Decoder& in, bool of_node);
  void apply_table(Decoder& in);
  void apply_rows(Decoder& in);
  void apply_tag(Decoder& in);

  void check_live_node(NodeId id, std::string_view what) const;
  void check_live_nodes(std::string_view ids, uint64_t id_bytes, std::string_view what) const;
  void check_type(uint64_t type) const;
  void check_room(uint64_t elements, uint64_t more, std::string_view what) const;
  void check_attributes(const Attributes& attributes) const;
  uint32_t& row_to_change(uint64_t id, bool of_node);
  uint32_t shared_row();
  Row make_row(const Attributes& attributes);
  uint32_t push_row(const Row& row);
  void replace_row(uint32_t& row, const Row& by);
  uint64_t put_in_arena(std::string_view bytes);
  std::string_view key_of(const NodeEntry& entry) const;
  Attributes attributes_of(const Row& row) const;
  Attributes edge_attributes(EdgeId id, const Row& row) const;
  void look_at(const Row& row, AttributesView& attributes) const;
  Standing standing_of(const Row& row) const;
  EdgeRow edge_numbers(EdgeId id, const Row& row, const Standing& standing) const {
    return {id,
            edges_.source[id],
            edges_.target[id],
            edges_.type[id],
            standing.status,
            row.attributes == kShared ? edges_.weight[id] : row.weight,
            standing.probability,
            row.valid};
  }
  const Row* row_at(uint32_t last, const AsOf& as_of) const;
  const Row* find_row(NodeId id, const AsOf& as_of) const;
  const Row* find_edge_row(EdgeId id, const AsOf& as_of) const;
  std::vector<EdgeId> listed(const Lists& lists, NodeId id, const AsOf& as_of) const;
  const Lists& out_lists() const;
  const Lists& in_lists() const;
  std::vector<Revision> revisions(uint32_t last) const;
  void numbers_of(uint32_t last, std::vector<RowNumbers>& rows) const;
  Version pending() const { return head() + 1; }

  std::vector<Commit> commits_;
  std::map<std::string, Version> tags_;
  std::vector<std::pair<std::string, Version>> pending_tags_;
  std::vector<std::string> types_;
  std::vector<EmbeddingTable> tables_;
  std::vector<std::vector<RowBlock>> blocks_;
  std::vector<NodeEntry> nodes_;
  Edges edges_;
  mutable Lists out_lists_, in_lists_;
  mutable SameEnds same_ends_;
  std::vector<Row> rows_;
  std::optional<uint32_t> shared_row_;                     // of the pending group
  std::vector<std::pair<Version, NodeId>> changed_nodes_;  // revised or retired, in order
  std::vector<std::pair<Version, EdgeId>> changed_edges_;
  uint64_t retired_nodes_ = 0;
  std::string arena_;  // keys and encoded attributes
  KeyIndex by_key_;    // of nodes that are not retired
};

template <typename Visit>
void History::for_each_node(const AsOf& as_of, const Visit& visit) const {
  for (NodeId id = 0; id < nodes_.size(); ++id)
    if (const auto row = node_row(id, as_of)) visit(*row);
}

template <typename Visit>
void History::for_each_edge(const AsOf& as_of, const Visit& visit) const {
  std::vector<uint8_t> there(nodes_.size());
  for (NodeId id = 0; id < nodes_.size(); ++id) there[id] = has_node(id, as_of);
  for_each_edge_of(0, edges_.size(), as_of, [&](const EdgeRow& edge) {
    if (there[edge.source] && there[edge.target]) visit(edge);
  });
}

template <typename Visit>
void History::for_each_edge_of(EdgeId first,
                               EdgeId last,
                               const AsOf& as_of,
                               const Visit& visit) const {
  uint32_t known = kNone;  // neighbours mostly share their row
  const Row* row = nullptr;
  Standing standing;
  for (EdgeId id = first; id < last; ++id) {
    if (edges_.row[id] != known) {
      row = row_at(known = edges_.row[id], as_of);
      if (row) standing = standing_of(*row);
    }
    if (row) visit(edge_numbers(id, *row, standing));
  }
}

}  // namespace saggio::graph
