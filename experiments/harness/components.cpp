// SPDX-License-Identifier: MIT
#include "experiments/harness/components.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace saggio::harness {
namespace {

using Texts = std::vector<std::string>;

// What a component's arms may differ in besides its own keys; G3 asks (gates.h).
const Texts kDiffers = {"init", "data", "decay", "clip", "trials"};

double as_number(const TomlItem& item, const std::string& what) {
  if (const Value* value = item.scalar()) {
    if (const auto* number = std::get_if<double>(value)) return *number;
    if (const auto* integer = std::get_if<int64_t>(value)) return static_cast<double>(*integer);
  }
  refuse(item.where, fmt::format("{} must be a number", what));
}

// [low, high] or [low, high, "log"] is a grid; { values = [...] } lists the trials.
Axis read_axis(const std::string& key, const TomlItem& item, const Schema& schema) {
  Axis axis{.key = key};
  if (item.table() != nullptr) {
    TomlReader reader(item, key);
    const TomlItem& list = reader.require("values");
    reader.finish();
    if (list.list() == nullptr || list.list()->empty())
      refuse(item.where, fmt::format("{}.values must be a list", key));
    for (const TomlItem& one : *list.list()) axis.values.push_back(checked_value(one, key, schema));
    return axis;
  }
  const TomlList* list = item.list();
  if (list == nullptr || list->size() < 2 || list->size() > 3)
    refuse(
        item.where,
        fmt::format("{} must be [low, high], [low, high, \"log\"] or {{ values = [...] }}", key));
  axis.low = as_number((*list)[0], key);
  axis.high = as_number((*list)[1], key);
  if (list->size() == 3)
    axis.logarithmic = one_of(as_text((*list)[2], key), {"log"}, key, item.where) == "log";
  if (!(axis.low < axis.high) || (axis.logarithmic && !(axis.low > 0)))
    refuse(item.where,
           fmt::format("{} = [{:g}, {:g}], allowed low < high, and low > 0 for \"log\"",
                       key,
                       axis.low,
                       axis.high));
  for (const double edge : {axis.low, axis.high}) checked(schema, key, edge, item.where);
  return axis;
}

Tune read_tune(const TomlItem& item, const Schema& schema, const std::string& metric) {
  TomlReader reader(item, "tune");
  Tune tune;
  const TomlItem& space = reader.require("space");
  if (space.table() == nullptr)
    refuse(space.where, "tune.space must be a table: { \"train.lr\" = [1e-4, 1e-1, \"log\"] }");
  for (const auto& [key, axis] : *space.table()) tune.space.push_back(read_axis(key, axis, schema));
  if (tune.space.empty()) refuse(space.where, "tune.space is empty; name at least one key");
  tune.trials = reader.integer("trials", 8, {2, 1000});
  tune.seeds = reader.integer("seeds", 1, {1, 1000});
  tune.metric = reader.text("metric", metric);
  reader.finish();
  return tune;
}

Component read_component(const std::string& name,
                         const TomlItem& item,
                         const ModuleInfo& module,
                         const std::string& metric) {
  TomlReader reader(item, fmt::format("[component.{}]", name));
  Component component{.name = name, .where = item.where};
  if (const TomlItem* off = reader.take("off")) component.off = checked_values(*off, module.schema);
  if (const TomlItem* alternatives = reader.take("alternatives")) {
    if (alternatives->table() == nullptr)
      refuse(alternatives->where, "alternatives must be a table of tables");
    for (const auto& [key, value] : *alternatives->table())
      component.alternatives.emplace_back(key, checked_values(value, module.schema));
  }
  component.match = reader.text("match", "");
  component.needs = reader.texts("needs", {});
  component.differs = reader.texts("differs", {});
  for (const std::string& what : component.differs) one_of(what, kDiffers, "differs", item.where);
  if (const TomlItem* tune = reader.take("tune"))
    component.tune = read_tune(*tune, module.schema, metric);
  reader.finish();
  if (component.off.empty() && component.alternatives.empty() && !component.tune)
    refuse(
        item.where,
        fmt::format(
            "component '{}' has neither off nor alternatives nor tune: there is nothing to compare",
            name));
  if (!component.match.empty() && module.match_by.empty())
    refuse(item.where,
           fmt::format("component '{}': match = \"{}\", but module '{}' has no key to match by",
                       name,
                       component.match,
                       module.name));
  return component;
}

void check_needs(const std::vector<Component>& components) {
  Texts names;
  for (const Component& component : components) names.push_back(component.name);
  for (const Component& component : components)
    for (const std::string& need : component.needs)
      one_of(need, names, component.name + ".needs", component.where);
}

Assignments read_assignments(const TomlItem& item, const std::string& what, const Schema& schema) {
  Assignments assignments;
  for (const auto& [key, leaf] : flattened(item)) {
    if (leaf.list() == nullptr || leaf.list()->empty())
      refuse(leaf.where, fmt::format("{}.{} must be a list of values", what, key));
    std::vector<Value> values;
    for (const TomlItem& one : *leaf.list()) values.push_back(checked_value(one, key, schema));
    assignments.emplace_back(key, std::move(values));
  }
  if (what == "zip")
    for (const auto& [key, values] : assignments)
      if (values.size() != assignments.front().second.size())
        refuse(
            item.where,
            fmt::format("zip.{} has {} values and zip.{} has {}; they go in step, so give as many",
                        key,
                        values.size(),
                        assignments.front().first,
                        assignments.front().second.size()));
  return assignments;
}

Texts names_of(const std::vector<Component>& components) {
  Texts names;
  for (const Component& component : components)
    if (!component.off.empty()) names.push_back(component.name);
  return names;
}

// Each step switches one component on; what it needs must be on by then.
void check_cumulative(const Texts& order,
                      const std::vector<Component>& components,
                      const std::string& where) {
  const Texts known = names_of(components);
  for (size_t i = 0; i < order.size(); ++i) {
    one_of(order[i], known, "design.cumulative", where);
    const auto before = order.begin() + static_cast<int64_t>(i);
    if (std::find(order.begin(), before, order[i]) != before)
      refuse(where, fmt::format("design.cumulative names '{}' twice", order[i]));
    const auto component = std::find_if(components.begin(), components.end(), [&](const auto& one) {
      return one.name == order[i];
    });
    for (const std::string& need : component->needs)
      if (std::find(known.begin(), known.end(), need) != known.end() &&
          std::find(order.begin(), before, need) == before)
        refuse(where,
               fmt::format("design.cumulative switches '{}' on before '{}', which it needs; "
                           "put that first",
                           order[i],
                           need));
  }
}

void read_kinds(const TomlItem& kinds, const std::vector<Component>& components, Design& design) {
  for (const std::string& kind : as_texts(kinds, "design.kinds")) {
    one_of(kind,
           {"full", "leave_one_out", "add_one_in", "factorial", "cumulative"},
           "design.kinds",
           kinds.where);
    design.leave_one_out |= kind == "leave_one_out";
    design.add_one_in |= kind == "add_one_in";
    design.factorial |= kind == "factorial";
    if (kind == "cumulative") design.cumulative = names_of(components);
    if ((kind == "factorial" || kind == "cumulative") && names_of(components).empty())
      refuse(kinds.where,
             fmt::format("design.kinds has '{}', but no component can be switched off: give one "
                         "an off",
                         kind));
  }
}

}  // namespace

