// SPDX-License-Identifier: MIT
#include "graph/formats/export_graph.h"

// DOT (https://graphviz.org/doc/info/lang.html). In its quoted strings a backslash stands for itself,
// but Graphviz takes two for one where it shows a text; two are written for each.
namespace saggio::graph {
namespace {

class DotWriter {
 public:
  DotWriter(const ExportGraph& graph, TextSink& out) : graph_(graph), out_(out) {}

  void write() {
    out_ << "digraph {\n";
    graph_.for_each_node([&](const Node& node) {
      line_.clear();
      quote(graph_.name(node.id));
      begin_attributes();
      if (node.kind != NodeKind::Entity) attribute("kind", name(node.kind));
      put(node.attributes);
      finish();
    });
    graph_.for_each_edge([&](const Edge& edge) {
      line_.clear();
      quote(graph_.name(edge.source));
      line_ += " -> ";
      quote(graph_.name(edge.target));
      begin_attributes();
      const std::string& type = graph_.type(edge.type);
      if (type != graph_.options().edge_type) attribute("type", type);
      put(edge.attributes);
      finish();
    });
    out_ << "}\n";
    if (lost_ > 0) graph_.lose("bytes of value 0, which DOT has not: written as \\x00", lost_);
  }

 private:
  void quote(std::string_view text) {
    line_ += '"';
    for (const char c : text) {
      if (c == '"' || c == '\\') line_ += '\\';
      if (c == '\0') {
        line_ += "\\\\x00";
        ++lost_;
      } else {
        line_ += c;
      }
    }
    line_ += '"';
  }

  void begin_attributes() { is_first_ = true; }
  void attribute(std::string_view name, std::string_view value) {
    line_ += is_first_ ? " [" : ", ";
    is_first_ = false;
    quote(name);
    line_ += '=';
    quote(value);
  }
  void put(const Attributes& attributes) {
    graph_.flatten(attributes, fields_);
    for (const FlatField& field : fields_)
      attribute(field.name == "text" ? "label" : field.name, field.text);
  }
  void finish() { out_ << (line_ += is_first_ ? ";\n" : "];\n"); }

  const ExportGraph& graph_;
  TextSink& out_;
  std::string line_;
  std::vector<FlatField> fields_;
  bool is_first_ = true;
  uint64_t lost_ = 0;
};

}  // namespace

void write_dot(const ExportGraph& graph, TextSink& out) { DotWriter(graph, out).write(); }

}  // namespace saggio::graph
