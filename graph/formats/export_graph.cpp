// SPDX-License-Identifier: MIT
#include "graph/formats/export_graph.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "graph/formats/lines.h"

namespace saggio::graph {
namespace {

// The text with each byte that is not UTF-8 as \xNN.
std::string as_utf8(std::string_view text) {
  std::string out;
  for (size_t bad; (bad = first_not_utf8(text)) != std::string_view::npos;
       text.remove_prefix(bad + 1))
    out += fmt::format("{}\\x{:02x}", text.substr(0, bad), static_cast<uint8_t>(text[bad]));
  return out.append(text);
}

}  // namespace

ExportGraph::ExportGraph(const ExportSource& source,
                         const ExportOptions& options,
                         const Keeps& keeps)
    : source_(source), options_(options), keeps_(keeps) {
  names_.resize(history().node_count());
  has_edges_.resize(history().node_count());
  for (const std::string& type : history().types()) types_.push_back(as_utf8(type));
  survey_edges();
  survey_nodes();
  name_nodes();
  if (has_late_documents_) order_documents();
}

void ExportGraph::survey_edges() {
  uint64_t typed = 0;
  for (EdgeId id = 0; id < history().edge_count(); ++id) {
    const auto edge = history().edge(id, options_.as_of);
    if (!edge) continue;
    ++edges_;
    has_edges_[edge->source] = has_edges_[edge->target] = 1;
    typed += types_[edge->type] != options_.edge_type;
    count_losses(edge->attributes, false);
  }
  if (!keeps_.types && typed > 0)
    lose(fmt::format("edges of a type: {} have none", keeps_.noun), typed);
}

void ExportGraph::survey_nodes() {
  uint64_t kinds = 0, isolated = 0;
  for (NodeId id = 0; id < names_.size(); ++id) {
    auto node = history().node(id, options_.as_of);
    if (!node) continue;
    ++nodes_;
    kinds += node->kind != NodeKind::Entity;
    isolated += !has_edges_[id];
    names_[id] = std::move(node->key);
    if (names_[id].empty()) names_[id].assign(1, '\0');  // there, and to be named
    count_losses(node->attributes, true);
    has_late_documents_ |= node->attributes.span && node->attributes.span->document >= id;
  }
  if (!keeps_.kinds && kinds > 0)
    lose(fmt::format("kinds of nodes: {} have none", keeps_.noun), kinds);
  if (!keeps_.isolated && isolated > 0)
    lose(fmt::format("nodes without edges: {} hold only edges", keeps_.noun), isolated);
}

void ExportGraph::count_losses(const Attributes& a, bool of_node) {
  const bool kept = of_node ? keeps_.node_attributes : keeps_.edge_attributes;
  const auto count = [&](bool is_there, const char* what) {
    if (is_there) lose(fmt::format("{}: {} have none", what, keeps_.noun));
  };
  has_spans_ |= a.span.has_value();
  count(a.embedding.has_value(), "references to embeddings");
  if (a.span && !history().has_node(a.span->document, options_.as_of))
    lose("spans: their documents are not there");
  if (!(a.weight == 1))
    count(of_node ? !keeps_.node_attributes : !keeps_.weights,
          of_node ? "weights of nodes" : "weights");
  if (kept || only_weight(a)) return;
  count(a.status != Status::Open, "statuses");
  count(a.confidence != Confidence(), "confidences");
  count(!a.text.empty() || a.packed, "texts");
  count(a.valid != Valid(), "valid times");
  count(a.span.has_value(), "spans");
  count(!a.rule.empty(), "rules");
  count(!a.labels.empty(), "lists of labels");
  count(!a.qualifiers.empty(), "lists of qualifiers");
  count(a.provenance.has_value(), "provenances");
}

// Gives those a name whose key is none, or none that the format can hold.
void ExportGraph::name_nodes() {
  std::unordered_set<std::string> taken;
  const auto fresh = [&](NodeId id) {
    if (taken.empty()) taken.insert(names_.begin(), names_.end());
    std::string name = fmt::format("node{}", id);
    while (!taken.insert(name).second) name += "_";
    return name;
  };
  uint64_t without = 0, odd = 0, bytes = 0;
  for (NodeId id = 0; id < names_.size(); ++id) {
    std::string& name = names_[id];
    if (name.empty()) continue;
    if (first_not_utf8(name) != std::string_view::npos) {
      ++bytes;
      name = as_utf8(name);
    }
    const bool is_keyless = name.size() == 1 && name[0] == '\0';
    if (!is_keyless && (!keeps_.name || keeps_.name(name))) continue;
    ++(is_keyless ? without : odd);
    name = fresh(id);
  }
  if (without > 0) lose("nodes without a key: each is called node and its number", without);
  if (odd > 0)
    lose(fmt::format("keys {}: each is called node and its number", keeps_.odd_names), odd);
  if (bytes > 0) lose("keys that are no UTF-8: such bytes are written as \\xNN", bytes);
}

// Each node has at most one document, so one walk from each node finds them in order.
void ExportGraph::order_documents() {
  enum class State : uint8_t { New, OnTheWay, Done };
  std::vector<State> states(names_.size(), State::New);
  std::vector<NodeId> way;
  for (NodeId first = 0; first < names_.size(); ++first) {
    NodeId id = first;
    while (!names_[id].empty() && states[id] == State::New) {
      states[id] = State::OnTheWay;
      way.push_back(id);
      const auto node = history().node(id, options_.as_of);
      if (!node->attributes.span) break;
      id = node->attributes.span->document;
      if (states[id] == State::OnTheWay) circular_.insert(way.back());
    }
    for (; !way.empty(); way.pop_back()) {
      states[way.back()] = State::Done;
      order_.push_back(way.back());
    }
  }
  if (!circular_.empty()) lose("spans: their documents lie in each other", circular_.size());
}

void ExportGraph::restrict_to_keepable(Attributes& a, std::optional<NodeId> owner) const {
  a.embedding.reset();
  if (!a.span) return;
  const bool is_circular = owner && circular_.contains(*owner);
  if (is_circular || names_[a.span->document].empty()) a.span.reset();
}

uint64_t ExportGraph::ordinal(const Edge& edge) const {
  uint64_t before = 0;
  for (const EdgeId id : history().edges_between(edge.source, edge.type, edge.target)) {
    if (id == edge.id) break;
    before += history().has_edge(id, options_.as_of);
  }
  return before;
}

uint64_t ExportGraph::edges_like(const Edge& edge) const {
  uint64_t all = 0;
  for (const EdgeId id : history().edges_between(edge.source, edge.type, edge.target))
    all += history().has_edge(id, options_.as_of);
  return all;
}

std::string ExportGraph::text(const Attributes& attributes) const {
  if (!attributes.packed && attributes.text.empty()) return {};
  return as_utf8(source_.text(attributes));
}

void ExportGraph::flatten(const Attributes& attributes, std::vector<FlatField>& fields) const {
  if (only_weight(attributes)) return graph::flatten(attributes, {}, {}, fields);
  const std::string_view document =
      attributes.span ? std::string_view(names_[attributes.span->document]) : std::string_view();
  graph::flatten(attributes, text(attributes), document, fields);
  for (FlatField& field : fields)
    if (first_not_utf8(field.text) != std::string_view::npos) field.text = as_utf8(field.text);
}

std::vector<std::string> ExportGraph::losses() const {
  std::vector<std::string> lines;
  for (const auto& [what, count] : lost_) lines.push_back(fmt::format("{} {}", count, what));
  return lines;
}

void TextSink::flush() {
  out_.write(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  bytes_ += buffer_.size();
  buffer_.clear();
  if (!out_) throw std::runtime_error("the export cannot be written: is the disk full?");
}

void FieldColumns::add(const std::vector<FlatField>& fields) {
  for (const FlatField& field : fields) {
    const auto key = std::pair(field.is_qualifier, std::string(field.name));
    const auto [found, is_new] = found_.emplace(key, field.type);
    if (!is_new) found->second = common_type(found->second, field.type);
  }
}

void FieldColumns::close() {
  for (const auto& [key, type] : found_) all_.push_back({key.second, type, key.first});
}

size_t FieldColumns::index(const FlatField& field) const {
  const auto found = std::find_if(all_.begin(), all_.end(), [&](const FieldColumn& column) {
    return column.is_qualifier == field.is_qualifier && column.name == field.name;
  });
  return static_cast<size_t>(found - all_.begin());
}

FieldColumns columns_of_nodes(const ExportGraph& graph) {
  FieldColumns columns;
  std::vector<FlatField> fields;
  graph.for_each_node([&](const Node& node) {
    graph.flatten(node.attributes, fields);
    columns.add(fields);
  });
  columns.close();
  return columns;
}

FieldColumns columns_of_edges(const ExportGraph& graph) {
  FieldColumns columns;
  std::vector<FlatField> fields;
  bool has_weights = false;
  graph.for_each_edge([&](const Edge& edge) {
    if (only_weight(edge.attributes)) return void(has_weights |= !(edge.attributes.weight == 1));
    graph.flatten(edge.attributes, fields);
    columns.add(fields);
  });
  if (has_weights) columns.add({{"weight", {}, FlatType::Number, false}});
  columns.close();
  return columns;
}

}  // namespace saggio::graph
