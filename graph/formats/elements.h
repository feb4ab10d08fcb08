// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "graph/formats/bulk.h"
#include "graph/formats/flat.h"

// Nodes and edges of a foreign file on their way into a store, with attributes that are names and
// texts. A node may stand behind the edges that name it: from the first such edge on, edges wait in
// memory. For the .cpp files of this folder.
namespace saggio::graph {

class ElementImport {
 public:
  // Makes a program's own attributes ours, once those that have our names are.
  using Map = void(Attributes&);

  // `has_nodes`: of the file; if not, no edge waits for one. Throws std::invalid_argument if
  // something is pending. Borrows all three.
  ElementImport(Store& store,
                ImportReport& report,
                const ImportOptions& options,
                bool has_nodes = true,
                Map* map = nullptr)
      : bulk_(store, report),
        history_(store.history()),
        report_(report),
        options_(options),
        has_nodes_(has_nodes),
        map_(map) {}

  // Empties `fields`. Their `kind` is the node's, if it is one of ours.
  void node(std::string_view key, NamedTexts& fields);
  // The same; their `type`, `relation` or `kind` is the edge's type.
  void edge(std::string_view source, std::string_view target, NamedTexts& fields);
  void edge(std::string_view source,
            std::string_view type,
            std::string_view target,
            NamedTexts& fields);

  // Counts something that the store does not keep; the note is "COUNT WHAT".
  void drop(const std::string& what, uint64_t count = 1) { dropped_[what] += count; }
  void note(std::string text) { report_.notes.push_back(std::move(text)); }
  // Adds what waits, and the notes. Call it once, at the end.
  void finish();

 private:
  struct Waiting {
    std::string source, type, target;
    NamedTexts fields;
  };

  Attributes attributes_of(NamedTexts& fields);
  NodeId end(std::string_view key);
  void add(NodeId source, std::string_view type, NodeId target, NamedTexts& fields);

  BulkImport bulk_;
  const History& history_;
  ImportReport& report_;
  const ImportOptions& options_;
  bool has_nodes_;
  Map* map_;
  std::vector<Waiting> waiting_;
  std::map<std::string, uint64_t> dropped_;
  uint64_t implied_ = 0, empty_ = 0;
};

// "e17", "17", "#17": a number of the file, which says nothing.
bool is_numbering(std::string_view id);

}  // namespace saggio::graph
