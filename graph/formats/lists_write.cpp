// SPDX-License-Identifier: MIT
#include <algorithm>

#include "graph/formats/export_graph.h"

// Edge lists, triples and CSV: one edge a line.
namespace saggio::graph {
namespace {

constexpr std::string_view kSpace = " \t\v\f\r\n";

// RFC 4180, 2: in quotes where it must be, and where a reader would see a number of fields less.
void put_csv(std::string_view text, std::string& line) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos && !text.empty() &&
      kSpace.find(text.front()) == std::string_view::npos &&
      kSpace.find(text.back()) == std::string_view::npos && text[0] != '#' && text[0] != '%') {
    line += text;
    return;
  }
  line += '"';
  for (const char c : text) line.append(c == '"' ? 2 : 1, c);
  line += '"';
}

}  // namespace

bool can_stand_in_edge_list(std::string_view name) {
  return !name.empty() && name.find_first_of(" \t\v\f\r\n,") == std::string_view::npos &&
         name[0] != '#' && name[0] != '%' && !name.starts_with("\xEF\xBB\xBF");
}

bool can_stand_in_triple(std::string_view name) {
  return !name.empty() && name.find_first_of("\t\r\n") == std::string_view::npos &&
         kSpace.find(name.front()) == std::string_view::npos &&
         kSpace.find(name.back()) == std::string_view::npos && !name.starts_with("\xEF\xBB\xBF");
}

void write_edge_list(const ExportGraph& graph, TextSink& out) {
  std::string line;
  graph.for_each_edge([&](const Edge& edge) {
    line = graph.name(edge.source);
    line += ' ';
    line += graph.name(edge.target);
    if (!(edge.attributes.weight == 1))
      fmt::format_to(std::back_inserter(line), " {}", edge.attributes.weight);
    out << (line += '\n');
  });
}

void write_triples(const ExportGraph& graph, TextSink& out) {
  uint64_t odd = 0;
  graph.for_each_edge([&](const Edge& edge) {
    const std::string& type = graph.type(edge.type);
    const bool can_stand = can_stand_in_triple(type);
    odd += !can_stand;
    out << graph.name(edge.source) << "\t" << (can_stand ? type : fmt::format("type{}", edge.type))
        << "\t" << graph.name(edge.target) << "\n";
  });
  if (odd > 0)
    graph.lose(
        "edges whose type has a tab or line end in it, or blanks at its ends: it is called "
        "type and its number",
        odd);
}

// A header, then one edge a line; an empty field is none.
void write_csv(const ExportGraph& graph, TextSink& out) {
  const FieldColumns columns = columns_of_edges(graph);
  std::string line = "source,target,type";
  for (const FieldColumn& column : columns.all()) {
    line += ',';
    put_csv(column.name, line);
  }
  out << (line += '\n');
  std::vector<FlatField> fields;
  std::vector<const FlatField*> cells;
  graph.for_each_edge([&](const Edge& edge) {
    line.clear();
    put_csv(graph.name(edge.source), line);
    line += ',';
    put_csv(graph.name(edge.target), line);
    line += ',';
    put_csv(graph.type(edge.type), line);
    graph.flatten(edge.attributes, fields);
    cells.assign(columns.all().size(), nullptr);
    for (const FlatField& field : fields) cells[columns.index(field)] = &field;
    for (const FlatField* cell : cells) {
      line += ',';
      if (cell) put_csv(cell->text, line);
    }
    out << (line += '\n');
  });
}

}  // namespace saggio::graph
