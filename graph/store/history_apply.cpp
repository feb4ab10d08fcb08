// SPDX-License-Identifier: MIT
// How records change a history; history.cpp answers questions about it.
#include "graph/store/history.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace saggio::graph {
namespace {

[[noreturn]] void refuse(const std::string& what) { throw std::invalid_argument(what); }

std::string below(uint64_t count) {
  return count == 0 ? "allowed: none, there are none yet"
                    : "allowed 0.." + std::to_string(count - 1);
}

void check_name(std::string_view name, std::string_view what) {
  if (name.empty() || name.find('\n') != std::string_view::npos)
    refuse(std::string(what) + " \"" + std::string(name) +
           "\": allowed is a name of one line that is not empty");
}

void check_done(const Decoder& in) {
  if (!in.done()) throw Damage("a record is longer than it should be");
}

uint32_t below_2_32(uint64_t value, std::string_view what) {
  if (value > UINT32_MAX) refuse(std::string(what) + " " + std::to_string(value) + " is too large");
  return static_cast<uint32_t>(value);
}

NodeKind take_kind(Decoder& in) {
  const auto kind = in.fixed<uint8_t>();
  if (kind >= kNodeKinds)
    throw Damage("names node kind " + std::to_string(kind) + ", known: 0..11");
  return static_cast<NodeKind>(kind);
}

// Visits the ids of a column, four or eight bytes wide.
template <typename Visit>
void for_each_id(std::string_view column, uint64_t width, const Visit& visit) {
  const auto each = [&]<typename Id>(Id id) {
    for (const char* at = column.data(); at != column.data() + column.size(); at += sizeof(Id)) {
      std::memcpy(&id, at, sizeof(Id));
      visit(uint64_t{id});
    }
  };
  width == 4 ? each(uint32_t{}) : each(uint64_t{});
}

void append_ids(std::string_view column, uint64_t width, Column<uint32_t>& ids) {
  size_t at = ids.size();
  ids.resize(at + column.size() / width);
  for_each_id(column, width, [&](uint64_t id) { ids[at++] = static_cast<uint32_t>(id); });
}

float float_at(std::string_view column, uint64_t i) {
  float value;
  std::memcpy(&value, column.data() + i * sizeof(value), sizeof(value));
  return value;
}

void check_weight(float weight) {
  if (!std::isfinite(weight))
    refuse("weight is not a number, or infinite: allowed are finite ones");
}

}  // namespace

void History::apply(std::string_view body) {
  if (body.empty()) throw Damage("a record without a kind");
  Decoder in(body.substr(1));
  switch (static_cast<RecordKind>(body[0])) {
    case RecordKind::Type:
      return apply_type(in);
    case RecordKind::Node:
      return apply_node(in);
    case RecordKind::Edge:
      return apply_edge(in);
    case RecordKind::ReviseNode:
      return apply_revision(in, true);
    case RecordKind::ReviseEdge:
      return apply_revision(in, false);
    case RecordKind::RetireNode:
      return apply_retirement(in, true);
    case RecordKind::RetireEdge:
      return apply_retirement(in, false);
    case RecordKind::Edges:
      return apply_edges(in);
    case RecordKind::Table:
      return apply_table(in);
    case RecordKind::Rows:
      return apply_rows(in);
    case RecordKind::Tag:
      return apply_tag(in);
    case RecordKind::Commit:
    case RecordKind::Durable:
      break;
  }
  throw Damage("a record of kind " + std::to_string(static_cast<uint8_t>(body[0])) +
               ", known are 1..11");
}

void History::commit(const Commit& commit) {
  const TimeUs last = commits_.empty() ? kUnknownTime : commits_.back().time;
  if (commit.version != pending() || commit.nodes != node_count() || commit.edges != edge_count() ||
      commit.time <= last)
    throw Damage("the commit of version " + std::to_string(commit.version) +
                 " does not follow from version " + std::to_string(head()));
  commits_.push_back(commit);
  for (const auto& [name, version] : pending_tags_) tags_[name] = version;
  pending_tags_.clear();
  shared_row_.reset();
}

void History::apply_type(Decoder& in) {
  const std::string_view name = in.text();
  check_done(in);
  check_name(name, "edge type");
  if (find_type(name)) refuse("edge type \"" + std::string(name) + "\" is defined already");
  if (types_.size() > UINT16_MAX) refuse("more than 65,536 edge types in one store");
  types_.emplace_back(name);
}

void History::apply_node(Decoder& in) {
  const NodeKind kind = take_kind(in);
  const std::string_view key = in.text();
  const Attributes attributes = decode_attributes(in);
  check_done(in);
  check_attributes(attributes);
  if (const auto holder = find_node(key))
    refuse("node key \"" + std::string(key) + "\" is that of node " + std::to_string(*holder) +
           ": give another key, or retire that node first");
  check_room(nodes_.size(), 1, "nodes");
  const NodeId id = nodes_.size();
  if (!key.empty()) by_key_.add(key, id);
  std::string text;
  Encoder(text).text(key);
  const uint64_t where = key.empty() ? kDefaults : put_in_arena(text);
  nodes_.push_back({kind, false, push_row(make_row(attributes)), where});
}

