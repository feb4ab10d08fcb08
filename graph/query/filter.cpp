// SPDX-License-Identifier: MIT
#include "graph/query/filter.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <mutex>
#include <stdexcept>

#include "graph/query/numbers.h"

namespace saggio::graph {
namespace {

// Calls act(compare) with what compares two numbers so.
template <typename Act>
Filter with_operator(Operator op, const Act& act) {
  switch (op) {
    case Operator::Equal:
      return act(std::equal_to<>());
    case Operator::Less:
      return act(std::less<>());
    case Operator::LessEqual:
      return act(std::less_equal<>());
    case Operator::Greater:
      return act(std::greater<>());
    case Operator::GreaterEqual:
      return act(std::greater_equal<>());
    default:
      throw std::invalid_argument("a number or a time is compared by an operator of texts");
  }
}

// Of a column that may be empty: then all of it is `if_empty`.
template <typename Number, typename Test>
Filter column_filter(std::span<const Number> column, Number if_empty, Test test) {
  return {Cost::Columns, [column, if_empty, test](Bitmap& set) {
            if (!column.empty())
              keep_if(set, [&](size_t i) { return test(column[i]); });
            else if (!test(if_empty))
              std::ranges::fill(set.words, uint64_t{0});
          }};
}

Filter all_of_them() {
  return {Cost::Columns, [](Bitmap&) {}};
}

template <typename Number>
auto equals(Number wanted) {
  return [wanted](Number number) { return number == wanted; };
}

// test(AttributesView, key) for each, by threads; key() is that of a node, and nothing of an edge.
template <typename Test>
Filter attribute_filter(const Elements& elements, Cost cost, Test test) {
  return {cost, [elements, test](Bitmap& set) {
            const AsOf& as_of = elements.view.as_of();
            const ViewArrays& arrays = elements.view.arrays();
            if (elements.target == Target::Nodes)
              keep_if_by_threads(set, [&](size_t i) {
                const NodeId id = arrays.node_ids[i];
                return test(*elements.history.view_node(id, as_of),
                            [&] { return elements.history.node_key(id); });
              });
            else
              keep_if_by_threads(set, [&](size_t i) {
                return test(*elements.history.view_edge(arrays.edge_ids[i], as_of),
                            [] { return std::string_view(); });
              });
          }};
}

std::span<const TimeUs> times_of(const Elements& elements, Attribute attribute) {
  const ViewArrays& arrays = elements.view.arrays();
  if (elements.target == Target::Nodes)
    return attribute == Attribute::ValidFrom ? arrays.node_from : arrays.node_to;
  return attribute == Attribute::ValidFrom ? arrays.edge_from : arrays.edge_to;
}

std::span<const float> confidence_of(const Elements& elements) {
  const ViewArrays& arrays = elements.view.arrays();
  return elements.target == Target::Nodes ? arrays.node_confidence : arrays.edge_confidence;
}

// Numbers are rounded to f32 before they meet one: 0.8 is what is stored as 0.8.
Filter compare_reals(const Elements& elements, Attribute attribute, Operator op, float limit) {
  return with_operator(op, [&](auto compare) {
    const auto test = [compare, limit](float number) { return compare(number, limit); };
    if (attribute == Attribute::Confidence)
      return column_filter(confidence_of(elements), std::nanf(""), test);
    if (elements.target == Target::Edges)
      return column_filter(elements.view.arrays().edge_weights, 1.f, test);
    return attribute_filter(
        elements, Cost::Attributes, [test](const AttributesView& a, const auto&) {
          return test(a.weight);
        });
  });
}

int64_t degree(const ViewArrays& arrays, Attribute attribute, size_t node) {
  int64_t degree = 0;
  if (attribute != Attribute::InDegree) degree += arrays.out_ptr[node + 1] - arrays.out_ptr[node];
  if (attribute != Attribute::OutDegree) degree += arrays.in_ptr[node + 1] - arrays.in_ptr[node];
  return degree;
}

template <typename Test>  // bool(long double)
Filter whole_filter(const Elements& elements, Attribute attribute, Test test) {
  const ViewArrays& arrays = elements.view.arrays();
  switch (attribute) {
    case Attribute::Id:
      if (elements.target == Target::Nodes) return column_filter(arrays.node_ids, NodeId{0}, test);
      return column_filter(arrays.edge_ids, uint32_t{0}, test);
    case Attribute::Step:
      return attribute_filter(
          elements, Cost::Attributes, [test](const AttributesView& a, const auto&) {
            return a.has_provenance && test(a.step);
          });
    case Attribute::Seed:
      return attribute_filter(
          elements, Cost::Attributes, [test](const AttributesView& a, const auto&) {
            return a.has_provenance && test(a.seed);
          });
    default:
      return {Cost::Columns, [arrays, attribute, test](Bitmap& set) {
                keep_if(set, [&](size_t i) { return test(degree(arrays, attribute, i)); });
              }};
  }
}

// Reads texts that lie in the pack, one thread at a time.
class TextReader {
 public:
  explicit TextReader(const TextOf& text_of) : text_of_(text_of) {}
  std::string operator()(const PackedText& packed) const {
    if (!text_of_)
      throw std::invalid_argument(
          "a text lies in the store's pack, and nothing is given to read it");
    Attributes attributes;
    attributes.packed = packed;
    const std::lock_guard guard(*mutex_);
    return text_of_(attributes);
  }

