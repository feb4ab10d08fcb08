// SPDX-License-Identifier: MIT
#include "viz/asking.h"

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace saggio::viz {
namespace {

using graph::Attribute, graph::Condition;

// Nodes that say something, each once however often it does; they come one after the other.
struct Count {
  size_t nodes = 0;
  std::optional<graph::NodeId> last;
  void see(graph::NodeId node) {
    if (std::exchange(last, node) != node) ++nodes;
  }
};

// An attribute, and each of its values; texts are borrowed from the history.
struct Said {
  Count all;
  std::unordered_map<std::string_view, Count> values;
  void see(graph::NodeId node, std::string_view value) {
    all.see(node);
    values[value].see(node);
  }
};

AttributeThere there(graph::Field field, const Said& said) {
  AttributeThere found{std::move(field), said.all.nodes, said.values.size(), {}};
  std::vector<std::pair<std::string_view, size_t>> all;
  for (const auto& [value, count] : said.values) all.emplace_back(value, count.nodes);
  const size_t most = std::min(all.size(), kMostValues);
  const auto before = [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  };
  std::partial_sort(all.begin(), all.begin() + static_cast<ptrdiff_t>(most), all.end(), before);
  found.frequent.assign(all.begin(), all.begin() + static_cast<ptrdiff_t>(most));
  return found;
}

class Counting {
 public:
  explicit Counting(const graph::History& history) : history_(history) {}

  void take(const graph::NodeRow& node, const graph::AsOf& as_of) {
    const auto one = [&](Attribute which, std::string_view value) {
      if (!value.empty()) said_[which].see(node.id, value);
    };
    one(Attribute::Kind, graph::name(node.kind));
    one(Attribute::Status, graph::name(node.status));
    const auto a = history_.view_node(node.id, as_of);
    if (!a) return;
    one(Attribute::Run, a->run);
    one(Attribute::Experiment, a->experiment);
    one(Attribute::Model, a->model);
    one(Attribute::Rule, a->rule);
    one(Attribute::Method, a->method);
    a->labels.for_each([&](std::string_view text) { said_[Attribute::Labels].see(node.id, text); });
    a->sources.for_each(
        [&](std::string_view text) { said_[Attribute::Source].see(node.id, text); });
    Said* qualifier = nullptr;  // of a name, which its value follows
    a->qualifiers.for_each([&](std::string_view text) {
      if (qualifier)
        std::exchange(qualifier, nullptr)->see(node.id, text);
      else
        qualifier = &qualifiers_[text];
    });
  }

  std::vector<AttributeThere> list() const {
    std::vector<AttributeThere> found;
    for (const Attribute which : kOrder)
      if (const auto it = said_.find(which); it != said_.end())
        found.push_back(there({which, {}}, it->second));
    for (const auto& [name, said] : qualifiers_)
      found.push_back(there({Attribute::Qualifier, std::string(name)}, said));
    return found;
  }

 private:
  static constexpr Attribute kOrder[] = {Attribute::Kind,
                                         Attribute::Status,
                                         Attribute::Labels,
                                         Attribute::Run,
                                         Attribute::Experiment,
                                         Attribute::Model,
                                         Attribute::Rule,
                                         Attribute::Method,
                                         Attribute::Source};

  const graph::History& history_;
  std::map<Attribute, Said> said_;
  std::map<std::string_view, Said> qualifiers_;
};

// Whether it says of one attribute what it equals, as `other` does, or one of several such.
bool is_alternative(const Condition& condition, const Condition& other) {
  const auto* wanted = std::get_if<graph::Comparison>(&other.is);
  if (!wanted || wanted->op != graph::Operator::Equal) return false;
  if (const auto* one = std::get_if<graph::Comparison>(&condition.is))
    return one->op == graph::Operator::Equal && one->field == wanted->field;
  const auto* any = std::get_if<graph::Or>(&condition.is);
  return any && std::all_of(any->parts.begin(), any->parts.end(), [&](const Condition& part) {
           return is_alternative(part, other);
         });
}

// And, or Or, of what it is and another one.
template <typename List>
void add(Condition& condition, Condition other) {
  if (!std::holds_alternative<List>(condition.is)) condition = {List{{condition}}};
  auto& parts = std::get<List>(condition.is).parts;
  if (std::find(parts.begin(), parts.end(), other) == parts.end())
    parts.push_back(std::move(other));
  if (parts.size() == 1) condition = Condition(parts.front());
}

}  // namespace

std::vector<AttributeThere> attributes_there(const graph::History& history,
                                             const graph::AsOf& as_of) {
  Counting counting(history);
  history.for_each_node(as_of, [&](const graph::NodeRow& node) { counting.take(node, as_of); });
  return counting.list();
}

std::string name_of(const graph::Field& field) {
  return std::string(graph::info(field.attribute).name) +
         (field.qualifier.empty() ? "" : "." + field.qualifier);
}

std::string narrowed(const std::string& filter, graph::Target target, Condition condition) {
  graph::Query query = filter.empty() ? graph::Query() : graph::parse(filter);
  if (query.target != target) query.where.reset();
  query.target = target;
  if (!query.where) {
    query.where = std::move(condition);
    return graph::print(query);
  }
  auto* all = std::get_if<graph::And>(&query.where->is);
  const std::span<Condition> parts = all ? std::span(all->parts) : std::span(&*query.where, 1);
  const auto same = std::find_if(parts.begin(), parts.end(), [&](const Condition& part) {
    return is_alternative(part, condition);
  });
  if (same != parts.end())
    add<graph::Or>(*same, std::move(condition));
  else
    add<graph::And>(*query.where, std::move(condition));
  return graph::print(query);
}

}  // namespace saggio::viz