void History::apply_edge(Decoder& in) {
  const NodeId source = in.varint(), target = in.varint();
  const uint64_t type = in.varint();
  const Attributes attributes = decode_attributes(in);
  check_done(in);
  check_live_node(source, "edge source");
  check_live_node(target, "edge target");
  check_type(type);
  check_attributes(attributes);
  check_room(edges_.size(), 1, "edges");
  const bool plain = only_weight(attributes);
  edges_.row.push_back(plain ? shared_row() : push_row(make_row(attributes)));
  edges_.source.push_back(static_cast<uint32_t>(source));
  edges_.target.push_back(static_cast<uint32_t>(target));
  edges_.type.push_back(static_cast<TypeId>(type));
  edges_.weight.push_back(attributes.weight);
}

void History::apply_edges(Decoder& in) {
  EdgeColumns added;
  added.type = in.varint();
  const uint64_t count = in.count();
  added.id_bytes = in.fixed<uint8_t>();
  const uint64_t weights = in.fixed<uint8_t>();
  if ((added.id_bytes != 4 && added.id_bytes != 8) || weights > 1)
    throw Damage("edges of an unknown width");
  added.sources = in.raw(count * added.id_bytes);
  added.targets = in.raw(count * added.id_bytes);
  added.weights = in.raw(weights * count * sizeof(float));
  check_done(in);
  add_edges(added);
}

void History::add_edges(const EdgeColumns& added) {
  const uint64_t count = added.sources.size() / added.id_bytes;
  check_type(added.type);
  check_live_nodes(added.sources, added.id_bytes, "edge source");
  check_live_nodes(added.targets, added.id_bytes, "edge target");
  const uint64_t weights = added.weights.size() / sizeof(float);
  for (uint64_t i = 0; i < weights; ++i) check_weight(float_at(added.weights, i));
  check_room(edges_.size(), count, "edges");
  append_ids(added.sources, added.id_bytes, edges_.source);
  append_ids(added.targets, added.id_bytes, edges_.target);
  edges_.type.resize(edges_.size(), static_cast<TypeId>(added.type));
  edges_.row.resize(edges_.size(), shared_row());
  if (weights == 0) return edges_.weight.resize(edges_.size(), 1);
  edges_.weight.resize(edges_.size());
  std::memcpy(
      edges_.weight.data() + edges_.size() - count, added.weights.data(), added.weights.size());
}

History::EdgeColumns History::edge_columns(EdgeId first, uint64_t count) const {
  const auto part = [&](const auto& column) {
    return bytes_of(std::span(column.data() + first, count));
  };
  return {edges_.type[first],
          sizeof(uint32_t),
          part(edges_.source),
          part(edges_.target),
          part(edges_.weight)};
}

void History::apply_revision(Decoder& in, bool of_node) {
  const uint64_t id = in.varint();
  const Attributes attributes = decode_attributes(in);
  check_done(in);
  uint32_t& row = row_to_change(id, of_node);
  check_attributes(attributes);
  replace_row(row, make_row(attributes));
  (of_node ? changed_nodes_ : changed_edges_).emplace_back(pending(), id);
}

void History::apply_retirement(Decoder& in, bool of_node) {
  const uint64_t id = in.varint();
  check_done(in);
  rows_[row_to_change(id, of_node)].to = pending();
  (of_node ? changed_nodes_ : changed_edges_).emplace_back(pending(), id);
  if (!of_node) return;
  nodes_[id].retired = true;
  ++retired_nodes_;
  if (const std::string_view key = key_of(nodes_[id]); !key.empty()) by_key_.erase(key, id);
}

void History::apply_table(Decoder& in) {
  EmbeddingTable table;
  table.name = in.text();
  table.columns = below_2_32(in.varint(), "columns");
  const auto numbers = in.fixed<uint8_t>();
  table.model = in.text();
  check_done(in);
  if (numbers != 1 && numbers != 2)
    throw Damage("names number type " + std::to_string(numbers) + ", known: 1, 2");
  table.numbers = static_cast<NumberType>(numbers);
  check_name(table.name, "embedding table");
  if (table.columns == 0)
    refuse("embedding table \"" + table.name + "\": columns = 0, allowed 1..");
  for (const EmbeddingTable& other : tables_)
    if (other.name == table.name)
      refuse("embedding table \"" + table.name + "\" is defined already");
  tables_.push_back(std::move(table));
  blocks_.emplace_back();
}

void History::apply_rows(Decoder& in) {
  const uint64_t table = in.varint(), count = in.varint();
  const auto crc = in.fixed<uint32_t>();
  check_done(in);
  if (table >= tables_.size())
    refuse("embedding table " + std::to_string(table) + ", " + below(tables_.size()));
  blocks_[table].push_back({row_count(static_cast<TableId>(table)), count, crc});
}