Value leaf_value(const TomlItem& item, const std::string& key) {
  if (item.scalar() != nullptr) return *item.scalar();
  return as_texts(item, key);
}

Value checked_value(const TomlItem& item, const std::string& key, const Schema& schema) {
  Value value = checked(schema, key, leaf_value(item, key), item.where);
  return item.folder.empty() ? value : starting_at(item.folder, key, std::move(value), schema);
}

Value starting_at(const std::filesystem::path& folder,
                  const std::string& key,
                  Value value,
                  const Schema& schema) {
  const bool is_file = std::any_of(schema.begin(), schema.end(), [&](const FieldSpec& field) {
    return field.key == key && field.type == FieldSpec::Type::kFile;
  });
  if (auto* path = std::get_if<std::string>(&value);
      is_file && path != nullptr && !path->empty() && !path->starts_with("data:"))
    *path = std::filesystem::absolute(folder / *path).lexically_normal();
  return value;
}

Values checked_values(const TomlItem& item, const Schema& schema) {
  Values values;
  for (const auto& [key, leaf] : flattened(item)) values[key] = checked_value(leaf, key, schema);
  return values;
}

std::vector<Component> read_components(const TomlItem* item,
                                       const ModuleInfo& module,
                                       const std::string& metric) {
  std::vector<Component> components;
  if (item == nullptr) return components;
  if (item->table() == nullptr) refuse(item->where, "components are written as [component.NAME]");
  std::vector<std::pair<std::string, const TomlItem*>> in_order;
  for (const auto& [name, one] : *item->table()) in_order.emplace_back(name, &one);
  std::stable_sort(in_order.begin(), in_order.end(), [](const auto& a, const auto& b) {
    return a.second->line < b.second->line;
  });
  for (const auto& [name, one] : in_order)
    components.push_back(read_component(name, *one, module, metric));
  check_needs(components);
  return components;
}

Design read_design(const TomlItem* item,
                   const Schema& schema,
                   const std::vector<Component>& components) {
  Design design;
  if (item == nullptr) return design;
  TomlReader reader(*item, "[design]");
  if (const TomlItem* kinds = reader.take("kinds")) read_kinds(*kinds, components, design);
  design.cumulative = reader.texts("cumulative", design.cumulative);
  check_cumulative(design.cumulative, components, item->where);
  if (const TomlItem* grid = reader.take("grid"))
    design.grid = read_assignments(*grid, "grid", schema);
  if (const TomlItem* zip = reader.take("zip")) design.zip = read_assignments(*zip, "zip", schema);
  design.skip = reader.texts("skip", {});
  reader.finish();
  return design;
}

std::vector<Task> take_tasks(const TomlItem* item, std::vector<Component>& components) {
  if (item == nullptr) return {Task{}};
  const std::string name = as_text(*item, "tasks");
  Texts known;
  for (const Component& component : components) known.push_back(component.name);
  one_of(name, known, "tasks", item->where);
  const auto found = std::find_if(
      components.begin(), components.end(), [&](const auto& one) { return one.name == name; });
  const bool only_alternatives =
      found->off.empty() && !found->tune && found->match.empty() && found->needs.empty();
  if (found->alternatives.size() < 2 || !only_alternatives)
    refuse(found->where,
           fmt::format("component '{}' is the study's tasks: give it two alternatives or more, "
                       "and nothing else",
                       name));
  std::vector<Task> tasks;
  for (const auto& [task, values] : found->alternatives) tasks.push_back({task, values});
  components.erase(found);
  return tasks;
}

}  // namespace saggio::harness
