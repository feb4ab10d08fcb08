// SPDX-License-Identifier: MIT
#include "graph/formats/export_graph.h"
#include "graph/formats/time_text.h"
#include "graph/formats/xml_text.h"

// GEXF 1.3 (https://gexf.net/schema.html). Valid times are `start` and `end`, which is inclusive
// there: the last day, or the last microsecond.
namespace saggio::graph {
namespace {

constexpr TimeUs kDay = 86'400'000'000;
constexpr std::string_view kHead =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<gexf xmlns=\"http://gexf.net/1.3\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
    "xsi:schemaLocation=\"http://gexf.net/1.3 http://gexf.net/1.3/gexf.xsd\" version=\"1.3\">\n"
    "<meta><creator>saggio</creator></meta>\n";

// Whether GEXF has a way to write it: no special value, of the years 1 to 9999.
bool is_writable(TimeUs time) { return parse_time(time_text(time)).has_value(); }
bool is_writable_end(TimeUs time) { return time != kUnknownTime && is_writable(time - 1); }

class GexfWriter {
 public:
  GexfWriter(const ExportGraph& graph, TextSink& out) : graph_(graph), out_(out) {
    survey();
    out_ << kHead << "<graph defaultedgetype=\"directed\" idtype=\"string\" mode=\""
         << (has_times_ ? "dynamic" : "static") << "\"";
    if (has_times_)
      out_ << " timeformat=\"" << (are_days_ ? "date" : "dateTime")
           << "\" timerepresentation=\"interval\"";
    out_ << ">\n";
  }

  void write() {
    columns(node_columns_, "node", "n");
    columns(edge_columns_, "edge", "e");
    out_ << fmt::format("<nodes count=\"{}\">\n", graph_.nodes());
    graph_.for_each_node([&](const Node& node) { put(node); });
    out_ << fmt::format("</nodes>\n<edges count=\"{}\">\n", graph_.edges());
    graph_.for_each_edge([&](const Edge& edge) { put(edge); });
    out_ << "</edges>\n</graph>\n</gexf>\n";
    if (lost_ > 0) graph_.lose("control characters, which XML has not: written as \\xNN", lost_);
  }

 private:
  void survey() {
    std::vector<FlatField> fields;
    const auto add = [&](Attributes attributes, FieldColumns& to) {
      const Valid& valid = attributes.valid;
      for (const TimeUs time : {valid.from, valid.to}) {
        if (!is_writable(time)) continue;
        has_times_ = true;
        are_days_ = are_days_ && time % kDay == 0;
      }
      take_own(attributes);
      graph_.flatten(attributes, fields);
      to.add(fields);
    };
    graph_.for_each_node([&](const Node& node) {
      if (node.kind != NodeKind::Entity) node_columns_.add({{"kind"}});
      if (label_of(node) == graph_.name(node.id) && !graph_.text(node.attributes).empty())
        node_columns_.add({{"text"}});
      add(node.attributes, node_columns_);
    });
    graph_.for_each_edge([&](const Edge& edge) {
      if (!graph_.text(edge.attributes).empty()) edge_columns_.add({{"text"}});
      Attributes attributes = edge.attributes;
      attributes.weight = 1;
      add(std::move(attributes), edge_columns_);
    });
    node_columns_.close();
    edge_columns_.close();
  }

  // Without what has an attribute of GEXF's own: the label, the weight of edges, times.
  static void take_own(Attributes& a) {
    a.text.clear();
    a.packed.reset();
    if (is_writable(a.valid.from)) a.valid.from = kUnknownTime;
    if (is_writable_end(a.valid.to) && is_writable(a.valid.to)) a.valid.to = kUnknownTime;
  }

  std::string label_of(const Node& node) const {
    std::string text = graph_.text(node.attributes);
    return text.empty() ? graph_.name(node.id) : text;
  }

  void columns(const FieldColumns& columns, std::string_view owner, std::string_view id) {
    if (columns.all().empty()) return;
    out_ << fmt::format("<attributes class=\"{}\">\n", owner);
    for (size_t i = 0; i < columns.all().size(); ++i) {
      line_ = fmt::format("<attribute id=\"{}{}\" title=\"", id, i);
      put_xml(columns.all()[i].name, line_, lost_);
      out_ << line_ << fmt::format("\" type=\"{}\"/>\n", xml_type(columns.all()[i].type));
    }
    out_ << "</attributes>\n";
  }

  void attribute(std::string_view name, std::string_view value) {
    line_ += ' ';
    line_ += name;
    line_ += "=\"";
    put_xml(value, line_, lost_);
    line_ += '"';
  }

  // A dateTime has a time, a date has none.
  std::string moment(TimeUs time) const {
    std::string text = time_text(time);
    if (!are_days_ && text.find('T') == std::string::npos) text += "T00:00:00Z";
    return text;
  }

  void times(const Valid& valid) {
    if (is_writable(valid.from)) attribute("start", moment(valid.from));
    if (is_writable(valid.to) && is_writable_end(valid.to))
      attribute("end", moment(valid.to - (are_days_ ? kDay : 1)));
  }

  void put(const Node& node) {
    line_ = "<node";
    attribute("id", graph_.name(node.id));
    const std::string label = label_of(node), text = graph_.text(node.attributes);
    attribute("label", label);
    times(node.attributes.valid);
    Attributes rest = node.attributes;
    take_own(rest);
    graph_.flatten(rest, fields_);
    if (!text.empty() && label == graph_.name(node.id)) add("text", text);
    if (node.kind != NodeKind::Entity) add("kind", std::string(name(node.kind)));
    finish(node_columns_, 'n', "</node>\n");
  }

  void put(const Edge& edge) {
    line_ = fmt::format("<edge id=\"{}\"", edge.id);
    attribute("source", graph_.name(edge.source));
    attribute("target", graph_.name(edge.target));
    attribute("kind", graph_.type(edge.type));
    attribute("label", graph_.type(edge.type));
    const Attributes& a = edge.attributes;
    if (!(a.weight == 1)) attribute("weight", fmt::format("{}", a.weight));
    times(a.valid);
    Attributes rest = a;
    take_own(rest);
    rest.weight = 1;
    graph_.flatten(rest, fields_);
    if (std::string text = graph_.text(a); !text.empty()) add("text", std::move(text));
    finish(edge_columns_, 'e', "</edge>\n");
  }

  void add(std::string_view name, std::string text) {
    fields_.insert(fields_.begin(), {name, std::move(text)});
  }

  void finish(const FieldColumns& columns, char letter, std::string_view end) {
    if (fields_.empty()) return void(out_ << (line_ += "/>\n"));
    line_ += "><attvalues>";
    for (const FlatField& field : fields_) {
      line_ += "<attvalue";
      attribute("for", fmt::format("{}{}", letter, columns.index(field)));
      attribute("value", field.text);
      line_ += "/>";
    }
    line_ += "</attvalues>";
    out_ << (line_ += end);
  }

  const ExportGraph& graph_;
  TextSink& out_;
  FieldColumns node_columns_, edge_columns_;
  bool has_times_ = false, are_days_ = true;
  std::string line_;
  std::vector<FlatField> fields_;
  uint64_t lost_ = 0;
};

}  // namespace

void write_gexf(const ExportGraph& graph, TextSink& out) { GexfWriter(graph, out).write(); }

}  // namespace saggio::graph
