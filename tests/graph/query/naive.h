// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cctype>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "graph/query/point.h"
#include "graph/query/query.h"
#include "tests/graph/query/random_store.h"

// The oracle of queries: one element at a time, read from the History alone, every definition of
// QUERY.md and FORMAT.md 4 as it is written. Slow and obvious.
namespace saggio::graph {

class Naive {
 public:
  Naive(RandomStore& from, const AsOf& as_of)
      : from_(from), history_(from.store.history()), as_of_(as_of) {
    for (const NodeId id : history_.nodes(as_of)) nodes_[id] = *history_.node(id, as_of);
    for (const EdgeId id : history_.edges(as_of)) edges_[id] = *history_.edge(id, as_of);
    find_live();
  }

  std::vector<uint64_t> answer(const Query& query) {
    std::vector<uint64_t> ids;
    const auto add = [&](const auto& element) {
      if (!query.where || holds(*query.where, element)) ids.push_back(element.id);
    };
    if (query.target == Target::Nodes)
      for (const auto& [id, node] : nodes_) add(node);
    else
      for (const auto& [id, edge] : edges_) add(edge);
    return ids;
  }

  const std::set<NodeId>& live() const { return live_; }

 private:
  template <typename Element>
  bool holds(const Condition& condition, const Element& element) {
    return std::visit([&](const auto& is) { return test(is, element); }, condition.is);
  }

  template <typename Element>
  bool test(const And& all, const Element& e) {
    return std::ranges::all_of(all.parts, [&](const Condition& part) { return holds(part, e); });
  }
  template <typename Element>
  bool test(const Or& any, const Element& e) {
    return std::ranges::any_of(any.parts, [&](const Condition& part) { return holds(part, e); });
  }
  template <typename Element>
  bool test(const Not& inverse, const Element& e) {
    return !holds(inverse.part[0], e);
  }

  // --- what an element says

  std::string text_of(const Attributes& a) { return from_.store.text(a); }

  static std::string key_of(const Node& node) { return node.key; }
  static std::string key_of(const Edge&) { return ""; }

  template <typename Element>
  std::vector<std::string> texts(const Field& field, const Element& e) {
    const Attributes& a = e.attributes;
    const Provenance said = a.provenance.value_or(Provenance());
    std::vector<std::string> found;
    switch (field.attribute) {
      case Attribute::Key:
        return {key_of(e)};
      case Attribute::Text:
        return {text_of(a)};
      case Attribute::Labels:
        return a.labels;
      case Attribute::Anywhere:
        found = a.labels;
        found.push_back(text_of(a));
        found.push_back(key_of(e));
        return found;
      case Attribute::Rule:
        return {a.rule};
      case Attribute::Qualifier:
        for (const auto& [name, value] : a.qualifiers)
          if (name == field.qualifier) found.push_back(value);
        return found;
      case Attribute::Method:
        return {a.confidence.method};
      case Attribute::Run:
        return {said.run};
      case Attribute::Experiment:
        return {said.experiment};
      case Attribute::Model:
        return {said.model};
      case Attribute::Source:
        return said.sources;
      case Attribute::Type:
        return {type_of(e)};
      default:
        return {};
    }
  }

  static std::string type_of(const Node&) { return ""; }
  std::string type_of(const Edge& edge) const { return history_.types()[edge.type]; }

  // A number of the element; none where it is not known.
  template <typename Element>
  std::vector<long double> numbers(Attribute attribute, const Element& e) {
    const Attributes& a = e.attributes;
    const auto size = [](const auto& list) { return static_cast<long double>(list.size()); };
    switch (attribute) {
      case Attribute::Id:
        return {static_cast<long double>(e.id)};
      case Attribute::Confidence:
        if (std::isnan(a.confidence.probability)) return {};
        return {a.confidence.probability};
      case Attribute::Weight:
        return {a.weight};
      case Attribute::Degree:
        return {size(history_.out(e.id, as_of_)) + size(history_.in(e.id, as_of_))};
      case Attribute::InDegree:
        return {size(history_.in(e.id, as_of_))};
      case Attribute::OutDegree:
        return {size(history_.out(e.id, as_of_))};
      case Attribute::ValidFrom:
        if (a.valid.from == kUnknownTime) return {};
        return {static_cast<long double>(a.valid.from)};
      case Attribute::ValidTo:
        if (a.valid.to == kUnknownTime) return {};
        return {static_cast<long double>(a.valid.to)};
      case Attribute::Step:
        if (!a.provenance) return {};
        return {static_cast<long double>(a.provenance->step)};
      case Attribute::Seed:
        if (!a.provenance) return {};
        return {static_cast<long double>(a.provenance->seed)};
      default:
        return {};
    }
  }

