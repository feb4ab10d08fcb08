// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "graph/formats/import.h"
#include "graph/store/store.h"

// The way out of a store for programs that know nothing of it: the graph as of one point in one of
// the formats of FORMATS.md. What comes back by import_from() has the same keys, types, attributes
// and times as far as the format keeps them; what it does not keep is counted, never dropped unsaid.
namespace saggio::graph {

// Where a graph is read from; borrowed.
struct ExportSource {
  const History& history;
  std::function<std::string(const Attributes&)> text;  // wherever it lies
};
ExportSource source_of(Reader& reader);
ExportSource source_of(Store& store);

struct ExportOptions {
  AsOf as_of;
  std::string edge_type = "linked";  // what edges of a file that names no type are read as
};

struct ExportReport {
  uint64_t nodes = 0, edges = 0;  // of the graph
  uint64_t bytes = 0;
  std::vector<std::string> losses;  // "12 confidences: edge lists have none"
};

// Memory: some 100 bytes for each node, 1 for each edge, and the longest text; of N-Triples 20 bytes
// for each edge. Throws std::invalid_argument if the format cannot be written, std::runtime_error if
// the stream fails.
ExportReport export_to(std::ostream& out,
                       Format format,
                       const ExportSource& source,
                       const ExportOptions& options = {});

}  // namespace saggio::graph
