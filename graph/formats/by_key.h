// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "graph/store/store.h"

// What elements of two stores are the same (graph-store.md 12): nodes by their key, edges by the
// keys of their ends, their type and their ordinal among those ever added. For the .cpp files of
// this folder.
namespace saggio::graph {

// A store or a reader, as far as states are compared.
struct Side {
  const History& history;
  const Identity& identity;
  std::function<std::string(const EmbeddingRow&)> row;  // its bytes
};

template <typename Graph>  // Store or Reader; borrows it
Side side_of(Graph& graph) {
  return {graph.history(), graph.identity(), [&graph](const EmbeddingRow& at) {
            return graph.rows(at.table, at.row, 1);
          }};
}

// A node's key or, if it has none, its store's UUID in hexadecimal, a # and its id there.
std::string key_across(const Side& side, const Node& node);
// The node that key_across names, there at the head; a node of this store if the UUID is its own.
std::optional<NodeId> find_across(const Side& side, std::string_view key);

// Equal for two states that say the same, in whatever store: of a span's document counts the key (a
// span of one that is not there counts as none), of an embedding the numbers and the model, of a
// text that is packed the text.
Sha256 state_of(const Side& side, const Attributes& attributes, const AsOf& as_of);

// The ordinals of edges that are asked for in ascending order.
class Ordinals {
 public:
  explicit Ordinals(const History& history) : history_(history) {}

  uint64_t of(const EdgeRow& edge);

 private:
  struct Same {
    std::vector<EdgeId> ids;
    size_t next = 0;
  };
  const History& history_;
  std::map<std::array<uint64_t, 3>, Same> parallel_;  // by source, type, target
};

// "a -type-> b", with "(k)" behind it if the ordinal k is not 0.
std::string name_across(const Side& side, const EdgeRow& edge, uint64_t ordinal, const AsOf& as_of);

}  // namespace saggio::graph
