// SPDX-License-Identifier: MIT
#include "graph/formats/merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>
#include <unordered_map>

#include "graph/formats/by_key.h"
#include "graph/formats/lines.h"

namespace saggio::graph {
namespace {

constexpr NodeId kNowhere = UINT64_MAX;
constexpr size_t kTogether = 4096;          // elements whose embedding rows are copied at once
constexpr size_t kBatch = size_t{1} << 16;  // plain edges of a type

// Brings attributes from one store to the other: texts out of their pack, embedding rows into
// tables of the same numbers, documents by the nodes that they have become.
class Carrier {
 public:
  Carrier(Store& into, Reader& from, MergeReport& report)
      : into_(into), from_(from), tables_(from.history().tables().size()), report_(report) {}

  // Copies the rows that these name and makes them name the copies; texts as well.
  void carry(const std::vector<Attributes*>& all) {
    std::map<TableId, std::pair<std::string, uint64_t>> rows;  // bytes, number of the first
    for (Attributes* attributes : all) {
      if (attributes->packed) attributes->text = from_.text(*attributes);
      attributes->packed.reset();
      if (const auto& at = attributes->embedding)
        rows[at->table].first += from_.rows(at->table, at->row, 1);
    }
    for (auto& [table, added] : rows) added.second = into_.add_rows(table_of(table), added.first);
    for (Attributes* attributes : all) {
      if (!attributes->embedding) continue;
      EmbeddingRow& at = *attributes->embedding;
      at = {table_of(at.table), rows[at.table].second++};
      ++report_.embedding_rows;
    }
  }

 private:
  TableId table_of(TableId table) {
    if (!tables_[table]) {
      EmbeddingTable wanted = from_.history().tables()[table];
      for (const EmbeddingTable& known : into_.history().tables())
        if (known.name == wanted.name && known != wanted) {
          wanted.name += "@" + hex(from_.identity().uuid);
          report_.notes.push_back(
              fmt::format("embedding table {} is another one in both: here it is {}",
                          shown(known.name),
                          shown(wanted.name)));
          break;
        }
      tables_[table] = into_.embedding_table(wanted);
    }
    return *tables_[table];
  }

  Store& into_;
  Reader& from_;
  std::vector<std::optional<TableId>> tables_;
  MergeReport& report_;
};

TimeUs time_of(const History& history, Version version) {
  return version == 0 || version > history.head() ? kUnknownTime
                                                  : history.commits()[version - 1].time;
}

class Merge {
 public:
  Merge(Store& into, Reader& from, const MergeOptions& options)
      : into_(into),
        ours_(side_of(into)),
        theirs_(side_of(from)),
        options_(options),
        carrier_(into, from, report_),
        ordinals_(from.history()),
        became_(from.history().node_count(), kNowhere),
        types_(from.history().types().size()) {}

  MergeReport run() {
    find_retired();
    for (const NodeId id : theirs_.history.nodes()) {
      decide_node(id);
      if (nodes_.size() == kTogether) write_nodes();
    }
    write_nodes();
    write_late_spans();
    theirs_.history.for_each_edge({}, [&](const EdgeRow& edge) {
      decide_edge(edge);
      if (edges_.size() == kTogether) write_edges();
    });
    write_edges();
    while (!plain_.empty()) flush(plain_.begin()->first);
    if (lost_spans_ > 0)
      report_.notes.push_back(
          fmt::format("{} spans of documents that are not there any more", lost_spans_));
    return std::move(report_);
  }

 private:
  struct NodeToWrite {
    NodeId from, to;  // kNowhere: a new one
    NodeKind kind;
    std::string key;
    Attributes attributes;
  };
  struct EdgeToWrite {
    EdgeId to;  // kNowhere: a new one
    NodeId source, target;
    TypeId type;
    uint64_t ordinal;
    Attributes attributes;
  };
  struct Plain {
    std::vector<NodeId> sources, targets;
    std::vector<float> weights;
  };
  // A node whose span is still to be written.
  struct Late {
    NodeId node;
    Span span;
    Attributes attributes;
  };