void History::apply_tag(Decoder& in) {
  const std::string_view name = in.text();
  const Version version = in.varint();
  check_done(in);
  check_name(name, "tag");
  if (version > head())
    refuse("tag \"" + std::string(name) + "\" of version " + std::to_string(version) +
           ", allowed 0.." + std::to_string(head()));
  pending_tags_.emplace_back(name, version);
}

void History::check_live_node(NodeId id, std::string_view what) const {
  if (id >= nodes_.size())
    refuse(std::string(what) + " is node " + std::to_string(id) + ", " + below(nodes_.size()));
  if (nodes_[id].retired)
    refuse(std::string(what) + " is node " + std::to_string(id) +
           ", which is retired: choose one that is not");
}

// Of a whole column of ids: quick as long as no node was ever retired.
void History::check_live_nodes(std::string_view ids,
                               uint64_t id_bytes,
                               std::string_view what) const {
  uint64_t largest = 0;
  for_each_id(ids, id_bytes, [&](uint64_t id) { largest = std::max(largest, id); });
  if (retired_nodes_ == 0 && (ids.empty() || largest < nodes_.size())) return;
  for_each_id(ids, id_bytes, [&](uint64_t id) { check_live_node(id, what); });
}

void History::check_type(uint64_t type) const {
  if (type >= types_.size())
    refuse("edge type " + std::to_string(type) + ", " + below(types_.size()));
}

void History::check_room(uint64_t elements, uint64_t more, std::string_view what) const {
  if (elements + more >= kNone) refuse("more than 2^32 - 2 " + std::string(what) + " in one store");
}

void History::check_attributes(const Attributes& a) const {
  check_weight(a.weight);
  const float p = a.confidence.probability;
  if (!std::isnan(p) && !(p >= 0 && p <= 1))
    refuse("confidence is " + std::to_string(p) + ", allowed 0..1, or NaN where it is not known");
  const bool both_known = a.valid.from != kUnknownTime && a.valid.to != kUnknownTime;
  if (both_known && !(a.valid.from < a.valid.to))
    refuse("valid from " + std::to_string(a.valid.from) + " to " + std::to_string(a.valid.to) +
           ": the end must lie after the beginning");
  if (a.packed && !a.text.empty()) refuse("a text and a packed text: allowed is one of them");
  if (a.span && (a.span->document >= nodes_.size() || a.span->byte_begin > a.span->byte_end ||
                 a.span->token_begin > a.span->token_end))
    refuse("span of node " + std::to_string(a.span->document) +
           ": the node must be there, and no range may end before it begins");
  if (a.embedding &&
      (a.embedding->table >= tables_.size() || a.embedding->row >= row_count(a.embedding->table)))
    refuse("embedding row " + std::to_string(a.embedding->row) + " of table " +
           std::to_string(a.embedding->table) + " is not there: add the rows first");
}

uint32_t& History::row_to_change(uint64_t id, bool of_node) {
  const uint64_t count = of_node ? nodes_.size() : edges_.size();
  const std::string what = (of_node ? "node " : "edge ") + std::to_string(id);
  if (id >= count) refuse(what + " is not there, " + below(count));
  uint32_t& row = of_node ? nodes_[id].row : edges_.row[id];
  if (rows_[row].to != kHead)
    refuse(what + " is retired and stays so: add another one that supersedes it");
  if (rows_[row].attributes != kShared) return row;
  Row own = rows_[row];
  own.attributes = kDefaults;
  own.weight = edges_.weight[id];
  return row = push_row(own);
}

// The row of the plain edges that the pending group adds.
uint32_t History::shared_row() {
  if (!shared_row_) {
    Row row;
    row.from = pending();
    row.attributes = kShared;
    shared_row_ = push_row(row);
  }
  return *shared_row_;
}

History::Row History::make_row(const Attributes& attributes) {
  Row row;
  row.from = pending();
  row.valid = attributes.valid;
  row.weight = attributes.weight;
  if (only_weight(attributes)) return row;
  std::string bytes;
  Encoder out(bytes);
  encode(attributes, out);
  row.attributes = put_in_arena(bytes);
  return row;
}

uint32_t History::push_row(const Row& row) {
  if (rows_.size() >= kNone) refuse("more than 2^32 - 1 revisions in one store");
  rows_.push_back(row);
  return static_cast<uint32_t>(rows_.size() - 1);
}

void History::replace_row(uint32_t& row, const Row& by) {
  if (rows_[row].from == pending()) {  // of this same group: only the last one stays
    const uint32_t before = rows_[row].before;
    rows_[row] = by;
    rows_[row].before = before;
    return;
  }
  const uint32_t added = push_row(by);
  rows_[row].to = pending();
  rows_[added].before = row;
  row = added;
}

uint64_t History::put_in_arena(std::string_view bytes) {
  arena_.append(bytes);
  return arena_.size() - bytes.size();
}

}  // namespace saggio::graph
