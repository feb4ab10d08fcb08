// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "graph/formats/export_graph.h"
#include "graph/formats/import.h"

// All formats, each one row: a new one is a .cpp file, its declarations and a row here.
namespace saggio::graph {

struct FormatRow {
  Format format;
  std::string_view name;
  std::string_view endings;  // of files, without their points, apart by blanks
  ImportReport (*read)(std::istream&, Store&, const ImportOptions&);  // nullptr: no way in
  void (*write)(const ExportGraph&, TextSink&);                       // nullptr: no way out
  Keeps keeps;                                                        // of the way out
};

std::span<const FormatRow> format_rows();
const FormatRow& row_of(Format format);

}  // namespace saggio::graph
