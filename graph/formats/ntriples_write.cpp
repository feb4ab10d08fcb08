// SPDX-License-Identifier: MIT
#include <stdexcept>

#include "graph/formats/export_graph.h"
#include "graph/formats/ntriples_text.h"

// N-Triples. An edge is a triple; what else there is to say of it is said of a statement (RDF 1.1
// Semantics, D.1) that is a blank node. Triples are a set: parallel edges are one triple and a
// statement each.
namespace saggio::graph {
namespace {

class NTriplesWriter {
 public:
  NTriplesWriter(const ExportGraph& graph, TextSink& out) : graph_(graph), out_(out) {}

  void write() {
    graph_.for_each_node([&](const Node& node) {
      const std::string subject = node_term(node.id);
      graph_.flatten(node.attributes, fields_);
      const bool is_plain = node.kind == NodeKind::Entity && fields_.empty();
      // Where there are spans, nodes are named before what is said of them.
      if (!is_plain || !graph_.has_edges(node.id) || graph_.has_spans())
        put(subject, field_iri("kind"), literal(name(node.kind)));
      put_fields(subject);
    });
    graph_.for_each_edge([&](const Edge& edge) { put(edge); });
  }

 private:
  static std::string field_iri(std::string_view name) {
    return fmt::format("<{}{}>", kFieldIri, name);
  }

  std::string node_term(NodeId id) const {
    const std::string& name = graph_.name(id);
    const bool is_blank =
        name.starts_with("_:") && is_blank_label(std::string_view(name).substr(2));
    return is_blank ? name : iri_of(name, kNodeIri);
  }

  void put(std::string_view subject, std::string_view predicate, std::string_view object) {
    out_ << subject << " " << predicate << " " << object << " .\n";
  }

  // Whether it is a literal with a language or a type, as the reader keeps those.
  static bool is_whole_literal(const std::string& text) {
    if (!text.starts_with('"') || text.ends_with('"')) return false;
    Term subject, predicate, object;
    try {
      read_triple("<a:a> <a:a> " + text + " .", subject, predicate, object);
    } catch (const std::invalid_argument&) {
      return false;
    }
    return !object.suffix.empty() && literal(object.text) + object.suffix == text;
  }

  void put_fields(std::string_view subject) {
    for (const FlatField& field : fields_) {
      const std::string predicate =
          field.is_qualifier ? iri_of(field.name, kQualifierIri) : field_iri(field.name);
      std::string object =
          field.is_qualifier && is_whole_literal(field.text) ? field.text : literal(field.text);
      if (field.type == FlatType::Number && !field.is_qualifier)
        object += fmt::format("^^<{}double>", kXsd);
      put(subject, predicate, object);
    }
  }

  void put(const Edge& edge) {
    const std::string source = node_term(edge.source), target = node_term(edge.target),
                      type = iri_of(graph_.type(edge.type), kTypeIri);
    const uint64_t ordinal = graph_.ordinal(edge);
    if (ordinal == 0) put(source, type, target);
    graph_.flatten(edge.attributes, fields_);
    if (fields_.empty() && graph_.edges_like(edge) == 1) return;
    const std::string statement = fmt::format("_:saggio.edge.{}", edge.id);
    const auto rdf = [](std::string_view name) { return fmt::format("<{}{}>", kRdf, name); };
    put(statement, rdf("type"), rdf("Statement"));
    put(statement, rdf("subject"), source);
    put(statement, rdf("predicate"), type);
    put(statement, rdf("object"), target);
    put_fields(statement);
  }

  const ExportGraph& graph_;
  TextSink& out_;
  std::vector<FlatField> fields_;
};

}  // namespace

void write_ntriples(const ExportGraph& graph, TextSink& out) { NTriplesWriter(graph, out).write(); }

}  // namespace saggio::graph
