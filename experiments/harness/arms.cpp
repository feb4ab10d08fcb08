// SPDX-License-Identifier: MIT
#include "experiments/harness/arms.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "experiments/harness/expression.h"

namespace saggio::harness {
namespace {

// A component and all that need it, directly or through others.
std::set<std::string> switched_off_with(const std::string& name,
                                        const std::vector<Component>& components) {
  std::set<std::string> off = {name};
  for (size_t before = 0; before != off.size();) {
    before = off.size();
    for (const Component& component : components)
      for (const std::string& need : component.needs)
        if (off.contains(need)) off.insert(component.name);
  }
  return off;
}

constexpr size_t kMostFactors = 6;  // 64 arms

class ArmMaker {
 public:
  ArmMaker(const Study& study,
           const Values& base,
           const std::map<std::string, Values>& tuned,
           const ModuleInfo& module,
           const Sources& sources,
           std::vector<std::string>& warnings)
      : study_(study),
        base_(base),
        tuned_(tuned),
        module_(module),
        sources_(sources),
        warnings_(warnings) {}

  std::vector<PlannedArm> make() {
    add({.name = "full",
         .label = "full",
         .where = study_.file.filename().string()});  // always there: the others' baseline
    if (study_.design.leave_one_out)
      for (const Component& component : study_.components)
        if (!component.off.empty()) add_without({component.name});
    if (study_.design.factorial) factorial();
    if (study_.design.add_one_in) add_one_in();
    if (!study_.design.cumulative.empty()) cumulative();
    add_alternatives();
    add_grid();
    add_zip();
    return std::move(arms_);
  }

 private:
  // An arm before it is resolved.
  struct Draft {
    std::string name, label;
    Values overrides;
    std::string match, where;
    std::vector<std::string> notes, off, components;
  };

  std::set<std::string> all_with_off() const {
    std::set<std::string> names;
    for (const Component& component : study_.components)
      if (!component.off.empty()) names.insert(component.name);
    return names;
  }

  // All of `roots` off, and what needs them. Named by the roots; in the order of the file.
  void add_without(const std::set<std::string>& roots) {
    const std::set<std::string> off = closure(roots);
    Draft draft = without(off);
    draft.name = off == all_with_off() && roots.size() > 1 ? "none" : "minus";
    draft.label = draft.name == "none" ? "none" : "";
    for (const Component& component : study_.components) {
      if (!roots.contains(component.name)) continue;
      for (const auto& [key, value] : component.off) draft.overrides[key] = value;
      draft.where = component.where;
      if (draft.name != "none")
        draft.label += (draft.label.empty() ? "− " : " − ") + component.name;
    }
    if (draft.name == "minus")
      for (const Component& component : study_.components)
        if (roots.contains(component.name)) draft.name += "_" + component.name;
    for (const std::string& other : draft.off)
      if (!roots.contains(other))
        draft.notes.push_back(fmt::format(
            "{} is off too: it needs {}", other, fmt::join(needed_of(other, off), " and ")));
    if (!has(draft.name)) add(draft);
  }

  std::set<std::string> closure(const std::set<std::string>& roots) const {
    std::set<std::string> off;
    for (const std::string& root : roots) off.merge(switched_off_with(root, study_.components));
    return off;
  }

  std::vector<std::string> needed_of(const std::string& name,
                                     const std::set<std::string>& off) const {
    std::vector<std::string> needed;
    for (const Component& component : study_.components)
      if (component.name == name)
        for (const std::string& need : component.needs)
          if (off.contains(need)) needed.push_back(need);
    return needed;
  }

  // Every set of components off that leaves nothing on without what it needs, each once: by the
  // components that are off on their own account.
  void factorial() {
    std::vector<std::string> names;
    for (const Component& component : study_.components)
      if (!component.off.empty()) names.push_back(component.name);
    if (names.size() > kMostFactors)
      throw std::invalid_argument(fmt::format(
          "{}: factorial over {} components makes {} arms, allowed {} components; give fewer an "
          "off, or take leave_one_out",
          study_.file.filename().string(),
          names.size(),
          names.size() < 63 ? std::to_string(int64_t{1} << names.size()) : "countless",
          kMostFactors));
    for (size_t bits = 1; bits < size_t{1} << names.size(); ++bits) {
      std::set<std::string> off;
      for (size_t i = 0; i < names.size(); ++i)
        if ((bits >> i & 1) != 0) off.insert(names[i]);
      if (is_closed(off)) add_without(roots_of(off));
    }
  }

  bool is_closed(const std::set<std::string>& off) const {
    for (const std::string& name : closure(off))
      if (all_with_off().contains(name) && !off.contains(name)) return false;
    return true;
  }

  std::set<std::string> roots_of(const std::set<std::string>& off) const {
    std::set<std::string> roots = off;
    for (const std::string& name : off) {
      std::set<std::string> implied = switched_off_with(name, study_.components);
      // Two components that need each other imply each other: the first stays.
      if (roots.contains(name))
        for (const std::string& other : implied)
          if (other != name) roots.erase(other);
    }
    return roots;
  }

  void add_none() {
    Draft none = without(all_with_off());
    none.name = none.label = "none";
    if (!has("none")) add(none);
  }

  void add_one_in() {
    if (all_with_off().empty()) return;
    add_none();
    for (const Component& component : study_.components) {
      if (component.off.empty()) continue;
      std::set<std::string> off = all_with_off();
      off.erase(component.name);
      for (const std::string& need : component.needs) off.erase(need);
      Draft draft = without(off);
      draft.name = "plus_" + component.name;
      draft.label = "+ " + component.name;
      draft.where = component.where;
      add(draft);
    }
  }

