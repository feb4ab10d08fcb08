// SPDX-License-Identifier: MIT
#include "experiments/harness/plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

#include "experiments/harness/arms.h"
#include "experiments/harness/gates.h"
#include "experiments/harness/tuning.h"
#include "results/store/hash.h"

namespace saggio::harness {
namespace {

// Turns arms into runs: one per configuration and seed, however many arms share it.
class RunMaker {
 public:
  RunMaker(const Study& study, const ModuleInfo& module, const Sources& sources, Plan& plan)
      : study_(study), module_(module), sources_(sources), plan_(plan) {}

  std::string add(const Values& config, uint64_t seed, const std::string& label) {
    RunSpec spec{.module = module_.name,
                 .version = module_.version,
                 .config = config,
                 .seed = seed,
                 .shared = study_.shared,
                 .threads = study_.threads,
                 .device = study_.device,
                 .data = data_hashes(config),
                 .label = fmt::format("{}/{} seed {}", study_.name, label, seed),
                 .id = {}};
    spec.id = identity(spec, module_.schema);
    if (known_.insert(spec.id).second) plan_.runs.push_back(spec);
    return spec.id;
  }

 private:
  std::map<std::string, std::string> data_hashes(const Values& config) {
    std::map<std::string, std::string> hashes;
    for (const FieldSpec& field : module_.schema) {
      if (field.type != FieldSpec::Type::kFile) continue;
      const std::string& file = std::get<std::string>(config.at(field.key));
      if (file.empty()) continue;
      auto& hash = files_[file];
      if (hash.empty()) hash = sources_.file(file, study_.file.parent_path()).sha256;
      hashes[field.key] = hash;
    }
    return hashes;
  }

  const Study& study_;
  const ModuleInfo& module_;
  const Sources& sources_;
  Plan& plan_;
  std::set<std::string> known_;
  std::map<std::string, std::string> files_;
};

// By their runs: what identifies these, files' contents included, is what makes arms the same.
void note_identical_arms(Plan& plan) {
  std::map<std::string, const PlannedArm*> first;
  for (PlannedArm& arm : plan.arms) {
    const auto [other, is_new] = first.emplace(arm.run_ids.front(), &arm);
    if (is_new) continue;
    arm.same_as = full_name(*other->second);
    arm.notes.push_back(fmt::format("same configuration as {}", arm.same_as));
    plan.warnings.push_back(fmt::format(
        "arm '{}' is identical to '{}': its change is a no-op here, and they share their runs",
        full_name(arm),
        arm.same_as));
  }
}

}  // namespace

std::string identity(const RunSpec& spec, const Schema& schema) {
  const nlohmann::json json = {{"module", spec.module},
                               {"version", spec.version},
                               {"config", canonical(schema, spec.config)},
                               {"seed", spec.seed},
                               {"shared", spec.shared},
                               {"threads", spec.threads},
                               {"device", spec.device},
                               {"data", spec.data}};
  return results::sha256(json.dump());
}

nlohmann::json to_json(const RunSpec& spec) {
  return {{"format", 1},
          {"id", spec.id},
          {"label", spec.label},
          {"module", spec.module},
          {"version", spec.version},
          {"config", to_json(spec.config)},
          {"seed", spec.seed},
          {"shared", spec.shared},
          {"threads", spec.threads},
          {"device", spec.device},
          {"data", spec.data}};
}

RunSpec run_spec_from_json(const nlohmann::json& json) {
  if (json.value("format", 0) != 1)
    throw std::runtime_error(
        fmt::format("spec.json: format {}, allowed 1", json.value("format", 0)));
  return {.module = json.at("module"),
          .version = json.at("version"),
          .config = values_from_json(json.at("config")),
          .seed = json.at("seed"),
          .shared = json.at("shared"),
          .threads = json.at("threads"),
          .device = json.at("device"),
          .data = json.at("data"),
          .label = json.at("label"),
          .id = json.at("id")};
}

std::string folder_name(const std::string& id) { return id.substr(0, 16); }

std::string full_name(const PlannedArm& arm) {
  return arm.task.empty() ? arm.name : arm.name + " on " + arm.task;
}

bool is_called(const PlannedArm& arm, const std::string& name) {
  return name == arm.name || name == full_name(arm);
}

namespace {

// Tunes and makes the arms of one task: everything but their runs.
void plan_task(const Study& study,
               const Task& task,
               const ModuleInfo& module,
               const Sources& sources,
               RunMaker& runs,
               Plan& plan) {
  Values base = resolve(module.schema, with_overrides(study.base, task.values));
  const std::string on = task.name.empty() ? "" : " on " + task.name;
  const auto add_trial = [&](const Values& config, uint64_t seed, const std::string& label) {
    return runs.add(config, seed, label + on);
  };
  std::map<std::string, Values> found;  // contender -> tuned values
  for (const Component& component : study.components) {
    if (!component.tune) continue;
    Tuning tuning = tune(component, base, study.metric.goal, module, sources, add_trial);
    tuning.task = task.name;
    plan.waiting_for_tuning |= tuning.chosen.empty();
    for (const auto& [contender, values] : tuning.chosen) found[contender] = values;
    plan.tunings.push_back(std::move(tuning));
  }
  if (const auto tuned = found.find("full"); tuned != found.end())
    for (const auto& [key, value] : tuned->second) base[key] = value;
  for (PlannedArm& arm : make_arms(study, base, found, module, sources, plan.warnings)) {
    arm.task = task.name;
    plan.arms.push_back(std::move(arm));
  }
}

}  // namespace

Plan make_plan(const Study& study, const ModuleInfo& module, const Sources& sources) {
  Plan plan;
  RunMaker runs(study, module, sources, plan);
  for (const Task& task : study.tasks) plan_task(study, task, module, sources, runs, plan);
  const GateResult trials = check_equal_trials(study, plan);
  if (trials.status == GateResult::Status::kFailed)
    plan.warnings.push_back(trials.gate + ": " + trials.message);
  if (plan.waiting_for_tuning) return plan;
  for (uint64_t seed = 1; seed <= static_cast<uint64_t>(study.seeds); ++seed)
    for (PlannedArm& arm : plan.arms)
      arm.run_ids.push_back(runs.add(arm.config, seed, full_name(arm)));
  note_identical_arms(plan);
  return plan;
}

}  // namespace saggio::harness
