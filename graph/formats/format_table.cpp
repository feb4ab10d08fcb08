// SPDX-License-Identifier: MIT
#include "graph/formats/format_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace saggio::graph {
namespace fs = std::filesystem;

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

constexpr Keeps all(std::string_view noun) { return {.noun = noun}; }

const FormatRow kRows[] = {
    {Format::Edges, "edges", "edges edgelist el wel", read_edge_list, write_edge_list, kEdgeList},
    {Format::Csv, "csv", "csv", read_csv, write_csv, kCsv},
    {Format::Triples, "triples", "tsv", read_triples, write_triples, kTriples},
    {Format::NodeLink,
     "node-link",
     "json",
     read_node_link,
     write_node_link,
     all("node-link files")},
    {Format::GraphMl, "graphml", "graphml", read_graphml, write_graphml, all("GraphML files")},
    {Format::Gexf, "gexf", "gexf", read_gexf, write_gexf, all("GEXF files")},
    {Format::Dot, "dot", "dot gv", read_dot, write_dot, all("DOT files")},
    {Format::NTriples, "n-triples", "nt", read_ntriples, write_ntriples, all("N-Triples files")},
    {Format::Records, "records", "jsonl", read_records, write_records, all("records")},
    {Format::Metis, "metis", "graph metis", read_metis},
    {Format::MatrixMarket, "matrix-market", "mtx", read_matrix_market},
    {Format::LightRag, "light-rag", "", read_light_rag},
    {Format::Graphiti, "graphiti", "", read_graphiti},
    {Format::Otel, "otel", "", read_otel},
    {.format = Format::OpenKe,
     .name = "openke",
     .known_by = "entity2id.txt",
     .read_folder = read_openke},
    {.format = Format::GraphRag,
     .name = "graphrag",
     .known_by = "entities.csv create_final_entities.csv",
     .read_folder = read_graphrag},
};

template <typename Test>  // bool(std::string_view)
bool any_word(std::string_view words, const Test& test) {
  while (!words.empty()) {
    const size_t end = std::min(words.find(' '), words.size());
    if (test(words.substr(0, end))) return true;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return false;
}

}  // namespace

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
  const fs::path path(file);
  const bool is_folder = fs::is_directory(path);
  const size_t dot = file.rfind('.');
  for (const FormatRow& row : kRows) {
    if (is_folder != (row.read_folder != nullptr)) continue;
    if (is_folder ? any_word(row.known_by, [&](auto name) { return fs::exists(path / name); })
                  : dot != std::string_view::npos && any_word(row.known_by, [&](auto end) {
                      return end == file.substr(dot + 1);
                    }))
      return row.format;
  }
  return std::nullopt;
}

std::string format_names(bool to_write) {
  std::string names;
  for (const FormatRow& row : kRows)
    if (!to_write || row.write) names += fmt::format("{}{}", names.empty() ? "" : ", ", row.name);
  return names;
}

ImportReport import_from(std::istream& in,
                         Format format,
                         Store& store,
                         const ImportOptions& options) {
  const FormatRow& row = row_of(format);
  if (!row.read)
    throw std::invalid_argument(fmt::format(
        "{}: {} is a format of several files: give their folder", options.name, row.name));
  return row.read(in, store, options);
}

void check_path(const fs::path& path, Format format) {
  if (!fs::exists(path))
    throw std::invalid_argument(fmt::format("{}: no such file", path.string()));
  const bool wants_folder = row_of(format).read_folder != nullptr;
  if (wants_folder != fs::is_directory(path))
    throw std::invalid_argument(fmt::format("{}: is {}, this format is {}",
                                            path.string(),
                                            wants_folder ? "no folder" : "a folder",
                                            wants_folder ? "a folder" : "one file"));
}

ImportReport import_path(const fs::path& path, Format format, Store& store, ImportOptions options) {
  check_path(path, format);
  options.name = path.string();
  if (const auto read_folder = row_of(format).read_folder) return read_folder(path, store, options);
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::invalid_argument(fmt::format("{}: cannot be read as a file", options.name));
  return import_from(file, format, store, options);
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
