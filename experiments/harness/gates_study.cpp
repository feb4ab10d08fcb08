// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "experiments/harness/gate_words.h"
#include "results/statistics/reading.h"

// The gates that compare the arms of a study with each other: G3 and, by recorded runs, G9.
namespace saggio::harness {
namespace {

constexpr const char* kFairness = "G3 optimizer fairness";

bool contains(const std::vector<std::string>& list, const std::string& one) {
  return std::find(list.begin(), list.end(), one) != list.end();
}

// Trials and tuning runs by contender.
std::map<std::string, std::pair<size_t, size_t>> trials_of(const Tuning& tuning) {
  std::map<std::string, std::pair<size_t, size_t>> counts;
  for (const Tuning::Trial& trial : tuning.trials) {
    auto& [trials, runs] = counts[trial.contender];
    ++trials;
    runs += trial.run_ids.size();
  }
  return counts;
}

bool was_tuned(const PlannedArm& arm, const Tuning& tuning) {
  if (tuning.chosen.contains(arm.name)) return true;
  return std::any_of(arm.off.begin(), arm.off.end(), [&](const std::string& component) {
    return tuning.chosen.contains("minus_" + component);
  });
}

// "velvet sets train.lr = 0.003 without a trial": what an arm brings of its own of what was tuned.
std::string own_value(const PlannedArm& arm, const PlannedArm& full, const Tuning& tuning) {
  if (tuning.chosen.empty() || arm.components.empty() || was_tuned(arm, tuning)) return "";
  for (const auto& [key, value] : tuning.chosen.begin()->second) {
    const Value& own = arm.config.at(key);
    if (own == full.config.at(key)) continue;
    return fmt::format("{} sets {} = {} without a trial, the others' was tuned with {}",
                       full_name(arm),
                       key,
                       text(own),
                       trials_of(tuning).begin()->second.first);
  }
  return "";
}

constexpr const char* kSay =
    "; an arm that is about it says so: differs = [\"{}\"] in its component";

// How an arm's start differs from the baseline's, by what it may be said to differ in.
std::map<std::string, std::string> differences(const ProbeStart& arm, const ProbeStart& full) {
  std::map<std::string, std::string> found;
  std::vector<std::string> weights;
  for (const auto& [name, digest] : full.weights)
    if (const auto other = arm.weights.find(name);
        other != arm.weights.end() && other->second != digest)
      weights.push_back(name);
  if (!weights.empty()) found["init"] = "the initial values of " + listed(weights);
  if (arm.data_order != full.data_order) found["data"] = "the order of its training data";
  std::set<std::string> names;
  for (const ProbeStart* start : {&arm, &full})
    for (const auto& [name, value] : start->settings) names.insert(name);
  for (const std::string& name : names) {
    const auto own = arm.settings.find(name), base = full.settings.find(name);
    const bool both = own != arm.settings.end() && base != full.settings.end();
    if (both && own->second == base->second) continue;
    found[name] = both ? fmt::format("{} ({:g}, full has {:g})", name, own->second, base->second)
                       : fmt::format("{} (only one of the two has it)", name);
  }
  return found;
}

}  // namespace

std::string listed(const std::vector<std::string>& names) {
  constexpr size_t kShown = 4;
  const std::vector<std::string> shown(
      names.begin(), names.begin() + static_cast<int64_t>(std::min(names.size(), kShown)));
  return fmt::format(
      "{}{}",
      fmt::join(shown, ", "),
      names.size() > kShown ? fmt::format(" and {} more", names.size() - kShown) : "");
}

std::vector<std::string> said_to_differ(const Study& study, const PlannedArm& arm) {
  std::vector<std::string> said;
  for (const Component& component : study.components)
    if (contains(arm.components, component.name))
      said.insert(said.end(), component.differs.begin(), component.differs.end());
  for (const char* stream : {"init", "data"})
    if (!contains(study.shared, stream)) said.emplace_back(stream);
  return said;
}

GateResult check_equal_trials(const Study& study, const Plan& plan) {
  if (plan.tunings.empty()) return not_applicable(kFairness, "nothing is tuned");
  for (const Tuning& tuning : plan.tunings) {
    const auto counts = trials_of(tuning);
    for (const auto& [contender, count] : counts)
      if (count != counts.begin()->second)
        return failed(kFairness,
                      fmt::format("component {}: {} has {} trials in {} runs, {} has {} in {}",
                                  tuning.component,
                                  contender,
                                  count.first,
                                  count.second,
                                  counts.begin()->first,
                                  counts.begin()->second.first,
                                  counts.begin()->second.second));
    const auto full = std::find_if(plan.arms.begin(), plan.arms.end(), [&](const PlannedArm& arm) {
      return arm.name == "full" && arm.task == tuning.task;
    });
    for (const PlannedArm& arm : plan.arms) {
      if (arm.task != tuning.task || contains(said_to_differ(study, arm), "trials")) continue;
      if (const std::string own = own_value(arm, *full, tuning); !own.empty())
        return failed(kFairness, own + fmt::format(fmt::runtime(kSay), "trials"));
    }
  }
  return passed(kFairness, "every contender has the same trials");
}

GateResult check_optimizer_fairness(const std::vector<ArmStart>& arms) {
  if (arms.size() < 2) return not_applicable(kFairness, "there is one arm");
  for (const ArmStart& arm : arms)
    for (const auto& [what, words] : differences(arm.start, arms.front().start))
      if (!contains(arm.differs, what))
        return failed(kFairness,
                      fmt::format("{} differs from {} in {}", arm.arm, arms.front().arm, words) +
                          fmt::format(fmt::runtime(kSay), what));
  return passed(kFairness,
                fmt::format("{} arms start from the same weights, data order and settings, but "
                            "for what they say",
                            arms.size()));
}

GateResult check_arms(const ModuleEntry& module, const std::vector<ArmConfig>& arms) {
  if (!module.probe)
    return not_applicable(kFairness, fmt::format("module '{}' has no probe", module.name));
  std::vector<ArmStart> starts;
  for (const auto& [arm, config, differs] : arms) {
    Context context = Context::in_memory(1);
    const Probe probe = module.probe(config, context);
    if (!probe.start)
      return not_applicable(kFairness, "the probe does not say what training starts from");
    starts.push_back({arm, probe.start(), differs});
  }
  return check_optimizer_fairness(starts);
}

GateResult check_arm_effects(const results::StudyData& study) {
  const std::string gate = "G9 module effect";
  if (study.arms.size() < 2) return not_applicable(gate, "there is one arm");
  const auto baseline = results::by_seed(study.arms.front());
  std::vector<std::string> without_effect;
  size_t compared = 0;
  for (size_t i = 1; i < study.arms.size(); ++i) {
    size_t pairs = 0, equal = 0;
    for (const auto& [seed, run] : results::by_seed(study.arms[i])) {
      const auto other = baseline.find(seed);
      // An arm of the same configuration shares its runs, and the plan says so.
      if (other == baseline.end() || run->record.metrics.empty() || run->id == other->second->id)
        continue;
      ++pairs;
      equal += run->record.metrics == other->second->record.metrics;
    }
    compared += pairs;
    if (pairs > 0 && equal == pairs) without_effect.push_back(study.arms[i].label);
  }
  if (compared == 0) return not_applicable(gate, "no two arms have run the same seed");
  if (!without_effect.empty())
    return failed(gate,
                  fmt::format("{}: every metric is that of {}, to the last bit, in every seed",
                              listed(without_effect),
                              study.arms.front().label));
  return passed(gate, fmt::format("every arm differs from {}", study.arms.front().label));
}

}  // namespace saggio::harness
