// SPDX-License-Identifier: MIT
#include "graph/formats/export_graph.h"
#include "graph/formats/xml_text.h"

namespace saggio::graph {
namespace {

constexpr std::string_view kHead =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\" "
    "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
    "xsi:schemaLocation=\"http://graphml.graphdrawing.org/xmlns "
    "http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd\">\n";

class GraphmlWriter {
 public:
  GraphmlWriter(const ExportGraph& graph, TextSink& out) : graph_(graph), out_(out) {}

  void write() {
    out_ << kHead;
    keys(node_columns_, "node", "n");
    keys(edge_columns_, "edge", "e");
    out_ << "<key id=\"kind\" for=\"node\" attr.name=\"kind\" attr.type=\"string\"/>\n"
            "<key id=\"type\" for=\"edge\" attr.name=\"type\" attr.type=\"string\"/>\n"
            "<graph edgedefault=\"directed\">\n";
    graph_.for_each_node([&](const Node& node) { put(node); });
    graph_.for_each_edge([&](const Edge& edge) { put(edge); });
    out_ << "</graph>\n</graphml>\n";
    if (lost_ > 0) graph_.lose("control characters, which XML has not: written as \\xNN", lost_);
  }

 private:
  void keys(const FieldColumns& columns, std::string_view owner, std::string_view id) {
    for (size_t i = 0; i < columns.all().size(); ++i) {
      const FieldColumn& column = columns.all()[i];
      line_ = fmt::format("<key id=\"{}{}\" for=\"{}\" attr.name=\"", id, i, owner);
      put_xml(column.name, line_, lost_);
      fmt::format_to(std::back_inserter(line_), "\" attr.type=\"{}\"/>\n", xml_type(column.type));
      out_ << line_;
    }
  }

  void put(const Node& node) {
    line_ = "<node id=\"";
    put_xml(graph_.name(node.id), line_, lost_);
    line_ += "\">";
    const size_t empty = line_.size();
    if (node.kind != NodeKind::Entity) data("kind", graph::name(node.kind));
    graph_.flatten(node.attributes, fields_);
    put_fields(node_columns_, 'n');
    finish("</node>\n", empty);
  }

  void put(const Edge& edge) {
    line_.clear();
    fmt::format_to(std::back_inserter(line_), "<edge id=\"e{}\" source=\"", edge.id);
    put_xml(graph_.name(edge.source), line_, lost_);
    line_ += "\" target=\"";
    put_xml(graph_.name(edge.target), line_, lost_);
    line_ += "\">";
    const size_t empty = line_.size();
    const std::string& type = graph_.type(edge.type);
    if (type != graph_.options().edge_type) data("type", type);
    graph_.flatten(edge.attributes, fields_);
    put_fields(edge_columns_, 'e');
    finish("</edge>\n", empty);
  }

  // An element that has nothing in it ends at once.
  void finish(std::string_view end, size_t empty) {
    if (line_.size() > empty) {
      line_ += end;
    } else {
      line_.pop_back();
      line_ += "/>\n";
    }
    out_ << line_;
  }

  void put_fields(const FieldColumns& columns, char letter) {
    for (const FlatField& field : fields_) {
      data(fmt::format("{}{}", letter, columns.index(field)), field.text);
    }
  }

  void data(std::string_view key, std::string_view text) {
    line_ += "<data key=\"";
    line_ += key;
    line_ += "\">";
    put_xml(text, line_, lost_);
    line_ += "</data>";
  }

  const ExportGraph& graph_;
  TextSink& out_;
  FieldColumns node_columns_ = columns_of_nodes(graph_), edge_columns_ = columns_of_edges(graph_);
  std::string line_;
  std::vector<FlatField> fields_;
  uint64_t lost_ = 0;
};

}  // namespace

void write_graphml(const ExportGraph& graph, TextSink& out) { GraphmlWriter(graph, out).write(); }

}  // namespace saggio::graph