  // Keys that nodes of `into` had when they were retired, and when that was.
  void find_retired() {
    const History& history = ours_.history;
    for (NodeId id = 0; id < history.node_count(); ++id) {
      if (history.has_node(id)) continue;
      const auto revisions = history.node_revisions(id);
      if (revisions.empty()) continue;
      const Version end = revisions.back().to;
      const auto node = history.node(id, {.version = end - 1});
      if (node) retired_[key_across(ours_, *node)] = time_of(history, end);
    }
  }

  bool takes_other(TimeUs ours, TimeUs theirs) const {
    return options_.prefer == Prefer::Other || (options_.prefer == Prefer::Newer && theirs > ours);
  }

  bool conflict(std::string element, std::string difference, bool takes_other) {
    report_.conflicts.push_back({std::move(element), std::move(difference), takes_other});
    return takes_other;
  }

  TimeUs node_time(const Side& side, NodeId id) const {
    return time_of(side.history, side.history.node_revisions(id).back().from);
  }
  TimeUs edge_time(const Side& side, EdgeId id) const {
    return time_of(side.history, side.history.edge_revisions(id).back().from);
  }

  void decide_node(NodeId id) {
    const Node node = *theirs_.history.node(id);
    std::string key = key_across(theirs_, node);
    const auto known = find_across(ours_, key);
    if (!known) return decide_new(node, std::move(key));
    const auto own = ours_.history.node(*known);
    if (!own) throw std::invalid_argument(fmt::format("{} names two nodes", shown(key)));
    became_[id] = *known;
    if (own->kind != node.kind) {
      conflict(key, fmt::format("kind: {} and {}", name(own->kind), name(node.kind)), false);
    } else if (state_of(ours_, own->attributes, {}) == state_of(theirs_, node.attributes, {})) {
      ++report_.unchanged;
    } else if (conflict(
                   key, "state", takes_other(node_time(ours_, *known), node_time(theirs_, id)))) {
      nodes_.push_back({id, *known, node.kind, std::move(key), node.attributes});
    }
  }

  void decide_new(const Node& node, std::string key) {
    const auto retired = retired_.find(key);
    if (retired != retired_.end() &&
        !conflict(key, "retired", takes_other(retired->second, node_time(theirs_, node.id))))
      return void(++report_.passed_over);
    nodes_.push_back({node.id, kNowhere, node.kind, std::move(key), node.attributes});
  }

  void write_nodes() {
    std::vector<Attributes*> all;
    for (NodeToWrite& node : nodes_) all.push_back(&node.attributes);
    carrier_.carry(all);
    for (NodeToWrite& node : nodes_) write(node);
    nodes_.clear();
  }

  void write(NodeToWrite& node) {
    const std::optional<Span> span = node.attributes.span;
    const bool is_placed = !span || became_[span->document] != kNowhere;
    if (is_placed && span) node.attributes.span->document = became_[span->document];
    if (!is_placed) node.attributes.span.reset();
    if (node.to == kNowhere) {
      node.to = into_.add_node(node.kind, node.attributes, node.key);
      ++report_.nodes_added;
    } else {
      into_.revise_node(node.to, node.attributes);
      ++report_.nodes_revised;
    }
    became_[node.from] = node.to;
    if (!is_placed) late_.push_back({node.to, *span, std::move(node.attributes)});
  }

  // Spans of documents that came in behind them, as documents that are parts of each other do.
  void write_late_spans() {
    for (Late& late : late_) {
      const NodeId document = became_[late.span.document];
      if (document == kNowhere) {
        ++lost_spans_;
        continue;
      }
      late.attributes.span = late.span;
      late.attributes.span->document = document;
      into_.revise_node(late.node, late.attributes);
    }
  }

