// SPDX-License-Identifier: MIT
#include "graph/query/evaluate.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <stdexcept>
#include <utility>

#include "graph/formats/lines.h"
#include "graph/formats/record_json.h"
#include "graph/query/filter.h"
#include "graph/query/point.h"
#include "graph/query/reach.h"
#include "graph/query/text_test.h"
#include "graph/view/segment.h"

namespace saggio::graph {
namespace {

void take_off(Bitmap& from, const Bitmap& others) {
  for (size_t i = 0; i < from.words.size(); ++i) from.words[i] &= ~others.words[i];
}

void keep_both(Bitmap& set, const Bitmap& other) {
  for (size_t i = 0; i < set.words.size(); ++i) set.words[i] &= other.words[i];
}

bool is_empty(const Bitmap& set) {
  return std::ranges::all_of(set.words, [](uint64_t word) { return word == 0; });
}

// test(source, edge) for each edge of the set.
template <typename Test>
void keep_rows(const View& view, Bitmap& set, const Test& test) {
  for (NodeIndex source = 0; source < view.nodes(); ++source)
    for_each_step(view, source, Direction::Out, [&](EdgeIndex edge, NodeIndex) {
      if (set.test(edge) && !test(source, edge)) set.reset(edge);
    });
}

// `kinds` and `statuses` are compared by their numbers.
uint8_t status_number(const std::string& text) {
  for (size_t i = 0; i < kStatuses; ++i)
    if (name(static_cast<Status>(i)) == text) return static_cast<uint8_t>(i);
  throw std::invalid_argument(fmt::format("status = {}, which is none", shown(text)));
}

uint8_t kind_number(const std::string& text) {
  if (const auto kind = find_kind(text)) return static_cast<uint8_t>(*kind);
  throw std::invalid_argument(fmt::format("kind = {}, allowed: {}", shown(text), kind_names()));
}

bool is_number(const Value& value) {
  return !std::holds_alternative<std::string>(value) && !std::holds_alternative<Moment>(value);
}

[[noreturn]] void refuse_value(const Comparison& comparison) {
  throw std::invalid_argument(fmt::format("{} is compared with a value of another type",
                                          info(comparison.field.attribute).name));
}

template <typename Want>
const Want& value_as(const Comparison& comparison) {
  if (const auto* const value = std::get_if<Want>(&comparison.value)) return *value;
  refuse_value(comparison);
}

class Compiler {
 public:
  Compiler(Target target, const View& view, const History& history, const TextOf& text_of)
      : elements_{target, view, history, text_of} {}

  Filter operator()(const Condition& condition) {
    return std::visit([&](const auto& is) { return compiled(is); }, condition.is);
  }
  std::vector<std::string> notes;

 private:
  // What parse() refuses can still be built by hand.
  void check_field(const Field& field) const {
    const AttributeInfo& asked = info(field.attribute);
    const bool of_nodes = elements_.target == Target::Nodes;
    if (!(of_nodes ? asked.of_nodes : asked.of_edges))
      throw std::invalid_argument(
          fmt::format("{} is no attribute of {}", asked.name, of_nodes ? "nodes" : "edges"));
  }

  std::vector<Filter> parts_of_all(const std::vector<Condition>& parts) {
    if (parts.empty()) throw std::invalid_argument("an 'and' or an 'or' of nothing");
    std::vector<Filter> filters;
    for (const Condition& part : parts) filters.push_back((*this)(part));
    std::ranges::stable_sort(filters, {}, &Filter::cost);
    return filters;
  }

  Filter compiled(const And& all) {
    auto filters = parts_of_all(all.parts);
    const Cost cost = filters.back().cost;
    return {cost, [filters = std::move(filters)](Bitmap& set) {
              for (const Filter& filter : filters)
                if (!is_empty(set)) filter.keep(set);
            }};
  }

  Filter compiled(const Or& any) {
    auto filters = parts_of_all(any.parts);
    const Cost cost = filters.back().cost;
    return {cost, [filters = std::move(filters)](Bitmap& set) {
              Bitmap rest = set;  // what none has taken yet
              for (const Filter& filter : filters) {
                if (is_empty(rest)) break;
                Bitmap taken = rest;
                filter.keep(taken);
                take_off(rest, taken);
              }
              take_off(set, rest);
            }};
  }

  Filter compiled(const Not& inverse) { return negated((*this)(inverse.part.at(0))); }

  static Filter negated(Filter filter) {
    const Cost cost = filter.cost;
    return {cost, [filter = std::move(filter)](Bitmap& set) {
              Bitmap taken = set;
              filter.keep(taken);
              take_off(set, taken);
            }};
  }

  // `!=` is `not =`, so that what is not known is not equal either.
  Filter compiled(const Comparison& comparison) {
    if (comparison.op != Operator::NotEqual) return compared(comparison);
    Comparison equal = comparison;
    equal.op = Operator::Equal;
    return negated(compared(equal));
  }

  Filter compared(const Comparison& comparison) {
    check_field(comparison.field);
    const Attribute attribute = comparison.field.attribute;
    const ValueType type = info(attribute).type;
    if ((type == ValueType::Kind || type == ValueType::Status) && comparison.op != Operator::Equal)
      throw std::invalid_argument("a kind or a status is compared by '=' or '!=' alone");
    switch (type) {
      case ValueType::Kind:
        return compare_kinds(elements_, kind_number(value_as<std::string>(comparison)));
      case ValueType::Status:
        return compare_statuses(elements_, status_number(value_as<std::string>(comparison)));
      case ValueType::Time:
        return compare_times(
            elements_, attribute, comparison.op, value_as<Moment>(comparison).time);
      case ValueType::Whole:
      case ValueType::Real:
        if (!is_number(comparison.value)) refuse_value(comparison);
        return compare_numbers(elements_, attribute, comparison.op, comparison.value);
      case ValueType::Text:
        break;
    }
    const bool orders = comparison.op >= Operator::Less && comparison.op <= Operator::GreaterEqual;
    if (!(orders && is_number(comparison.value))) value_as<std::string>(comparison);
    if (attribute == Attribute::Type) note_type(comparison);
    return compare_texts(elements_, comparison.field, TextTest(comparison.op, comparison.value));
  }

