// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "graph/formats/import.h"
#include "graph/formats/lines.h"
#include "graph/formats/record_json.h"
#include "tests/graph/store/simulated_files.h"

// A store in memory, texts to read into it, and what it then holds as records.
namespace saggio::graph {

struct Imported {
  SimulatedFiles files;
  Store store = Store::open("s", {.uuid = Uuid{}, .files = &files});

  using Read = std::function<ImportReport(std::istream&, Store&)>;

  // Reads and commits.
  ImportReport read(const std::string& text, const Read& reader) {
    std::istringstream in(text);
    const ImportReport report = reader(in, store);
    if (store.has_pending()) store.commit();
    return report;
  }

  ImportReport read(const std::string& text, Format format, const ImportOptions& options = {}) {
    return read(text,
                [&](std::istream& in, Store& to) { return import_from(in, format, to, options); });
  }

  // The message of what a reader throws; empty: nothing.
  std::string complaint(const std::string& text, Format format) {
    std::istringstream in(text);
    try {
      import_from(in, format, store, {.name = "f"});
      return "";
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
  }

  // Everything there is at the head, a line each.
  std::vector<std::string> records() {
    std::vector<std::string> lines;
    const History& history = store.history();
    for (const NodeId id : history.nodes()) {
      const auto node = history.node(id);
      lines.push_back(node_record(history, *node, store.text(node->attributes)).dump());
    }
    for (const EdgeId id : history.edges()) {
      const auto edge = history.edge(id);
      lines.push_back(edge_record(history, *edge, store.text(edge->attributes)).dump());
    }
    return lines;
  }
};

using Lines = std::vector<std::string>;

inline std::string joined(const Lines& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

}  // namespace saggio::graph