  // none, + a, + a + b, ...; with all of them on it is the full system, which is there.
  void cumulative() {
    add_none();
    std::set<std::string> off = all_with_off();
    std::string name = "plus", label;
    for (const std::string& component : study_.design.cumulative) {
      off.erase(component);
      name += "_" + component;
      label += (label.empty() ? "+ " : " + ") + component;
      if (off.empty()) return;
      Draft draft = without(off);
      draft.name = name;
      draft.label = label;
      if (!has(name)) add(draft);
    }
  }

  bool has(const std::string& name) const { return made_.contains(name); }

  void add_alternatives() {
    for (const Component& component : study_.components)
      for (const auto& [name, values] : component.alternatives)
        add({.name = name,
             .label = fmt::format("{} = {}", component.name, name),
             .overrides = values,
             .match = component.match,
             .where = component.where,
             .components = {component.name}});
  }

  void add_grid() {
    const Assignments& grid = study_.design.grid;
    if (grid.empty()) return;
    std::vector<size_t> at(grid.size());
    while (true) {
      Values overrides;
      for (size_t i = 0; i < grid.size(); ++i) overrides[grid[i].first] = grid[i].second[at[i]];
      add_named_by_values(overrides);
      size_t i = grid.size();
      while (i > 0 && ++at[i - 1] == grid[i - 1].second.size()) at[--i] = 0;
      if (i == 0) return;
    }
  }

  void add_zip() {
    const Assignments& zip = study_.design.zip;
    for (size_t row = 0; !zip.empty() && row < zip.front().second.size(); ++row) {
      Values overrides;
      for (const auto& [key, values] : zip) overrides[key] = values[row];
      add_named_by_values(overrides);
    }
  }

  void add_named_by_values(const Values& overrides) {
    std::string name;
    for (const auto& [key, value] : overrides)
      name += (name.empty() ? "" : ",") + key + "=" + text(value);
    add({.name = name,
         .label = name,
         .overrides = overrides,
         .where = study_.file.filename().string()});
  }

  // All of `names` off, without a name yet.
  Draft without(const std::set<std::string>& names) const {
    Draft draft{.where = study_.file.filename().string()};
    for (const Component& component : study_.components) {
      if (!names.contains(component.name) || component.off.empty()) continue;
      draft.off.push_back(component.name);
      for (const auto& [key, value] : component.off) draft.overrides[key] = value;
      if (component.match.empty()) continue;
      if (!draft.match.empty() && draft.match != component.match)
        throw std::invalid_argument(fmt::format(
            "{}: component '{}' is matched by {}, another that is off in the same arm by {}; "
            "match both by the same",
            component.where,
            component.name,
            component.match,
            draft.match));
      draft.match = component.match;
    }
    draft.components = draft.off;
    return draft;
  }

  void add(const Draft& draft) {
    if (!made_.insert(draft.name).second)
      throw std::invalid_argument(
          fmt::format("{}: two arms are called '{}'; rename one", draft.where, draft.name));
    PlannedArm arm{.name = draft.name,
                   .label = draft.label,
                   .config = with_overrides(base_, draft.overrides),
                   .notes = draft.notes,
                   .off = draft.off,
                   .components = draft.components};
    set_tuned(arm);
    if (!draft.match.empty()) {
      arm.config = matched(arm.config, base_, draft.match, module_, sources_, draft.where);
      arm.notes.push_back(fmt::format("{} = {} to match {}",
                                      module_.match_by,
                                      text(arm.config.at(module_.match_by)),
                                      draft.match));
    }
    if (is_skipped(arm)) return;
    for (const auto& [key, value] : arm.config)
      if (const auto it = base_.find(key); it == base_.end() || it->second != value)
        arm.difference[key] = value;
    arms_.push_back(std::move(arm));
  }

  // What tuning found for the arm itself, or for each component that is off in it.
  void set_tuned(PlannedArm& arm) const {
    std::vector<std::string> contenders;
    for (const std::string& component : arm.off) contenders.push_back("minus_" + component);
    std::erase(contenders, arm.name);
    contenders.push_back(arm.name);  // what was found for itself wins
    for (const std::string& contender : contenders) {
      const auto found = tuned_.find(contender);
      if (found == tuned_.end()) continue;
      arm.config = with_overrides(arm.config, found->second);
      for (const auto& [key, value] : found->second)
        arm.notes.push_back(fmt::format("{} = {}, tuned", key, text(value)));
    }
  }

  bool is_skipped(const PlannedArm& arm) {
    for (const std::string& condition : study_.design.skip) {
      if (!holds(condition, arm.config)) continue;
      if (arm.name == "full")
        throw std::invalid_argument(
            fmt::format("{}: skip \"{}\" holds for the full system itself; nothing would be left "
                        "to compare with",
                        study_.file.filename().string(),
                        condition));
      warnings_.push_back(fmt::format("arm '{}' is skipped: {}", arm.name, condition));
      return true;
    }
    return false;
  }

  const Study& study_;
  const Values& base_;
  const std::map<std::string, Values>& tuned_;
  const ModuleInfo& module_;
  const Sources& sources_;
  std::vector<std::string>& warnings_;
  std::vector<PlannedArm> arms_;
  std::set<std::string> made_;  // skipped ones too
};

}  // namespace

Values with_overrides(const Values& base, const Values& overrides) {
  Values values = base;
  for (const auto& [key, value] : overrides) values[key] = value;
  return values;
}

std::vector<PlannedArm> make_arms(const Study& study,
                                  const Values& base,
                                  const std::map<std::string, Values>& tuned,
                                  const ModuleInfo& module,
                                  const Sources& sources,
                                  std::vector<std::string>& warnings) {
  return ArmMaker(study, base, tuned, module, sources, warnings).make();
}

}  // namespace saggio::harness
