// SPDX-License-Identifier: MIT
#include "graph/formats/elements.h"

#include <fmt/format.h>

#include <algorithm>

namespace saggio::graph {

Attributes ElementImport::attributes_of(NamedTexts& fields) {
  Attributes attributes = unflatten(fields, history_, empty_);
  if (map_) map_(attributes);
  return attributes;
}

void ElementImport::node(std::string_view key, NamedTexts& fields) {
  const auto kind = take_kind(fields);
  bulk_.node(key, kind, attributes_of(fields));
  fields.clear();
}

void ElementImport::edge(std::string_view source, std::string_view target, NamedTexts& fields) {
  const auto type = take_type(fields);
  edge(source, type ? std::string_view(*type) : options_.edge_type, target, fields);
}

void ElementImport::edge(std::string_view source,
                         std::string_view type,
                         std::string_view target,
                         NamedTexts& fields) {
  const auto from = history_.find_node(source), to = history_.find_node(target);
  // All later ones wait as well, so that those of the same ends keep their order.
  if (has_nodes_ && (!waiting_.empty() || !from || !to)) {
    waiting_.push_back(
        {std::string(source), std::string(type), std::string(target), std::move(fields)});
    fields.clear();
    return;
  }
  const NodeId begin = from ? *from : end(source);
  add(begin, type, to ? *to : end(target), fields);
}

// The node at the end of an edge.
NodeId ElementImport::end(std::string_view key) {
  const uint64_t before = report_.nodes_added;
  const NodeId id = bulk_.node(key);
  implied_ += report_.nodes_added - before;
  return id;
}

void ElementImport::add(NodeId source, std::string_view type, NodeId target, NamedTexts& fields) {
  if (fields.empty())
    bulk_.edge(source, bulk_.type(type), target, {});
  else
    bulk_.edge(source, bulk_.type(type), target, attributes_of(fields));
  fields.clear();
}

void ElementImport::finish() {
  for (Waiting& edge : waiting_) {
    const NodeId source = end(edge.source);
    add(source, edge.type, end(edge.target), edge.fields);
  }
  waiting_.clear();
  bulk_.finish();
  if (has_nodes_ && implied_ > 0)
    note(fmt::format("{} of the nodes stand only at the ends of edges", implied_));
  if (empty_ > 0) drop("attributes without a value", empty_);
  for (const auto& [what, count] : dropped_) note(fmt::format("not kept: {} {}", count, what));
}

bool is_numbering(std::string_view id) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || c == '#'; };
  const auto digits = std::find_if_not(id.begin(), id.end(), is_letter);
  return digits != id.end() && digits - id.begin() <= 4 &&
         std::all_of(digits, id.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace saggio::graph
