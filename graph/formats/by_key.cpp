// SPDX-License-Identifier: MIT
#include "graph/formats/by_key.h"

#include <charconv>
#include <utility>

#include "graph/formats/bulk.h"

namespace saggio::graph {
namespace {

std::string prefix_of(const Side& side) { return hex(side.identity.uuid) + "#"; }

std::string key_of(const Side& side, NodeId id, const AsOf& as_of) {
  const auto node = side.history.node(id, as_of);
  return node ? key_across(side, *node) : std::string();
}

}  // namespace

std::string key_across(const Side& side, const Node& node) {
  return node.key.empty() ? prefix_of(side) + std::to_string(node.id) : node.key;
}

std::optional<NodeId> find_across(const Side& side, std::string_view key) {
  if (const auto known = side.history.find_node(key)) return known;
  const std::string prefix = prefix_of(side);
  if (!key.starts_with(prefix)) return std::nullopt;
  key.remove_prefix(prefix.size());
  NodeId id = 0;
  const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), id);
  if (error != std::errc() || end != key.data() + key.size()) return std::nullopt;
  const auto node = side.history.node(id);
  return node && node->key.empty() ? std::optional(id) : std::nullopt;
}

Sha256 state_of(const Side& side, const Attributes& attributes, const AsOf& as_of) {
  Attributes said = attributes;
  std::string bytes;
  Encoder out(bytes);
  const std::string document = said.span ? key_of(side, said.span->document, as_of) : "";
  out.text(document);
  if (document.empty())
    said.span.reset();
  else
    said.span->document = 0;
  if (said.embedding) {
    const EmbeddingTable& table = side.history.tables()[said.embedding->table];
    out.varint(table.columns);
    out.varint(static_cast<uint64_t>(table.numbers));
    out.text(table.model);
    out.text(side.row(*said.embedding));
    said.embedding = EmbeddingRow();
  }
  const Sha256 rest = digest_of(std::move(said));
  bytes.append(rest.begin(), rest.end());
  return sha256(bytes);
}

uint64_t Ordinals::of(const EdgeRow& edge) {
  const std::array<uint64_t, 3> ends = {edge.source, edge.type, edge.target};
  auto found = parallel_.find(ends);
  if (found == parallel_.end()) {
    auto ids = history_.edges_between(edge.source, edge.type, edge.target);
    if (ids.size() == 1) return 0;
    found = parallel_.emplace(ends, Same{std::move(ids)}).first;
  }
  auto& [ids, next] = found->second;
  while (ids[next] != edge.id) ++next;
  return next;
}

std::string name_across(const Side& side,
                        const EdgeRow& edge,
                        uint64_t ordinal,
                        const AsOf& as_of) {
  std::string name = clean(key_of(side, edge.source, as_of));
  name += " -" + clean(side.history.types()[edge.type]) + "-> ";
  name += clean(key_of(side, edge.target, as_of));
  return ordinal == 0 ? name : name + " (" + std::to_string(ordinal) + ")";
}

}  // namespace saggio::graph