  Filter compiled(const Known& known) {
    check_field(known.field);
    return known_ones(elements_, known.field);
  }

  Filter compiled(const Within& within) {
    if (!(within.hops >= 0))
      throw std::invalid_argument(fmt::format("hops = {}, allowed 0 and above", within.hops));
    const NodeIndex node = index_of(within.node);
    return {
        Cost::Walks, [elements = elements_, within, node, types = types_of(within)](Bitmap& set) {
          const auto hops = hops_from(elements.view, node, within.hops, within.direction, types);
          if (elements.target == Target::Nodes)
            keep_if(set, [&](size_t i) { return hops[i] >= 0; });
          else
            keep_walked(elements.view, within, types, hops, set);
        }};
  }

  // The edges that a walk of at most that many hops takes.
  static void keep_walked(const View& view,
                          const Within& within,
                          const TypeSet& types,
                          const std::vector<int32_t>& hops,
                          Bitmap& set) {
    const auto leaves = [&](NodeIndex node) {
      const int32_t hop = hops[static_cast<size_t>(node)];
      return hop >= 0 && hop < within.hops;
    };
    keep_rows(view, set, [&](NodeIndex source, EdgeIndex edge) {
      if (!types[view.edge_type(edge)]) return false;
      const NodeIndex target = view.arrays().out_target[static_cast<size_t>(edge)];
      return (within.direction != Direction::In && leaves(source)) ||
             (within.direction != Direction::Out && leaves(target));
    });
  }

  Filter compiled(const Supports& supports) {
    return voices([elements = elements_, node = index_of(supports.node)] {
      return support_of(elements.view, elements.history, node);
    });
  }

  Filter compiled(const Contradicts& contradicts) {
    return voices([elements = elements_, node = index_of(contradicts.node)] {
      return against(elements.view, elements.history, node);
    });
  }

  template <typename Find>
  Filter voices(Find find) {
    return {Cost::Support, [target = elements_.target, find](Bitmap& set) {
              const Voices found = find();
              keep_both(set, target == Target::Nodes ? found.nodes : found.edges);
            }};
  }

  Filter compiled(const EndsAt& end) {
    if (elements_.target == Target::Nodes)
      throw std::invalid_argument("nodes do not come from a node or lead to one; edges do");
    return {Cost::Columns, [&view = elements_.view, end, node = index_of(end.node)](Bitmap& set) {
              Bitmap found(view.edges());
              for_each_step(view,
                            node,
                            end.source ? Direction::Out : Direction::In,
                            [&](EdgeIndex edge, NodeIndex) { found.set(edge); });
              keep_both(set, found);
            }};
  }

  NodeIndex index_of(const NodeName& name) const {
    return *elements_.view.find(node_named(elements_.history, name, elements_.view.as_of()));
  }

  TypeSet types_of(const Within& within) {
    const auto names = elements_.history.types();
    TypeSet types(names.size(), within.types.empty() ? 1 : 0);
    for (const std::string& name : within.types) {
      if (const auto type = elements_.history.find_type(name))
        types[*type] = 1;
      else
        note_unknown(name);
    }
    return types;
  }

  void note_type(const Comparison& comparison) {
    const auto* const name = std::get_if<std::string>(&comparison.value);
    if (comparison.op == Operator::Equal && name && !elements_.history.find_type(*name))
      note_unknown(*name);
  }

  void note_unknown(const std::string& name) {
    const auto types = elements_.history.types();
    const std::vector<std::string_view> known(types.begin(), types.end());
    const auto near = nearest_first(name, known);
    std::string note = fmt::format("no edge of this store was ever of type {}", shown(name));
    if (!near.empty()) note += fmt::format("; did you mean {}?", shown(near[0]));
    notes.push_back(note);
  }

  Elements elements_;
};

}  // namespace

size_t Selection::count() const {
  size_t count = 0;
  for (const uint64_t word : set.words) count += static_cast<size_t>(std::popcount(word));
  return count;
}

std::vector<int32_t> Selection::indices() const {
  std::vector<int32_t> found;
  found.reserve(count());
  set.for_each([&](int32_t index) { found.push_back(index); });
  return found;
}

Selection evaluate(const Query& query,
                   const View& view,
                   const History& history,
                   const TextOf& text_of) {
  const AsOf point = point_of(query, history, view.as_of()), is = view.as_of();
  if (point.version != is.version || point.world != is.world ||
      (point.world && point.certain != is.certain))
    throw std::invalid_argument(
        fmt::format("the query is about another point in time than the view, which is of version "
                    "{}; build the view as of point_of(query, history)",
                    is.version));
  view.verify();
  Selection selection{
      query.target, Bitmap::all(query.target == Target::Nodes ? view.nodes() : view.edges()), {}};
  if (!query.where) return selection;
  Compiler compiler(query.target, view, history, text_of);
  compiler(*query.where).keep(selection.set);
  selection.notes = std::move(compiler.notes);
  return selection;
}

Answer answer(const Query& query, Reader& reader, const AsOf& otherwise) {
  View view = view_of(std::as_const(reader), point_of(query, reader.history(), otherwise));
  Selection selection = evaluate(query, view, reader.history(), [&](const Attributes& attributes) {
    return reader.text(attributes);
  });
  return {std::move(view), std::move(selection)};
}

}  // namespace saggio::graph
