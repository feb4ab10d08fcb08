// SPDX-License-Identifier: MIT
#include "graph/formats/format_table.h"

#include <fmt/format.h>

#include <stdexcept>

namespace saggio::graph {
namespace {

ImportReport read_records(std::istream& in, Store& store, const ImportOptions& options) {
  return append_records(in, store, options);
}

constexpr Keeps kEdgeList = {.kinds = false,
                             .types = false,
                             .isolated = false,
                             .node_attributes = false,
                             .edge_attributes = false,
                             .name = can_stand_in_edge_list,
                             .noun = "edge lists",
                             .odd_names = "with white space, a comma, or # or % first"};
constexpr Keeps kTriples = {.kinds = false,
                            .isolated = false,
                            .node_attributes = false,
                            .weights = false,
                            .edge_attributes = false,
                            .name = can_stand_in_triple,
                            .noun = "triples",
                            .odd_names = "with tabs, line ends, or blanks at their ends"};
constexpr Keeps kCsv = {
    .kinds = false, .isolated = false, .node_attributes = false, .noun = "CSV files of edges"};

const FormatRow kRows[] = {
    {Format::Edges, "edges", "edges edgelist el wel", read_edge_list, write_edge_list, kEdgeList},
    {Format::Csv, "csv", "csv", read_csv, write_csv, kCsv},
    {Format::Triples, "triples", "tsv", read_triples, write_triples, kTriples},
    {Format::NodeLink,
     "node-link",
     "json",
     read_node_link,
     write_node_link,
     {.noun = "node-link files"}},
    {Format::GraphMl, "graphml", "graphml", read_graphml, write_graphml, {.noun = "GraphML files"}},
    {Format::Gexf, "gexf", "gexf", read_gexf, write_gexf, {.noun = "GEXF files"}},
    {Format::Dot, "dot", "dot gv", read_dot, write_dot, {.noun = "DOT files"}},
    {Format::NTriples,
     "n-triples",
     "nt",
     read_ntriples,
     write_ntriples,
     {.noun = "N-Triples files"}},
    {Format::Records, "records", "jsonl", read_records, write_records, {.noun = "records"}},
};

bool is_among(std::string_view words, std::string_view word) {
  while (!words.empty()) {
    const size_t end = std::min(words.find(' '), words.size());
    if (words.substr(0, end) == word) return true;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return false;
}

}  // namespace

std::span<const FormatRow> format_rows() { return kRows; }

const FormatRow& row_of(Format format) {
  for (const FormatRow& row : kRows)
    if (row.format == format) return row;
  throw std::invalid_argument("a format that is none of " + format_names());
}

std::optional<Format> find_format(std::string_view name) {
  for (const FormatRow& row : kRows)
    if (row.name == name) return row.format;
  return std::nullopt;
}

std::optional<Format> format_of_file(std::string_view file) {
  const size_t dot = file.rfind('.');
  if (dot == std::string_view::npos) return std::nullopt;
  for (const FormatRow& row : kRows)
    if (is_among(row.endings, file.substr(dot + 1))) return row.format;
  return std::nullopt;
}

std::string format_names(bool to_write) {
  std::string names;
  for (const FormatRow& row : kRows)
    if (to_write ? row.write != nullptr : row.read != nullptr)
      names += fmt::format("{}{}", names.empty() ? "" : ", ", row.name);
  return names;
}

ImportReport import_from(std::istream& in,
                         Format format,
                         Store& store,
                         const ImportOptions& options) {
  const FormatRow& row = row_of(format);
  if (!row.read)
    throw std::invalid_argument(
        fmt::format("{} cannot be read, allowed: {}", row.name, format_names()));
  return row.read(in, store, options);
}

ExportSource source_of(Reader& reader) {
  return {reader.history(), [&](const Attributes& a) { return reader.text(a); }};
}

ExportSource source_of(Store& store) {
  return {store.history(), [&](const Attributes& a) { return store.text(a); }};
}

ExportReport export_to(std::ostream& out,
                       Format format,
                       const ExportSource& source,
                       const ExportOptions& options) {
  const FormatRow& row = row_of(format);
  if (!row.write)
    throw std::invalid_argument(
        fmt::format("{} cannot be written, allowed: {}", row.name, format_names(true)));
  const ExportGraph graph(source, options, row.keeps);
  TextSink sink(out);
  row.write(graph, sink);
  sink.flush();
  return {graph.nodes(), graph.edges(), sink.bytes(), graph.losses()};
}

}  // namespace saggio::graph
