// SPDX-License-Identifier: MIT
#include "viz/compare/history_writer.h"

#include <string>

namespace saggio::viz {
namespace {

std::string body_of(graph::RecordKind kind) { return std::string(1, static_cast<char>(kind)); }

}  // namespace

graph::TypeId HistoryWriter::type(std::string_view name) {
  if (const auto known = history_.find_type(name)) return *known;
  std::string body = body_of(graph::RecordKind::Type);
  graph::Encoder(body).text(name);
  history_.apply(body);
  return static_cast<graph::TypeId>(history_.types().size() - 1);
}

graph::NodeId HistoryWriter::add_node(graph::NodeKind kind,
                                      const graph::Attributes& attributes,
                                      std::string_view key) {
  std::string body = body_of(graph::RecordKind::Node);
  graph::Encoder out(body);
  out.fixed(static_cast<uint8_t>(kind));
  out.text(key);
  graph::encode(attributes, out);
  history_.apply(body);
  return history_.node_count() - 1;
}

graph::EdgeId HistoryWriter::add_edge(const graph::EdgeEnds& ends,
                                      const graph::Attributes& attributes) {
  std::string body = body_of(graph::RecordKind::Edge);
  graph::Encoder out(body);
  out.varint(ends.source);
  out.varint(ends.target);
  out.varint(ends.type);
  graph::encode(attributes, out);
  history_.apply(body);
  return history_.edge_count() - 1;
}

void HistoryWriter::revise_node(graph::NodeId id, const graph::Attributes& attributes) {
  std::string body = body_of(graph::RecordKind::ReviseNode);
  graph::Encoder out(body);
  out.varint(id);
  graph::encode(attributes, out);
  history_.apply(body);
}

void HistoryWriter::retire(graph::RecordKind kind, uint64_t id) {
  std::string body = body_of(kind);
  graph::Encoder(body).varint(id);
  history_.apply(body);
}

void HistoryWriter::retire_node(graph::NodeId id) { retire(graph::RecordKind::RetireNode, id); }
void HistoryWriter::retire_edge(graph::EdgeId id) { retire(graph::RecordKind::RetireEdge, id); }

void HistoryWriter::commit() {
  const graph::Version version = history_.head() + 1;
  history_.commit({.version = version,
                   .time = static_cast<graph::TimeUs>(version),
                   .nodes = history_.node_count(),
                   .edges = history_.edge_count()});
}

}  // namespace saggio::viz
