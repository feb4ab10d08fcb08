// SPDX-License-Identifier: MIT
#pragma once

#include <fmt/format.h>

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "graph/formats/import.h"
#include "graph/formats/lines.h"

// What the readers share: elements by key, added if they are new, revised if they differ, left
// alone if not. For the .cpp files of this folder.
namespace saggio::graph {

// Equal for two states that say the same; a packed text is its text.
Sha256 digest_of(Attributes attributes);

// The edges of a source, type and target that were there before an import, in the order of adding,
// and how far it has walked along them.
class EdgeKeys {
 public:
  explicit EdgeKeys(const History& history)
      : history_(history), nodes_before_(history.node_count()) {}

  // Whether the node was there before this, so that it may have edges that nobody told of.
  bool is_old(NodeId node) const { return node < nodes_before_; }

  struct Same {
    std::vector<EdgeId> ids;
    size_t next = 0;  // of `ids`
  };
  Same& of(NodeId source, TypeId type, NodeId target);

 private:
  struct Ends {
    NodeId source, target;
    TypeId type;
    bool operator==(const Ends&) const = default;
  };
  struct Hash {
    size_t operator()(const Ends& ends) const;
  };

  const History& history_;
  uint64_t nodes_before_;
  std::unordered_map<Ends, Same, Hash> known_;
};

// A whole graph into a store that has nothing pending. The k-th edge of the same ends and type is
// the k-th such edge of the store, if it has that many. Edges that have only a weight are added in
// batches for each type, so ids follow the order of the input only within a type.
class BulkImport {
 public:
  // Throws std::invalid_argument if something is pending. Borrows both.
  BulkImport(Store& store, ImportReport& report);

  // The node of this key; if there is none, an entity is added.
  NodeId node(std::string_view key);
  // The same with its kind and state; one that is there is revised, unless none is given. Throws
  // std::invalid_argument if it is of another kind, or was given before.
  NodeId node(std::string_view key, std::optional<NodeKind> kind, const Attributes& attributes);

  TypeId type(std::string_view name);
  void edge(NodeId source, TypeId type, NodeId target, const Attributes& attributes);
  // Adds what waits in batches. Call it once, at the end.
  void finish();

 private:
  struct Batch {
    std::vector<NodeId> sources, targets;
    std::vector<float> weights;
  };

  bool is_there(NodeId source, TypeId type, NodeId target, const Attributes& attributes);
  void add_edge(NodeId source, TypeId type, NodeId target, const Attributes& attributes);
  void flush(TypeId type);
  void check_kind(NodeId id, NodeKind kind) const;

  Store& store_;
  ImportReport& report_;
  EdgeKeys keys_;
  std::unordered_map<std::string, TypeId> types_;
  std::map<TypeId, Batch> batches_;
  size_t waiting_ = 0;                // edges in batches
  std::unordered_set<NodeId> given_;  // nodes that the input gave with their state
};

// Adds what a LineReader or CsvReader counted.
template <typename Lines>
void count_lines(const Lines& lines, ImportReport& report) {
  report.lines += lines.lines();
  report.blank += lines.blank();
  report.carriage_returns += lines.carriage_returns();
}

// Calls `action` and puts "NAME:LINE: " of a LineReader or CsvReader before what it complains about.
template <typename Lines, typename Action>
void at_line(const Lines& lines, const Action& action) {
  std::string what;
  try {
    return action();
  } catch (const std::invalid_argument& error) {
    what = error.what();
  }
  lines.refuse(what);
}

// Calls `action`; what it complains about without a place, as the store does, gets that of `tokens`,
// which read the input of this name.
template <typename Tokens, typename Action>
void at_token(const Tokens& tokens, std::string_view input, const Action& action) {
  std::string what;
  try {
    return action();
  } catch (const std::invalid_argument& error) {
    what = error.what();
    if (what.starts_with(fmt::format("{}:", input))) throw;
  }
  tokens.refuse(what);
}

}  // namespace saggio::graph
