// SPDX-License-Identifier: MIT
#include <algorithm>
#include <nlohmann/json.hpp>

#include "graph/formats/export_graph.h"
#include "graph/formats/record_json.h"

// What read_node_link() and networkx's node_link_graph() read. Attributes are those of records,
// qualifiers members of their own where that says the same.
namespace saggio::graph {
namespace {

using nlohmann::json;

std::string dumped(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

// A text as the JSON scalar that it is the text of, so that numbers come back as numbers.
json value_of(const std::string& text) {
  constexpr std::string_view kBegin = "-0123456789tfn";
  if (text.empty() || kBegin.find(text[0]) == std::string_view::npos) return text;
  json value = json::parse(text, nullptr, false);
  return !value.is_discarded() && dumped(value) == text ? value : json(text);
}

// Members of JSON objects come back in the order of their names, and once.
void put_qualifiers(const Attributes& attributes, json& element) {
  const auto& all = attributes.qualifiers;
  const auto ascend = [](const auto& a, const auto& b) { return a.first >= b.first; };
  const bool stand_alone =
      std::adjacent_find(all.begin(), all.end(), ascend) == all.end() &&
      std::none_of(all.begin(), all.end(), [](const auto& q) { return is_reserved(q.first); });
  if (!stand_alone) return void(element["qualifiers"] = all);
  for (const auto& [name, value] : all) element[name] = value_of(value);
}

void put_all(const ExportGraph& graph, Attributes attributes, json& element) {
  const std::string text = graph.text(attributes);
  if (only_weight(attributes)) return put_attributes(attributes, text, element);
  if (attributes.span)
    element["span"] = span_json(*attributes.span, graph.name(attributes.span->document));
  put_qualifiers(attributes, element);
  attributes.qualifiers.clear();
  put_attributes(attributes, text, element);
}

}  // namespace

void write_node_link(const ExportGraph& graph, TextSink& out) {
  out << "{\"directed\": true, \"multigraph\": true, \"graph\": {}, \"nodes\": [";
  bool is_first = true;
  const auto put = [&](const json& element) {
    out << (is_first ? "\n" : ",\n") << dumped(element);
    is_first = false;
  };
  graph.for_each_node([&](const Node& node) {
    json element = {{"id", graph.name(node.id)}};
    if (node.kind != NodeKind::Entity) element["kind"] = name(node.kind);
    put_all(graph, node.attributes, element);
    put(element);
  });
  out << "\n], \"edges\": [";
  is_first = true;
  graph.for_each_edge([&](const Edge& edge) {
    json element = {{"source", graph.name(edge.source)}, {"target", graph.name(edge.target)}};
    element["type"] = graph.type(edge.type);
    put_all(graph, edge.attributes, element);
    put(element);
  });
  out << "\n]}\n";
}

// Records that make the same graph of an empty store: ordinals count what is there.
void write_records(const ExportGraph& graph, TextSink& out) {
  const auto put = [&](const Attributes& attributes, json& record) {
    if (attributes.span)
      record["span"] = span_json(*attributes.span, graph.name(attributes.span->document));
    put_attributes(attributes, graph.text(attributes), record);
    out << dumped(record) << "\n";
  };
  graph.for_each_node([&](const Node& node) {
    json record = {{"node", graph.name(node.id)}, {"kind", name(node.kind)}};
    put(node.attributes, record);
  });
  graph.for_each_edge([&](const Edge& edge) {
    json record = {
        {"edge", {graph.name(edge.source), graph.type(edge.type), graph.name(edge.target)}}};
    record["ordinal"] = graph.ordinal(edge);
    put(edge.attributes, record);
  });
}

}  // namespace saggio::graph
