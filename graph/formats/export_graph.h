// SPDX-License-Identifier: MIT
#pragma once

#include <fmt/format.h>

#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "graph/formats/export.h"
#include "graph/formats/flat.h"

// What the writers share: the graph as of a point with a name for every node, and what of it a format
// does not keep. For the .cpp files of this folder.
namespace saggio::graph {

// What a format has a place for.
struct Keeps {
  bool kinds = true, types = true, isolated = true;  // isolated: nodes without edges
  bool node_attributes = true, weights = true, edge_attributes = true;
  // Whether a key can stand as it is; nullptr: all can.
  bool (*name)(std::string_view) = nullptr;
  std::string_view noun;       // "edge lists"
  std::string_view odd_names;  // "with white space, a comma, or # or % first"
};

class ExportGraph {
 public:
  // Borrows the source and the options. O(N + E).
  ExportGraph(const ExportSource& source, const ExportOptions& options, const Keeps& keeps);

  const History& history() const { return source_.history; }
  const ExportOptions& options() const { return options_; }
  uint64_t nodes() const { return nodes_; }
  uint64_t edges() const { return edges_; }
  // Unique; UTF-8; a key, where it is one that can stand.
  const std::string& name(NodeId id) const { return names_[id]; }
  const std::string& type(TypeId type) const { return types_[type]; }
  // How many edges of the same ends and type that are there stand before it.
  uint64_t ordinal(const Edge& edge) const;
  uint64_t edges_like(const Edge& edge) const;  // those and this one, and those behind it
  bool has_spans() const { return has_spans_; }
  bool has_edges(NodeId id) const { return has_edges_[id]; }

  // In an order in which the document of a span stands before it; attributes are as they can be
  // written: without the spans and embeddings that cannot.
  template <typename Visit>  // void(const Node&)
  void for_each_node(const Visit& visit) const;
  // Ascending by id.
  template <typename Visit>  // void(const Edge&)
  void for_each_edge(const Visit& visit) const;

  std::string text(const Attributes& attributes) const;
  // As flatten() gives them, in UTF-8; clears `fields` first.
  void flatten(const Attributes& attributes, std::vector<FlatField>& fields) const;

  // Counts what is lost: "COUNT WHAT".
  void lose(const std::string& what, uint64_t count = 1) const { lost_[what] += count; }
  std::vector<std::string> losses() const;

 private:
  void survey_nodes();
  void survey_edges();
  void name_nodes();
  void order_documents();
  void count_losses(const Attributes& attributes, bool of_node);
  void restrict_to_keepable(Attributes& attributes, std::optional<NodeId> owner) const;

  const ExportSource& source_;
  const ExportOptions& options_;
  const Keeps& keeps_;
  uint64_t nodes_ = 0, edges_ = 0;
  std::vector<std::string> names_;  // [node ids]; empty: not there
  std::vector<std::string> types_;
  std::vector<uint8_t> has_edges_;       // [node ids]
  std::vector<NodeId> order_;            // empty: ascending
  std::unordered_set<NodeId> circular_;  // nodes whose span is in a document that has one in them
  bool has_spans_ = false, has_late_documents_ = false;
  mutable std::map<std::string, uint64_t> lost_;
};

template <typename Visit>
void ExportGraph::for_each_node(const Visit& visit) const {
  const auto one = [&](NodeId id) {
    if (names_[id].empty()) return;
    Node node = *history().node(id, options_.as_of);
    restrict_to_keepable(node.attributes, id);
    visit(std::as_const(node));
  };
  if (order_.empty())
    for (NodeId id = 0; id < names_.size(); ++id) one(id);
  else
    for (const NodeId id : order_) one(id);
}

template <typename Visit>
void ExportGraph::for_each_edge(const Visit& visit) const {
  for (EdgeId id = 0; id < history().edge_count(); ++id) {
    auto edge = history().edge(id, options_.as_of);
    if (!edge) continue;
    restrict_to_keepable(edge->attributes, std::nullopt);
    visit(std::as_const(*edge));
  }
}

// Text on its way into a stream, by large pieces.
class TextSink {
 public:
  explicit TextSink(std::ostream& out) : out_(out) {}

  TextSink& operator<<(std::string_view text) {
    buffer_.append(text);
    if (buffer_.size() >= kPiece) flush();
    return *this;
  }
  // Throws std::runtime_error if the stream fails.
  void flush();
  uint64_t bytes() const { return bytes_ + buffer_.size(); }

 private:
  static constexpr size_t kPiece = size_t{1} << 16;
  std::ostream& out_;
  std::string buffer_;
  uint64_t bytes_ = 0;
};

// The fields that any node or any edge of a graph has, qualifiers by name behind ours.
struct FieldColumn {
  std::string name;
  FlatType type = FlatType::Text;
  bool is_qualifier = false;
};
class FieldColumns {
 public:
  void add(const std::vector<FlatField>& fields);
  // Ascending: ours, then qualifiers. To be called once, when all were added.
  void close();
  const std::vector<FieldColumn>& all() const { return all_; }
  size_t index(const FlatField& field) const;

 private:
  std::map<std::pair<bool, std::string>, FlatType, std::less<>> found_;
  std::vector<FieldColumn> all_;
};
FieldColumns columns_of_nodes(const ExportGraph& graph);
FieldColumns columns_of_edges(const ExportGraph& graph);

// --- the writers, and what can stand as a name in what they write
void write_graphml(const ExportGraph& graph, TextSink& out);
void write_gexf(const ExportGraph& graph, TextSink& out);
void write_dot(const ExportGraph& graph, TextSink& out);
void write_ntriples(const ExportGraph& graph, TextSink& out);
void write_node_link(const ExportGraph& graph, TextSink& out);
void write_records(const ExportGraph& graph, TextSink& out);
void write_csv(const ExportGraph& graph, TextSink& out);
void write_edge_list(const ExportGraph& graph, TextSink& out);
bool can_stand_in_edge_list(std::string_view name);
void write_triples(const ExportGraph& graph, TextSink& out);
bool can_stand_in_triple(std::string_view name);

}  // namespace saggio::graph
