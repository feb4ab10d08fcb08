// SPDX-License-Identifier: MIT
#include "experiments/harness/arms.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
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
    add("full",
        "full",
        {},
        "",
        study_.file.filename().string());  // always there: it is what the others are compared with
    if (study_.design.leave_one_out) leave_one_out();
    if (study_.design.add_one_in) add_one_in();
    add_alternatives();
    add_grid();
    add_zip();
    return std::move(arms_);
  }

 private:
  void leave_one_out() {
    for (const Component& component : study_.components) {
      if (component.off.empty()) continue;
      std::vector<std::string> implied;
      Values overrides = off_values(switched_off_with(component.name, study_.components), implied);
      for (const auto& [key, value] : component.off) overrides[key] = value;
      add("minus_" + component.name,
          "− " + component.name,
          overrides,
          component.match,
          component.where);
      for (const std::string& other : implied)
        if (other != component.name && !arms_.empty())
          arms_.back().notes.push_back(
              fmt::format("{} is off too: it needs {}", other, component.name));
    }
  }

  void add_one_in() {
    std::set<std::string> all;
    for (const Component& component : study_.components) all.insert(component.name);
    std::vector<std::string> unused;
    const Values none = off_values(all, unused);
    if (none.empty()) return;
    add("none", "none", none, "", study_.file.filename().string());
    for (const Component& component : study_.components) {
      if (component.off.empty()) continue;
      std::set<std::string> off = all;
      off.erase(component.name);
      for (const std::string& need : component.needs) off.erase(need);
      add("plus_" + component.name,
          "+ " + component.name,
          off_values(off, unused),
          component.match,
          component.where);
    }
  }

  void add_alternatives() {
    for (const Component& component : study_.components)
      for (const auto& [name, values] : component.alternatives)
        add(name,
            fmt::format("{} = {}", component.name, name),
            values,
            component.match,
            component.where);
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
    add(name, name, overrides, "", study_.file.filename().string());
  }

  Values off_values(const std::set<std::string>& names, std::vector<std::string>& applied) const {
    Values values;
    for (const Component& component : study_.components) {
      if (!names.contains(component.name) || component.off.empty()) continue;
      applied.push_back(component.name);
      for (const auto& [key, value] : component.off) values[key] = value;
    }
    return values;
  }

  void add(const std::string& name,
           const std::string& label,
           const Values& overrides,
           const std::string& match,
           const std::string& where) {
    for (const PlannedArm& arm : arms_)
      if (arm.name == name)
        throw std::invalid_argument(
            fmt::format("{}: two arms are called '{}'; rename one", where, name));
    PlannedArm arm{.name = name, .label = label, .config = with_overrides(base_, overrides)};
    if (const auto found = tuned_.find(name); found != tuned_.end()) {
      arm.config = with_overrides(arm.config, found->second);
      for (const auto& [key, value] : found->second)
        arm.notes.push_back(fmt::format("{} = {}, tuned", key, text(value)));
    }
    if (!match.empty()) {
      arm.config = matched(arm.config, base_, match, module_, sources_, where);
      arm.notes.push_back(fmt::format(
          "{} = {} to match {}", module_.match_by, text(arm.config.at(module_.match_by)), match));
    }
    if (is_skipped(arm)) return;
    for (const auto& [key, value] : arm.config)
      if (const auto it = base_.find(key); it == base_.end() || it->second != value)
        arm.difference[key] = value;
    arms_.push_back(std::move(arm));
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
};

}  // namespace

Values with_overrides(const Values& base, const Values& overrides) {
  Values values = base;
  for (const auto& [key, value] : overrides) values[key] = value;
  return values;
}

Values matched(const Values& config,
               const Values& reference,
               const std::string& count,
               const ModuleInfo& module,
               const Sources& sources,
               const std::string& where) {
  const auto counted = [&](const Values& values) {
    const auto counts = sources.count(module.name, values);
    const auto found = counts.find(count);
    if (found != counts.end()) return found->second;
    std::vector<std::string> known;
    for (const auto& [name, value] : counts) known.push_back(name);
    throw std::invalid_argument(
        fmt::format("{}: match = \"{}\", but module '{}' counts no such thing{}",
                    where,
                    count,
                    module.name,
                    did_you_mean(count, known)));
  };
  const auto field = std::find_if(module.schema.begin(),
                                  module.schema.end(),
                                  [&](const FieldSpec& one) { return one.key == module.match_by; });
  const double target = counted(reference);
  Values result = config;
  const auto count_at = [&](int64_t width) {
    result[module.match_by] = width;
    return counted(result);
  };
  // Counts grow with the width: bisect for the first that reaches the target, then take it or the
  // one below.
  auto low = static_cast<int64_t>(std::max(field->range.low, 1.)),
       high = static_cast<int64_t>(std::min(field->range.high, 1e6));
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    if (count_at(middle) < target)
      low = middle + 1;
    else
      high = middle;
  }
  const double above = count_at(low);
  const bool has_below = field->range.holds(static_cast<double>(low - 1)) && low > 1;
  const double below = has_below ? count_at(low - 1) : above;
  const int64_t best =
      has_below && std::abs(below - target) < std::abs(above - target) ? low - 1 : low;
  const double reached = count_at(best);
  if (!(std::abs(reached - target) <= .01 * target))
    throw std::invalid_argument(
        fmt::format("{}: no {} gives {:.0f} {} within 1 %; the nearest, {}, gives {:.0f}",
                    where,
                    module.match_by,
                    target,
                    count,
                    best,
                    reached));
  return result;
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
