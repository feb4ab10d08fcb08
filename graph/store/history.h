// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "graph/store/log.h"
#include "graph/store/model.h"

// What a log says, in memory: every row that any node or edge ever had, so that the graph can be
// read as of any version and any time in the world (FORMAT.md 4). Records are applied one by one;
// what follows the last commit is pending and no version shows it. Memory: about 120 bytes a node
// and 100 bytes an edge, plus keys and the encoded attributes. Not thread-safe.
namespace saggio::graph {

inline constexpr Version kHead = UINT64_MAX;

// A point on both clocks.
struct AsOf {
  Version version = kHead;      // above the head: the head
  std::optional<TimeUs> world;  // nullopt: whenever it holds in the world
  bool certain = false;         // with `world`: only what is known to hold then
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
  // Ascending. O(all) and O(degree, over all time).
  std::vector<NodeId> nodes(const AsOf& as_of = {}) const;
  std::vector<EdgeId> edges(const AsOf& as_of = {}) const;
  std::vector<EdgeId> out(NodeId id, const AsOf& as_of = {}) const;
  std::vector<EdgeId> in(NodeId id, const AsOf& as_of = {}) const;
  // All that are there, ascending by id.
  void for_each_node(const AsOf& as_of, const std::function<void(const NodeRow&)>& visit) const;
  void for_each_edge(const AsOf& as_of, const std::function<void(const EdgeRow&)>& visit) const;

  // The one node of this key that is not retired, pending ones included.
  std::optional<NodeId> find_node(std::string_view key) const;
  // The edge (source, type, target, ordinal): the ordinal-th ever added of those three.
  std::optional<EdgeId> find_edge(NodeId source,
                                  TypeId type,
                                  NodeId target,
                                  uint64_t ordinal) const;

  // All rows of an element, from the first to the last; pending ones are not among them.
  std::vector<Revision> node_revisions(NodeId id) const;
  std::vector<Revision> edge_revisions(EdgeId id) const;

  // Every packed text that any row names.
  void for_each_packed(const std::function<void(const PackedText&)>& visit) const;

 private:
  static constexpr uint32_t kNone = UINT32_MAX;
  static constexpr uint64_t kDefaults = UINT64_MAX;  // attributes that are all default

  struct Row {
    Version from = 0, to = kHead;
    Valid valid;
    uint64_t attributes = kDefaults;  // where they begin in arena_
    float weight = 1;                 // when they are kDefaults
    uint32_t before = kNone;          // the row that this one replaced
  };
  struct Facts {
    Status status = Status::Open;
    float probability = std::nanf("");
  };
  struct NodeEntry {
    NodeKind kind;
    uint32_t row;
    EdgeId first_out, first_in;  // the last added; UINT64_MAX: none
    uint64_t key;                // where it begins in arena_
  };
  struct EdgeEntry {
    NodeId source, target;
    EdgeId next_out, next_in;
    TypeId type;
    uint32_t row;
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
  void check_attributes(const Attributes& attributes) const;
  uint32_t& row_to_change(uint64_t id, bool of_node);
  void link_edge(NodeId source, NodeId target, TypeId type, const Row& row);
  Row make_row(const Attributes& attributes);
  uint32_t push_row(const Row& row);
  void replace_row(uint32_t& row, const Row& by);
  uint64_t put_in_arena(std::string_view bytes);
  std::string_view key_of(const NodeEntry& entry) const;
  Attributes attributes_of(const Row& row) const;
  Facts facts_of(const Row& row) const;
  const Row* row_at(uint32_t last, const AsOf& as_of) const;
  const Row* node_row(NodeId id, const AsOf& as_of) const;
  const Row* edge_row(EdgeId id, const AsOf& as_of) const;
  std::vector<Revision> revisions(uint32_t last) const;
  Version pending() const { return head() + 1; }

  std::vector<Commit> commits_;
  std::map<std::string, Version> tags_;
  std::vector<std::pair<std::string, Version>> pending_tags_;
  std::vector<std::string> types_;
  std::vector<EmbeddingTable> tables_;
  std::vector<std::vector<RowBlock>> blocks_;
  std::vector<NodeEntry> nodes_;
  std::vector<EdgeEntry> edges_;
  std::vector<Row> rows_;
  std::string arena_;  // keys and encoded attributes
  std::unordered_map<std::string, NodeId> by_key_;
};

}  // namespace saggio::graph