  // --- comparisons

  template <typename Ordered>
  static bool compared(Operator op, const Ordered& one, const Ordered& other) {
    switch (op) {
      case Operator::Equal:
        return one == other;
      case Operator::Less:
        return one < other;
      case Operator::LessEqual:
        return one <= other;
      case Operator::Greater:
        return one > other;
      case Operator::GreaterEqual:
        return one >= other;
      default:
        return false;
    }
  }

  static bool is_letter(const std::string& text, size_t at) {
    return at < text.size() &&
           (std::isalnum(static_cast<unsigned char>(text[at])) || text[at] == '_');
  }

  // Of texts in ASCII.
  static bool has_words(std::string text, std::string words) {
    for (std::string* one : {&text, &words})
      for (char& c : *one) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    for (size_t at = text.find(words); at != std::string::npos; at = text.find(words, at + 1))
      if (!(at > 0 && is_letter(text, at - 1)) && !is_letter(text, at + words.size())) return true;
    return false;
  }

  static long double real(const Value& value) {
    if (const auto* const whole = std::get_if<int64_t>(&value))
      return static_cast<long double>(*whole);
    if (const auto* const large = std::get_if<uint64_t>(&value))
      return static_cast<long double>(*large);
    if (const auto* const moment = std::get_if<Moment>(&value))
      return static_cast<long double>(moment->time);
    return std::get<double>(value);
  }

  static bool text_holds(Operator op, const Value& value, const std::string& text) {
    if (const auto* const other = std::get_if<std::string>(&value)) {
      if (op == Operator::Begins) return text.substr(0, other->size()) == *other;
      if (op == Operator::Has) return has_words(text, *other);
      if (op == Operator::Matches) {
        static std::map<std::string, std::regex> made;  // making one takes long
        return std::regex_search(text, made.try_emplace(*other, *other).first->second);
      }
      return compared(op, text, *other);
    }
    static const std::regex kNumber("-?[0-9]+(\\.[0-9]+)?");
    if (!std::regex_match(text, kNumber)) return false;
    return compared(op, std::stold(text), real(value));
  }

  static std::string kind_of(const Node& node) { return std::string(name(node.kind)); }
  static std::string kind_of(const Edge&) { return ""; }

  template <typename Element>
  bool test(const Comparison& c, const Element& e) {
    if (c.op == Operator::NotEqual) return !test(Comparison{c.field, Operator::Equal, c.value}, e);
    const ValueType type = info(c.field.attribute).type;
    if (type == ValueType::Kind) return kind_of(e) == std::get<std::string>(c.value);
    if (type == ValueType::Status)
      return name(e.attributes.status) == std::get<std::string>(c.value);
    if (type == ValueType::Text)
      return std::ranges::any_of(texts(c.field, e), [&](const std::string& text) {
        return text_holds(c.op, c.value, text);
      });
    long double limit = real(c.value);
    if (type == ValueType::Real) limit = static_cast<float>(limit);
    return std::ranges::any_of(numbers(c.field.attribute, e),
                               [&](long double number) { return compared(c.op, number, limit); });
  }

  template <typename Element>
  bool test(const Known& known, const Element& e) {
    const Attribute attribute = known.field.attribute;
    const ValueType type = info(attribute).type;
    if (type == ValueType::Kind || type == ValueType::Status || attribute == Attribute::Type)
      return true;
    if (type != ValueType::Text) return !numbers(attribute, e).empty();
    const auto found = texts(known.field, e);
    if (attribute == Attribute::Labels || attribute == Attribute::Source ||
        attribute == Attribute::Qualifier)
      return !found.empty();
    return std::ranges::any_of(found, [](const std::string& text) { return !text.empty(); });
  }

  // --- walks

  // Hops from the node, up to `hops`.
  std::map<NodeId, int32_t> hops(const Within& within) {
    std::map<NodeId, int32_t> found = {{node_named(history_, within.node, as_of_), 0}};
    for (int32_t hop = 1; hop <= within.hops; ++hop) {
      const auto before = found;
      for (const auto& [id, edge] : edges_) {
        if (!takes(within, edge)) continue;
        if (within.direction != Direction::In && before.contains(edge.source))
          found.try_emplace(edge.target, hop);
        if (within.direction != Direction::Out && before.contains(edge.target))
          found.try_emplace(edge.source, hop);
      }
    }
    return found;
  }

  bool takes(const Within& within, const Edge& edge) const {
    return within.types.empty() ||
           std::ranges::find(within.types, type_of(edge)) != within.types.end();
  }