  void decide_edge(const EdgeRow& row) {
    const NodeId source = became_[row.source], target = became_[row.target];
    if (source == kNowhere || target == kNowhere) return void(++report_.passed_over);
    const uint64_t ordinal = ordinals_.of(row);
    const TypeId type = type_of(row.type);
    if (ordinal > 0 && plain_.contains(type)) flush(type);
    if (ordinal > 0) write_edges();
    const auto known = ours_.history.find_edge(source, type, target, ordinal);
    const Edge edge = *theirs_.history.edge(row.id);
    if (!known) return add(edge, source, type, target, ordinal);
    const std::string element = name_across(theirs_, row, ordinal, {});
    if (!ours_.history.has_edge(*known)) {
      conflict(element, "retired", false);
      ++report_.passed_over;
      return;
    }
    const Edge own = *ours_.history.edge(*known);
    if (state_of(ours_, own.attributes, {}) == state_of(theirs_, edge.attributes, {}))
      ++report_.unchanged;
    else if (conflict(element,
                      "state",
                      takes_other(edge_time(ours_, *known), edge_time(theirs_, row.id))))
      edges_.push_back({*known, source, target, type, ordinal, edge.attributes});
  }

  TypeId type_of(TypeId type) {
    if (!types_[type]) types_[type] = into_.type(theirs_.history.types()[type]);
    return *types_[type];
  }

  void add(const Edge& edge, NodeId source, TypeId type, NodeId target, uint64_t ordinal) {
    ++report_.edges_added;
    if (ordinal > 0 || !only_weight(edge.attributes)) {
      edges_.push_back({kNowhere, source, target, type, ordinal, edge.attributes});
      return;
    }
    Plain& plain = plain_[type];
    plain.sources.push_back(source);
    plain.targets.push_back(target);
    plain.weights.push_back(edge.attributes.weight);
    if (plain.sources.size() == kBatch) flush(type);
  }

  void flush(TypeId type) {
    const auto found = plain_.find(type);
    const Plain& plain = found->second;
    into_.add_edges(type, plain.sources, plain.targets, plain.weights);
    plain_.erase(found);
  }

  void write_edges() {
    std::vector<Attributes*> all;
    for (EdgeToWrite& edge : edges_) all.push_back(&edge.attributes);
    carrier_.carry(all);
    for (EdgeToWrite& edge : edges_) write(edge);
    edges_.clear();
  }

  void write(EdgeToWrite& edge) {
    if (auto& span = edge.attributes.span) {
      const NodeId document = became_[span->document];
      if (document != kNowhere) span->document = document;
      lost_spans_ += document == kNowhere;
      if (document == kNowhere) span.reset();
    }
    if (edge.to != kNowhere) {
      into_.revise_edge(edge.to, edge.attributes);
      ++report_.edges_revised;
      return;
    }
    const auto count = ours_.history.edges_between(edge.source, edge.type, edge.target).size();
    for (uint64_t gap = count; gap < edge.ordinal; ++gap)
      into_.retire_edge(into_.add_edge(edge.source, edge.type, edge.target));
    into_.add_edge(edge.source, edge.type, edge.target, edge.attributes);
  }

  Store& into_;
  const Side ours_, theirs_;
  const MergeOptions options_;
  MergeReport report_;
  Carrier carrier_;
  Ordinals ordinals_;
  std::vector<NodeId> became_;  // by node of `from`
  std::vector<std::optional<TypeId>> types_;
  std::unordered_map<std::string, TimeUs> retired_;
  std::vector<NodeToWrite> nodes_;
  std::vector<EdgeToWrite> edges_;
  std::map<TypeId, Plain> plain_;
  std::vector<Late> late_;
  uint64_t lost_spans_ = 0;
};

}  // namespace

std::optional<Prefer> find_prefer(std::string_view name) {
  if (name == "into") return Prefer::Into;
  if (name == "other") return Prefer::Other;
  if (name == "newer") return Prefer::Newer;
  return std::nullopt;
}

MergeReport merge(Store& into, Reader& from, const MergeOptions& options) {
  if (into.has_pending())
    throw std::invalid_argument(
        fmt::format("{}: a merge with pending changes: commit them first", into.folder()));
  return Merge(into, from, options).run();
}

}  // namespace saggio::graph
