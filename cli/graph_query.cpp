// SPDX-License-Identifier: MIT
// saggio graph query
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/graph.h"
#include "graph/formats/json_text.h"
#include "graph/formats/lines.h"
#include "graph/formats/record_json.h"
#include "graph/formats/time_text.h"
#include "graph/query/evaluate.h"

namespace saggio::cli {

using graph::AsOf;
using graph::Reader;
using graph::Target;
using nlohmann::json;

namespace {

constexpr size_t kLines = 20;  // of a table, unless --limit says otherwise

// What QUERY and the options say together; each of the two clocks once.
AsOf point_beside(const graph::Query& query,
                  const graph::History& history,
                  const GraphArguments& arguments) {
  if (query.as_of && !arguments.as_of.empty())
    throw std::invalid_argument(
        "--as-of and the query's 'as of' both name a version; leave one out");
  if (query.valid_at && !arguments.world.empty())
    throw std::invalid_argument(
        "--world and the query's 'valid at' both name a time of the world; leave one out");
  return point_of(history, arguments);
}

// The query's answer; what is wrong with the query becomes the message, the query and a caret.
graph::Answer answered(Reader& reader, const GraphArguments& arguments) {
  const std::string& text = arguments.query;
  try {
    const graph::Query query = graph::parse(text);
    return graph::answer(query, reader, point_beside(query, reader.history(), arguments));
  } catch (const graph::QueryError& error) {
    throw std::invalid_argument(graph::pointed(text, error));
  } catch (const graph::NoSuchNode& error) {
    throw std::invalid_argument(
        graph::pointed(text, graph::QueryError(text, error.at, error.what())));
  }
}

std::string number(float value) {
  return std::isnan(value) ? "-" : fmt::format("{}", graph::shortest(value));
}

using Row = std::vector<std::string>;

Row node_row(Reader& reader, const graph::View& view, graph::NodeIndex node) {
  const graph::NodeId id = view.node_id(node);
  return {fmt::format("#{}", id),
          std::string(graph::name(view.node_kind(node))),
          std::string(graph::name(view.node_status(node))),
          number(view.node_confidence(node)),
          label(reader, id, view.as_of())};
}

Row edge_row(Reader& reader, const graph::View& view, graph::EdgeIndex edge) {
  const graph::EdgeId id = view.edge_id(edge);
  const graph::EdgeEnds ends = reader.history().edge_ends(id);
  return {fmt::format("#{}", id),
          std::string(graph::name(view.edge_status(edge))),
          number(view.edge_confidence(edge)),
          number(view.edge_weight(edge)),
          fmt::format("{} -{}-> {}",
                      label(reader, ends.source, view.as_of()),
                      graph::clean(reader.history().types()[ends.type]),
                      label(reader, ends.target, view.as_of()))};
}

// Columns as wide as their cells need; the last one is free.
void print_table(const std::vector<Row>& rows) {
  std::vector<size_t> widths(rows[0].size());
  for (const Row& row : rows)
    for (size_t i = 0; i + 1 < widths.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  for (const Row& row : rows) {
    for (size_t i = 0; i < widths.size(); ++i)
      fmt::print("{}{:<{}}", i == 0 ? "" : "  ", row[i], widths[i]);
    fmt::print("\n");
  }
}

std::string point_text(const Reader& reader, const AsOf& as_of) {
  const graph::Version head = reader.history().head();
  std::string text = as_of.version == head ? fmt::format("version {}", as_of.version)
                                           : fmt::format("version {} of {}", as_of.version, head);
  if (as_of.world)
    text += fmt::format("; what {} at {}",
                        as_of.certain ? "is known to hold" : "holds",
                        graph::time_text(*as_of.world));
  return text;
}

void print_answer(Reader& reader, const graph::Answer& answer, const GraphArguments& arguments) {
  const bool of_nodes = answer.selection.target == Target::Nodes;
  const std::vector<int32_t> found = answer.selection.indices();
  const size_t shown = std::min(found.size(), arguments.most.value_or(kLines));
  std::vector<Row> rows = {of_nodes ? Row{"id", "kind", "status", "confidence", "label"}
                                    : Row{"id", "status", "confidence", "weight", "edge"}};
  for (size_t i = 0; i < shown; ++i)
    rows.push_back(of_nodes ? node_row(reader, answer.view, found[i])
                            : edge_row(reader, answer.view, found[i]));
  if (shown > 0) print_table(rows);
  const auto all = static_cast<uint64_t>(of_nodes ? answer.view.nodes() : answer.view.edges());
  fmt::print(
      "{} of {}, {}{}\n",
      found.empty() ? "none" : grouped(found.size()),
      counted(all, of_nodes ? "node" : "edge"),
      point_text(reader, answer.view.as_of()),
      shown < found.size() ? fmt::format("; --limit {} shows all of them", found.size()) : "");
}

json element_json(Reader& reader, const graph::Answer& answer, int32_t index) {
  const graph::History& history = reader.history();
  const AsOf& as_of = answer.view.as_of();
  if (answer.selection.target == Target::Nodes) {
    const auto node = history.node(answer.view.node_id(index), as_of);
    return {{"id", node->id},
            {"record", graph::node_record(history, *node, reader.text(node->attributes), as_of)}};
  }
  const auto edge = history.edge(answer.view.edge_id(index), as_of);
  return {{"id", edge->id},
          {"record", graph::edge_record(history, *edge, reader.text(edge->attributes), as_of)}};
}

// One object; its elements one a line, so that a million of them need not be in memory.
void print_json(Reader& reader, const graph::Answer& answer, const GraphArguments& arguments) {
  const std::vector<int32_t> found = answer.selection.indices();
  const AsOf& as_of = answer.view.as_of();
  json head = {{"version", as_of.version},
               {"count", found.size()},
               {"notes", answer.selection.notes},
               {"of", answer.selection.target == Target::Nodes ? "nodes" : "edges"}};
  if (as_of.world) head["world"] = graph::time_text(*as_of.world);
  std::string text = dumped(head, -1);
  if (arguments.count) {
    fmt::print("{}\n", text);
    return;
  }
  text.pop_back();
  fmt::print("{},\"found\":[", text);
  const size_t shown = std::min(found.size(), arguments.most.value_or(found.size()));
  for (size_t i = 0; i < shown; ++i)
    fmt::print("{}\n{}", i == 0 ? "" : ",", dumped(element_json(reader, answer, found[i]), -1));
  fmt::print("]}}\n");
}

}  // namespace

int graph_query(const Program& program, const GraphArguments& arguments) {
  Reader reader = open_to_read(arguments.store);
  const graph::Answer answer = answered(reader, arguments);
  if (program.json) {
    print_json(reader, answer, arguments);
    return 0;
  }
  for (const std::string& note : answer.selection.notes) std::cerr << "note: " << note << "\n";
  if (arguments.count)
    fmt::print("{}\n", answer.selection.count());
  else
    print_answer(reader, answer, arguments);
  return 0;
}

}  // namespace saggio::cli
