// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "graph/query/query.h"
#include "results/random.h"

// Queries drawn at random, of every kind of condition, about what random_store.h makes.
namespace saggio::graph {

class RandomQuery {
 public:
  // `nodes`: so many node ids may be named; `versions`: 0..versions.
  RandomQuery(uint64_t seed, uint64_t nodes, uint64_t versions)
      : stream_(seed), nodes_(nodes), versions_(versions) {}

  Query draw() {
    query_ = {};
    if (stream_.below(3) == 0) query_.target = Target::Edges;
    if (stream_.below(20) != 0) query_.where = condition(3);
    if (stream_.below(3) == 0) query_.as_of = std::to_string(stream_.below(versions_ + 1));
    if (stream_.below(3) == 0) {
      query_.valid_at = static_cast<TimeUs>(stream_.below(40)) - 5;
      query_.certain = stream_.below(3) == 0;
    }
    return query_;
  }

 private:
  template <typename Choice>
  const Choice& one_of(const std::vector<Choice>& choices) {
    return choices[stream_.below(choices.size())];
  }

  Condition condition(int depth) {
    const uint64_t what = stream_.below(depth > 0 ? 12 : 8);
    if (what == 8) return {Not{{condition(depth - 1)}}};
    if (what == 9) return {And{parts(depth)}};
    if (what >= 10) return {Or{parts(depth)}};
    return term();
  }

  std::vector<Condition> parts(int depth) {
    std::vector<Condition> parts;
    for (uint64_t i = 2 + stream_.below(2); i > 0; --i) parts.push_back(condition(depth - 1));
    return parts;
  }

  Condition term() {
    const bool edges = query_.target == Target::Edges;
    switch (stream_.below(9)) {
      case 0:
        return {Known{field()}};
      case 1:
        return {within()};
      case 2:
        return {Supports{node()}};
      case 3:
        return {Contradicts{node()}};
      case 4:
        if (edges) return {EndsAt{node(), stream_.below(2) == 0}};
        [[fallthrough]];
      default:
        return {comparison()};
    }
  }

  NodeName node() {
    const NodeId id = stream_.below(nodes_);
    if (id % 3 == 0) return {id, {}};  // random_store.h gives every third node no key
    return {std::nullopt, "n" + std::to_string(id)};
  }

  Within within() {
    Within within{static_cast<int32_t>(stream_.below(4)), node(), Direction::Both, {}};
    within.direction = one_of<Direction>({Direction::Out, Direction::In, Direction::Both});
    for (uint64_t i = stream_.below(3); i > 0; --i)
      within.types.push_back(
          one_of<std::string>({"supports", "derives", "contradicts", "mentions", "no such", "of"}));
    return within;
  }

  Field field() {
    for (;;) {
      const AttributeInfo& info = attributes()[stream_.below(attributes().size())];
      if (!(query_.target == Target::Nodes ? info.of_nodes : info.of_edges)) continue;
      const bool named = info.attribute == Attribute::Qualifier;
      return {info.attribute, named ? one_of<std::string>({"unit", "size", "a b"}) : ""};
    }
  }

  Comparison comparison() {
    Comparison comparison{field(), Operator::Equal, {}};
    const ValueType type = info(comparison.field.attribute).type;
    const uint64_t operators = type == ValueType::Text                                ? 9
                               : type == ValueType::Kind || type == ValueType::Status ? 2
                                                                                      : 6;
    comparison.op = static_cast<Operator>(stream_.below(operators));
    comparison.value = value(type, comparison.op);
    return comparison;
  }

  Value value(ValueType type, Operator op) {
    switch (type) {
      case ValueType::Whole:
        return one_of<Value>({int64_t{0}, int64_t{1}, int64_t{3}, int64_t{-3}, 2.5, UINT64_MAX});
      case ValueType::Real:
        return one_of<Value>({int64_t{1}, 0.25, 0.8, 0.1, 1e300});
      case ValueType::Kind:
        return std::string(name(static_cast<NodeKind>(stream_.below(kNodeKinds))));
      case ValueType::Status:
        return std::string(name(static_cast<Status>(stream_.below(kStatuses))));
      case ValueType::Time:
        return Moment{one_of<TimeUs>({0, 10, 20, 30, 15})};
      case ValueType::Text:
        break;
    }
    const bool orders = op >= Operator::Less && op <= Operator::GreaterEqual;
    if (orders && stream_.below(2) == 0) return one_of<Value>({int64_t{5}, 2.5, int64_t{-1}});
    if (op == Operator::Matches)
      return one_of<std::string>({"a.c", "^[0-9]+$", "w|t$", "", "street *(is)?", "[^ ]\\.$"});
    return one_of<std::string>(
        {"", "rain", "The", "street is", "n1", "supports", "mm", "12", "a\"b\\", "WET", "x", "#1"});
  }

  results::Stream stream_;
  uint64_t nodes_, versions_;
  Query query_;
};

}  // namespace saggio::graph
