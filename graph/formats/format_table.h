// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string_view>

#include "graph/formats/export_graph.h"
#include "graph/formats/import.h"

// All formats, each one row: a new one is a .cpp file, its declarations and a row here.
namespace saggio::graph {

struct FormatRow {
  using Read = ImportReport(std::istream&, Store&, const ImportOptions&);
  using ReadFolder = ImportReport(const std::filesystem::path&, Store&, const ImportOptions&);
  using Write = void(const ExportGraph&, TextSink&);

  Format format;
  std::string_view name;
  // What tells it, apart by blanks: endings of its files without their points; of a folder, files
  // that are in it.
  std::string_view known_by;
  Read* read = nullptr;    // nullptr: it is a folder
  Write* write = nullptr;  // nullptr: no way out
  Keeps keeps = {};        // of the way out
  ReadFolder* read_folder = nullptr;
};

const FormatRow& row_of(Format format);

}  // namespace saggio::graph
