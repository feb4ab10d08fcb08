// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <stdexcept>
#include <tuple>

#include "graph/formats/lines.h"
#include "graph/reasoning/closure.h"
#include "graph/reasoning/support.h"

namespace saggio::graph {
namespace {

// Which relations are asked for, and what each is: an edge type, a kind, or only derived.
class Asked {
 public:
  Asked(const History& history, const RuleBook& rules, const Goal* goal) : history_(history) {
    for (const Rule& rule : rules.rules) derived_.insert(relation_of(rule.head));
    for (const Rule& rule : rules.rules)
      for (const Atom& atom : rule.body) add(atom, rules.name);
    if (goal) add(goal->atom, "goal");
    for (const Relation& relation : derived_)  // an edge type may be derived as well
      if (std::find(asked_.begin(), asked_.end(), relation) == asked_.end())
        asked_.push_back(relation);
  }

  const std::vector<Relation>& relations() const { return asked_; }

 private:
  struct Less {
    bool operator()(const Relation& a, const Relation& b) const {
      return std::tie(a.name, a.terms) < std::tie(b.name, b.terms);
    }
  };
  static Relation relation_of(const Atom& atom) {
    return {atom.relation, static_cast<int32_t>(atom.terms.size())};
  }

  void add(const Atom& atom, const std::string& file) {
    const Relation relation = relation_of(atom);
    if (std::find(asked_.begin(), asked_.end(), relation) != asked_.end()) return;
    const bool known = relation.terms == 2 ? history_.find_type(relation.name).has_value()
                                           : is_kind(relation.name);
    if (!known && !derived_.contains(relation)) refuse(atom, file);
    asked_.push_back(relation);
  }

  static bool is_kind(const std::string& word) {
    for (size_t kind = 0; kind < kNodeKinds; ++kind)
      if (name(static_cast<NodeKind>(kind)) == word) return true;
    return false;
  }

  [[noreturn]] void refuse(const Atom& atom, const std::string& file) const {
    constexpr size_t kMost = 12;
    std::vector<std::string> names;
    for (const Relation& relation : derived_)
      if (relation.terms == static_cast<int32_t>(atom.terms.size()))
        names.push_back(clean(relation.name));
    if (atom.terms.size() == 1)
      for (size_t kind = 0; kind < kNodeKinds; ++kind)
        names.emplace_back(name(static_cast<NodeKind>(kind)));
    else
      for (const std::string& type : history_.types()) names.push_back(clean(type));
    const size_t more = names.size() > kMost ? names.size() - kMost : 0;
    names.resize(names.size() - more);
    throw std::invalid_argument(
        fmt::format("{}:{}:{}: {} is no {} and no rule derives it; there are {}{}",
                    clean(file),
                    atom.place.line,
                    atom.place.column,
                    clean(atom.relation),
                    atom.terms.size() == 1 ? "kind of nodes" : "edge type",
                    names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", ")),
                    more > 0 ? fmt::format(", and {} more", more) : ""));
  }

  const History& history_;
  std::set<Relation, Less> derived_;
  std::vector<Relation> asked_;
};

void add_edges(FactBase& base, const View& view, const std::vector<RelationIndex>& of_type) {
  for (NodeIndex x = 0; x < view.nodes(); ++x) {
    const View::OutRow row = view.out(x);
    for (size_t i = 0; i < row.targets.size(); ++i) {
      const RelationIndex relation = of_type[row.types[i]];
      const EdgeIndex edge = row.first + static_cast<EdgeIndex>(i);
      if (relation < 0 || is_barred(view.edge_status(edge))) continue;
      base.facts.push_back({{relation, x, row.targets[i]},
                            bits_of(static_cast<double>(view.edge_weight(edge))),
                            view.edge_id(edge)});
    }
  }
}

void add_kinds(FactBase& base, const View& view, const std::vector<RelationIndex>& of_kind) {
  for (NodeIndex x = 0; x < view.nodes(); ++x)
    if (const RelationIndex relation = of_kind[static_cast<size_t>(view.node_kind(x))];
        relation >= 0 && !is_barred(view.node_status(x)))
      base.facts.push_back({{relation, x, -1}, 0, view.node_id(x)});
}

}  // namespace

FactBase facts_of(const History& history,
                  const View& view,
                  const RuleBook& rules,
                  const Goal* goal) {
  FactBase base;
  base.relations = Asked(history, rules, goal).relations();
  std::vector<RelationIndex> of_type(history.types().size(), -1), of_kind(kNodeKinds, -1);
  for (size_t i = 0; i < base.relations.size(); ++i) {
    const Relation& relation = base.relations[i];
    const auto type = history.find_type(relation.name);
    if (relation.terms == 2 && type) of_type[*type] = static_cast<RelationIndex>(i);
    for (size_t kind = 0; kind < kNodeKinds; ++kind)
      if (relation.terms == 1 && name(static_cast<NodeKind>(kind)) == relation.name)
        of_kind[kind] = static_cast<RelationIndex>(i);
  }
  add_edges(base, view, of_type);
  add_kinds(base, view, of_kind);
  base.find = [&history, view](std::string_view key) -> std::optional<NodeIndex> {
    if (const auto id = history.find_node(key))
      if (const auto node = view.find(*id)) return node;
    for (NodeIndex x = 0; x < view.nodes(); ++x)  // one that is retired by now
      if (const auto node = history.node(view.node_id(x), view.as_of()); node && node->key == key)
        return x;
    return std::nullopt;
  };
  return base;
}

}  // namespace saggio::graph
