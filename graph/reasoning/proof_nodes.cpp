// SPDX-License-Identifier: MIT
#include "graph/reasoning/proof_nodes.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <stdexcept>

#include "graph/reasoning/support.h"

namespace saggio::graph {
namespace {

constexpr std::string_view kLabel = "closure", kEdgeSource = "edge #", kNodeSource = "node #";

class Writer {
 public:
  Writer(Store& store, const View& view, const Closure& closure, const RuleBook& rules)
      : store_(store),
        view_(view),
        closure_(closure),
        rules_(rules),
        derives_(store.type(kDerives)),
        mentions_(store.type("mentions")) {}

  WrittenProofs write(std::span<const FactIndex> facts) {
    retire_what_is_gone();
    nodes_.assign(closure_.facts.size(), 0);
    for (const FactIndex fact : proof_of(closure_, facts)) {  // premises come first
      nodes_[fact] = write_fact(fact);
      if (!closure_.premises_of(fact).empty()) write_step(fact);
    }
    return written_;
  }

 private:
  // Evidence that an earlier call wrote, of an edge or a node that is not there now.
  void retire_what_is_gone() {
    const History& history = store_.history();
    for (NodeIndex x = 0; x < view_.nodes(); ++x) {
      if (view_.node_kind(x) != NodeKind::Evidence) continue;
      const auto node = history.node(view_.node_id(x));
      if (!node || !is_ours(node->attributes) || !node->attributes.provenance) continue;
      for (const std::string& source : node->attributes.provenance->sources)
        if (!still_there(source)) {
          store_.retire_node(node->id);
          ++written_.retired;
          break;
        }
    }
  }

  static bool is_ours(const Attributes& attributes) {
    return std::find(attributes.labels.begin(), attributes.labels.end(), kLabel) !=
           attributes.labels.end();
  }

  bool still_there(std::string_view source) const {
    const bool edge = source.starts_with(kEdgeSource);
    if (!edge && !source.starts_with(kNodeSource)) return true;  // of a rule file
    uint64_t id = 0;
    source.remove_prefix(kEdgeSource.size());
    std::from_chars(source.data(), source.data() + source.size(), id);
    const History& history = store_.history();
    if (edge) {
      const auto row = history.edge(id);
      return row && !is_barred(row->attributes.status);
    }
    const auto row = history.node(id);
    return row && !is_barred(row->attributes.status);
  }

  std::string source_of(FactIndex fact) const {
    const int32_t rule = closure_.rule[fact];
    if (rule >= 0)
      return fmt::format(
          "{}:{}", rules_.name, rules_.rules[static_cast<size_t>(rule)].head.place.line);
    const bool kind = closure_.facts[fact].second < 0;
    return fmt::format("{}{}", kind ? kNodeSource : kEdgeSource, closure_.edge[fact]);
  }

  NodeId write_fact(FactIndex fact) {
    const bool given = closure_.premises_of(fact).empty();
    Attributes attributes;
    attributes.text = text_of(closure_.facts[fact], closure_, view_, store_.history());
    attributes.labels.emplace_back(kLabel);
    if (given) {
      attributes.provenance = Provenance{.sources = {source_of(fact)}};
      if (closure_.cost[fact] > 0)
        attributes.confidence.probability = static_cast<float>(weight_of(closure_.cost[fact]));
    }
    const std::string key = "fact:" + attributes.text;
    if (const auto known = store_.history().find_node(key)) {
      keep(*known, attributes);
      return *known;
    }
    const NodeId id =
        store_.add_node(given ? NodeKind::Evidence : NodeKind::Claim, attributes, key);
    ++written_.nodes_added;
    for (const NodeIndex x : {closure_.facts[fact].first, closure_.facts[fact].second})
      if (x >= 0) add_edge(id, mentions_, view_.node_id(x), 1);
    return id;
  }

  // Nodes that were added before this version are compared; what is pending was written just now.
  void keep(NodeId id, const Attributes& attributes) {
    const auto node = store_.history().node(id);
    if (!node || node->attributes == attributes || node->kind != NodeKind::Evidence) {
      ++written_.unchanged;
      return;
    }
    store_.revise_node(id, attributes);
    ++written_.revised;
  }

  void write_step(FactIndex fact) {
    const Rule& rule = rules_.rules[static_cast<size_t>(closure_.rule[fact])];
    std::string text = text_of(closure_.facts[fact], closure_, view_, store_.history());
    std::set<NodeId> premises;
    const char* before = " from ";
    for (const FactIndex premise : closure_.premises_of(fact)) {
      premises.insert(nodes_[premise]);
      text += before + text_of(closure_.facts[premise], closure_, view_, store_.history());
      before = ", ";
    }
    text += " by " + text_of(rule);
    const std::string key = default_key(NodeKind::Step, text);
    if (const auto known = store_.history().find_node(key)) {
      if (premises_of(*known) == premises) {
        ++written_.unchanged;
        return;
      }
      store_.retire_node(*known);  // it is from evidence that was retired and came back
      ++written_.retired;
    }
    const NodeId step = store_.add_node(NodeKind::Step,
                                        {.text = text,
                                         .rule = text_of(rule),
                                         .labels = {std::string(kLabel)},
                                         .provenance = Provenance{.sources = {source_of(fact)}}},
                                        key);
    ++written_.nodes_added;
    for (const NodeId premise : premises) add_edge(premise, derives_, step, 1);
    add_edge(step, derives_, nodes_[fact], static_cast<float>(rule.weight));
  }

  std::set<NodeId> premises_of(NodeId step) const {
    std::set<NodeId> premises;
    for (const EdgeId edge : store_.history().in(step))
      premises.insert(store_.history().edge(edge)->source);
    return premises;
  }

  void add_edge(NodeId source, TypeId type, NodeId target, float weight) {
    store_.add_edge(source, type, target, {.weight = weight});
    ++written_.edges_added;
  }

  Store& store_;
  const View& view_;
  const Closure& closure_;
  const RuleBook& rules_;
  TypeId derives_, mentions_;
  std::vector<NodeId> nodes_;  // of facts
  WrittenProofs written_;
};

}  // namespace

WrittenProofs write_proofs(Store& store,
                           const View& view,
                           const Closure& closure,
                           const RuleBook& rules,
                           std::span<const FactIndex> facts) {
  const Version head = store.history().head();
  if (std::min(view.as_of().version, head) != head || view.as_of().world)
    throw std::invalid_argument(fmt::format(
        "proofs of version {} cannot be written: only those of the head, version {}, at "
        "no time in the world",
        view.as_of().version,
        head));
  return Writer(store, view, closure, rules).write(facts);
}

std::string text_of(const Fact& fact,
                    const Closure& closure,
                    const View& view,
                    const History& history) {
  const Relation& relation = closure.relations[static_cast<size_t>(fact.relation)];
  const auto name_of = [&](NodeIndex x) {
    const NodeId id = view.node_id(x);
    const auto node = history.node(id, view.as_of());
    return node && !node->key.empty() ? written(node->key, false) : fmt::format("#{}", id);
  };
  std::string text = written(relation.name, true) + "(" + name_of(fact.first);
  if (relation.terms == 2) text += ", " + name_of(fact.second);
  return text + ")";
}

}  // namespace saggio::graph