 private:
  const TextOf& text_of_;
  std::shared_ptr<std::mutex> mutex_ = std::make_shared<std::mutex>();
};

template <typename Holds>
bool any_of(const EncodedTexts& texts, const Holds& holds) {
  bool any = false;
  texts.for_each([&](std::string_view text) { any = any || holds(text); });
  return any;
}

template <typename Holds>
bool any_qualifier(const EncodedTexts& texts, std::string_view name, const Holds& holds) {
  bool any = false, is_name = true, ours = false;
  texts.for_each([&](std::string_view text) {
    if (is_name)
      ours = text == name;
    else
      any = any || (ours && holds(text));
    is_name = !is_name;
  });
  return any;
}

template <typename Holds>
bool text_holds(const AttributesView& a, const TextReader& read, const Holds& holds) {
  return a.packed ? holds(read(*a.packed)) : holds(a.text);
}

// Whether it holds of one of the texts that the attribute has.
template <typename Key, typename Holds>
bool any_text(const Field& field,
              const AttributesView& a,
              const Key& key,
              const TextReader& read,
              const Holds& holds) {
  switch (field.attribute) {
    case Attribute::Key:
      return holds(key());
    case Attribute::Text:
      return text_holds(a, read, holds);
    case Attribute::Labels:
      return any_of(a.labels, holds);
    case Attribute::Anywhere:
      return holds(key()) || any_of(a.labels, holds) || text_holds(a, read, holds);
    case Attribute::Rule:
      return holds(a.rule);
    case Attribute::Qualifier:
      return any_qualifier(a.qualifiers, field.qualifier, holds);
    case Attribute::Method:
      return holds(a.method);
    case Attribute::Run:
      return holds(a.run);
    case Attribute::Experiment:
      return holds(a.experiment);
    case Attribute::Model:
      return holds(a.model);
    case Attribute::Source:
      return any_of(a.sources, holds);
    default:
      throw std::invalid_argument("an attribute that is no text is compared as one");
  }
}

// A type is looked at once, not once for each of its edges.
Filter compare_types(const Elements& elements, const TextTest& test) {
  std::vector<uint8_t> holds;
  for (const std::string& type : elements.history.types()) holds.push_back(test(type));
  return {Cost::Columns, [types = elements.view.arrays().edge_types, holds](Bitmap& set) {
            keep_if(set, [&](size_t i) { return holds[types[i]] != 0; });
          }};
}

// Nothing but keys is read.
Filter compare_keys(const Elements& elements, Cost cost, const TextTest& test) {
  return {cost, [elements, test](Bitmap& set) {
            const auto ids = elements.view.arrays().node_ids;
            keep_if_by_threads(set,
                               [&](size_t i) { return test(elements.history.node_key(ids[i])); });
          }};
}

// Whether a text attribute has a value: of several texts, one; of one text, a letter.
template <typename Key>
bool has_text(const Field& field, const AttributesView& a, const Key& key, const TextReader& read) {
  const bool is_text = field.attribute == Attribute::Text || field.attribute == Attribute::Anywhere;
  if (is_text && a.packed) return true;
  if (field.attribute == Attribute::Labels) return a.labels.size() > 0;
  if (field.attribute == Attribute::Source) return a.sources.size() > 0;
  const bool named = field.attribute == Attribute::Qualifier;
  return any_text(
      field, a, key, read, [&](std::string_view text) { return named || !text.empty(); });
}

}  // namespace

Filter compare_kinds(const Elements& elements, uint8_t kind) {
  return column_filter(elements.view.arrays().node_kinds, uint8_t{0}, equals(kind));
}

Filter compare_statuses(const Elements& elements, uint8_t status) {
  const ViewArrays& arrays = elements.view.arrays();
  return column_filter(
      elements.target == Target::Nodes ? arrays.node_statuses : arrays.edge_statuses,
      uint8_t{0},
      equals(status));
}

Filter compare_times(const Elements& elements, Attribute attribute, Operator op, TimeUs limit) {
  return with_operator(op, [&](auto compare) {
    return column_filter(
        times_of(elements, attribute), kUnknownTime, [compare, limit](TimeUs time) {
          return time != kUnknownTime && compare(time, limit);
        });
  });
}

Filter compare_numbers(const Elements& elements,
                       Attribute attribute,
                       Operator op,
                       const Value& value) {
  const long double limit = real(value);
  if (info(attribute).type == ValueType::Real)
    return compare_reals(elements, attribute, op, static_cast<float>(limit));
  return with_operator(op, [&](auto compare) {
    return whole_filter(elements, attribute, [compare, limit](auto number) {
      return compare(static_cast<long double>(number), limit);
    });
  });
}

Filter compare_texts(const Elements& elements, const Field& field, const TextTest& test) {
  const Cost cost = test.searches() ? Cost::Texts : Cost::Attributes;
  if (field.attribute == Attribute::Type) return compare_types(elements, test);
  if (field.attribute == Attribute::Key) return compare_keys(elements, cost, test);
  return attribute_filter(
      elements,
      cost,
      [field, test, read = TextReader(elements.text_of)](const AttributesView& a, const auto& key) {
        return any_text(field, a, key, read, test);
      });
}

Filter known_ones(const Elements& elements, const Field& field) {
  const auto is_known = [](float number) { return !std::isnan(number); };
  const auto is_time = [](TimeUs time) { return time != kUnknownTime; };
  switch (field.attribute) {
    case Attribute::Confidence:
      return column_filter(confidence_of(elements), std::nanf(""), is_known);
    case Attribute::ValidFrom:
    case Attribute::ValidTo:
      return column_filter(times_of(elements, field.attribute), kUnknownTime, is_time);
    case Attribute::Step:
    case Attribute::Seed:
      return attribute_filter(elements, Cost::Attributes, [](const AttributesView& a, const auto&) {
        return a.has_provenance;
      });
    default:
      break;
  }
  if (info(field.attribute).type != ValueType::Text || field.attribute == Attribute::Type)
    return all_of_them();
  return attribute_filter(
      elements,
      Cost::Attributes,
      [field, read = TextReader(elements.text_of)](const AttributesView& a, const auto& key) {
        return has_text(field, a, key, read);
      });
}

}  // namespace saggio::graph
