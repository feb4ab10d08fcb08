// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/program.h"
#include "experiments/harness/gates.h"
#include "experiments/harness/worker_process.h"

namespace saggio::cli {
namespace {

using harness::GateResult;
using Gates = std::vector<GateResult>;

// The gates of one module, by its probe.
Gates of_module(const std::string& module,
                const harness::Values& config,
                harness::WorkerProcess& worker) {
  worker.send({{"do", "gates"}, {"module", module}, {"config", harness::to_json(config)}});
  const nlohmann::json reply = worker.wait_for_reply();
  Gates gates;
  for (const auto& gate : reply.at("gates"))
    gates.push_back({gate.at("gate"),
                     static_cast<GateResult::Status>(gate.at("status").get<int>()),
                     gate.at("message")});
  return gates;
}

Gates check_module(const harness::Setup& setup,
                   const harness::ModuleInfo& module,
                   const std::vector<std::string>& sets) {
  harness::Values overrides;
  for (const std::string& set : sets) {
    const auto [key, value] = harness::parse_set(set, module.schema);
    overrides[key] = value;
  }
  harness::WorkerProcess worker(setup.worker, 1);
  return of_module(module.name, harness::resolve(module.schema, overrides), worker);
}

// The module's gates on the full system, and those that compare arms: by the probe, and by what has
// run.
Gates check_study(harness::Workspace& workspace) {
  const harness::Study& study = workspace.study();
  const harness::Plan plan = workspace.plan();
  const harness::PlannedArm& full = plan.arms.front();
  Gates gates = of_module(study.module, workspace.located(full.config), workspace.helper());
  gates.push_back(harness::check_held_out(study.metric.name));
  gates.push_back(harness::check_equal_trials(study, plan));
  for (GateResult& gate : workspace.fairness(plan)) gates.push_back(std::move(gate));
  for (const harness::Task& task : study.tasks) {
    const results::StudyData data = workspace.collect(plan, task.name);
    for (GateResult gate :
         {harness::check_measured_cells(data), harness::check_arm_effects(data)}) {
      if (!task.name.empty()) gate.message = fmt::format("{}: {}", task.name, gate.message);
      gates.push_back(std::move(gate));
    }
  }
  return gates;
}

int print(const Program& program, const Gates& gates) {
  constexpr std::string_view kWords[] = {"passed", "FAILED", "does not apply"};
  nlohmann::json list = nlohmann::json::array();
  bool good = true;
  for (const auto& [gate, status, message] : gates) {
    good = good && status != GateResult::Status::kFailed;
    list.push_back({{"gate", gate}, {"status", static_cast<int>(status)}, {"message", message}});
    if (!program.json)
      fmt::print("{:<22}  {:<14}  {}\n", gate, kWords[static_cast<int>(status)], message);
  }
  if (program.json) std::cout << list.dump(1) << "\n";
  return good ? 0 : 1;
}

bool is_study(const Program& program, const std::string& name) {
  try {
    find_study(program, name);
    return true;
  } catch (const std::invalid_argument&) {
    return false;
  }
}

}  // namespace

int check(const Program& program, const std::string& name, const std::vector<std::string>& sets) {
  const harness::Setup setup = program.setup();
  if (const auto module = setup.info.modules.find(name); module != setup.info.modules.end())
    return print(program, check_module(setup, module->second, sets));
  if (!is_study(program, name)) {
    std::vector<std::string> known;
    for (const auto& [one, info] : setup.info.modules) known.push_back(one);
    throw std::invalid_argument(
        fmt::format("'{}': no such module, and no such study{}; modules: {}",
                    name,
                    harness::did_you_mean(name, known),
                    fmt::join(known, ", ")));
  }
  harness::Workspace workspace(load_study(program, name, {.sets = sets}, setup), setup);
  return print(program, check_study(workspace));
}

}  // namespace saggio::cli