  bool test(const Within& within, const Node& node) { return hops(within).contains(node.id); }

  bool test(const Within& within, const Edge& edge) {
    const auto found = hops(within);
    const auto leaves = [&](NodeId node) {
      return found.contains(node) && found.at(node) < within.hops;
    };
    return takes(within, edge) && ((within.direction != Direction::In && leaves(edge.source)) ||
                                   (within.direction != Direction::Out && leaves(edge.target)));
  }

  bool test(const EndsAt&, const Node&) { return false; }
  bool test(const EndsAt& end, const Edge& edge) {
    return (end.source ? edge.source : edge.target) == node_named(history_, end.node, as_of_);
  }

  // --- support

  bool is_reason(TypeId type) const {
    return history_.types()[type] == "supports" || history_.types()[type] == "derives";
  }

  // Whether the edge had a row at the view's version or before.
  bool ever(EdgeId edge) const {
    const auto rows = history_.edge_revisions(edge);
    return !rows.empty() && rows.front().from <= std::min(as_of_.version, history_.head());
  }

  bool becomes_live(const Node& node) const {
    const Status status = node.attributes.status;
    if (status == Status::Refuted || status == Status::Superseded || status == Status::Unprovable)
      return false;
    static const std::set<NodeKind> kAlone = {NodeKind::Evidence,
                                              NodeKind::Document,
                                              NodeKind::Span,
                                              NodeKind::Episode,
                                              NodeKind::ToolResult};
    if (kAlone.contains(node.kind)) return true;
    size_t reasons = 0, alive = 0;
    for (EdgeId id = 0; id < from_.ends.size(); ++id) {
      const EdgeEnds& edge = from_.ends[id];
      if (edge.target != node.id || !is_reason(edge.type)) continue;
      if (node.kind == NodeKind::Step ? !ever(id) : !edges_.contains(id)) continue;
      ++reasons;
      alive += live_.contains(edge.source) ? 1 : 0;
    }
    return node.kind == NodeKind::Step ? reasons > 0 && alive == reasons : alive > 0;
  }

  void find_live() {
    for (bool grows = true; grows;) {
      grows = false;
      for (const auto& [id, node] : nodes_)
        if (!live_.contains(id) && becomes_live(node)) grows = live_.insert(id).second;
    }
  }

  // The live nodes that lead by reasons to one of `goals`, by live nodes alone.
  std::set<NodeId> support(const std::set<NodeId>& goals) {
    std::set<NodeId> found;
    for (bool grows = true; grows;) {
      grows = false;
      for (const auto& [id, edge] : edges_)
        if (is_reason(edge.type) && live_.contains(edge.source) &&
            (goals.contains(edge.target) || found.contains(edge.target)))
          grows = found.insert(edge.source).second || grows;
    }
    return found;
  }

  bool supports(const std::set<NodeId>& goals, const Edge& edge) {
    return is_reason(edge.type) && live_.contains(edge.source) &&
           (goals.contains(edge.target) || support(goals).contains(edge.target));
  }

  bool test(const Supports& s, const Node& node) {
    const NodeId goal = node_named(history_, s.node, as_of_);
    return node.id != goal && support({goal}).contains(node.id);
  }
  bool test(const Supports& s, const Edge& edge) {
    return supports({node_named(history_, s.node, as_of_)}, edge);
  }

  bool attacks(NodeId goal, const Edge& edge) {
    std::set<NodeId> attacked = support({goal});
    attacked.insert(goal);
    return type_of(edge) == "contradicts" && live_.contains(edge.source) &&
           attacked.contains(edge.target);
  }
  std::set<NodeId> attackers(NodeId goal) {
    std::set<NodeId> found;
    for (const auto& [id, edge] : edges_)
      if (attacks(goal, edge)) found.insert(edge.source);
    return found;
  }
  bool test(const Contradicts& c, const Node& node) {
    const NodeId goal = node_named(history_, c.node, as_of_);
    const auto voices = attackers(goal);
    return node.id != goal && (voices.contains(node.id) || support(voices).contains(node.id));
  }
  bool test(const Contradicts& c, const Edge& edge) {
    const NodeId goal = node_named(history_, c.node, as_of_);
    return attacks(goal, edge) || supports(attackers(goal), edge);
  }

  RandomStore& from_;
  const History& history_;
  AsOf as_of_;
  std::map<NodeId, Node> nodes_;
  std::map<EdgeId, Edge> edges_;
  std::set<NodeId> live_;
};

}  // namespace saggio::graph
