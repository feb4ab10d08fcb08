// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/program.h"
#include "experiments/harness/gates.h"
#include "results/statistics/resampling.h"
#include "results/statistics/statistics.h"

namespace saggio::cli {
namespace {

using harness::Plan;
using harness::Study;
using harness::Workspace;

struct Cost {
  size_t to_run = 0;
  double seconds = 0;
  bool known = true;  // there are past runs to estimate from
};

Cost cost_of(const Plan& plan, const Workspace& workspace) {
  Cost cost;
  std::map<std::string, std::optional<double>> known;  // by configuration: seeds cost alike
  for (const auto& run : plan.runs) {
    if (workspace.record(run.id) != nullptr) continue;
    ++cost.to_run;
    const auto [entry, is_new] = known.try_emplace(harness::to_json(run.config).dump());
    if (is_new) entry->second = workspace.seconds_of_past_runs(run);
    cost.known = cost.known && entry->second.has_value();
    cost.seconds += entry->second.value_or(0);
  }
  return cost;
}

// Fewer digits than the eye needs are no help: 0.0625, .0078.
std::string detectable(const Study& study, size_t comparisons) {
  const auto n = static_cast<int>(study.seeds);
  if (n < 2) return "one seed has no spread: nothing can be compared";
  if (comparisons == 0)
    return fmt::format("{} seeds, nothing to compare with: means and their intervals only", n);
  const double smallest_p = results::smallest_sign_flip_p(n) * static_cast<double>(comparisons);
  const double alpha = study.alpha / static_cast<double>(comparisons);
  std::string text = fmt::format(
      "{} seeds, {} comparison{}: a paired difference of {:.2g} standard deviations is found with "
      "probability .8; the smallest corrected p is {:.2g}",
      n,
      comparisons,
      comparisons == 1 ? "" : "s",
      results::detectable_effect(n, alpha),
      std::min(1., smallest_p));
  if (smallest_p > study.alpha)
    text += fmt::format(", above alpha = {:g}: no difference can be shown", study.alpha);
  if (n < 6) text += "; fewer than 6 seeds are exploratory and decide nothing";
  return text;
}

std::vector<std::string> notes(const Plan& plan) {
  std::vector<std::string> list;
  for (const auto& tuning : plan.tunings)
    if (!tuning.note.empty())
      list.push_back((tuning.task.empty() ? "" : tuning.task + ": ") + tuning.note);
  return list;
}

std::vector<std::string> warnings(const Plan& plan, const Study& study) {
  std::vector<std::string> list = plan.warnings;
  const auto held_out = harness::check_held_out(study.metric.name);
  if (held_out.status == harness::GateResult::Status::kFailed)
    list.push_back(held_out.gate + ": " + held_out.message);
  if (study.smallest_effect == 0)
    list.push_back("[stats] smallest_effect is not declared: \"no difference\" can never be said");
  for (const auto& tuning : plan.tunings)
    if (tuning.metric == study.metric.name)
      list.push_back(fmt::format(
          "component '{}' is tuned on the metric that the study reports (on seeds of its own); "
          "a validation metric in tune.metric is the stricter choice",
          tuning.component));
  return list;
}

void print(const Plan& plan, const Workspace& workspace) {
  const Study& study = workspace.study();
  fmt::print("{}: {}\n\n", study.name, study.question);
  size_t width = 3;
  for (const auto& arm : plan.arms) width = std::max(width, full_name(arm).size());
  for (const auto& arm : plan.arms) {
    std::vector<std::string> parts;
    for (const auto& [key, value] : arm.difference)
      parts.push_back(key + " = " + harness::text(value));
    for (const std::string& note : arm.notes) parts.push_back("(" + note + ")");
    fmt::print("  {:<{}}  {}\n",
               full_name(arm),
               width,
               parts.empty() ? "the full system" : fmt::format("{}", fmt::join(parts, ", ")));
  }
  const Cost cost = cost_of(plan, workspace);
  fmt::print("\n{} arm{} x {} seed{}, {} runs",
             plan.arms.size(),
             plan.arms.size() == 1 ? "" : "s",
             study.seeds,
             study.seeds == 1 ? "" : "s",
             plan.runs.size());
  if (plan.waiting_for_tuning) fmt::print(" of tuning first; the arms' runs follow");
  fmt::print("; {} to run", cost.to_run);
  if (cost.to_run > 0 && cost.known) fmt::print(", about {} of computing", duration(cost.seconds));
  if (cost.to_run > 0 && !cost.known) fmt::print(", time unknown until the first has run");
  fmt::print("\n{}\n", detectable(study, plan.arms.size() - study.tasks.size()));
  for (const std::string& note : notes(plan)) fmt::print("note: {}\n", note);
  for (const std::string& warning : warnings(plan, study)) fmt::print("warning: {}\n", warning);
}

nlohmann::json as_json(const Plan& plan, const Workspace& workspace) {
  const Study& study = workspace.study();
  const Cost cost = cost_of(plan, workspace);
  nlohmann::json arms = nlohmann::json::array();
  for (const auto& arm : plan.arms)
    arms.push_back({{"name", arm.name},
                    {"task", arm.task},
                    {"difference", harness::to_json(arm.difference)},
                    {"notes", arm.notes},
                    {"same_as", arm.same_as},
                    {"runs", arm.run_ids}});
  return {{"study", study.name},
          {"arms", arms},
          {"runs", plan.runs.size()},
          {"to_run", cost.to_run},
          {"seconds", cost.known ? nlohmann::json(cost.seconds) : nlohmann::json()},
          {"waiting_for_tuning", plan.waiting_for_tuning},
          {"notes", notes(plan)},
          {"warnings", warnings(plan, study)}};
}

}  // namespace

int plan(const Program& program, const std::string& study, const Overrides& overrides) {
  const harness::Setup setup = program.setup();
  Workspace workspace(load_study(program, study, overrides, setup), setup);
  const Plan plan = workspace.plan();
  if (program.json)
    std::cout << as_json(plan, workspace).dump(1) << "\n";
  else
    print(plan, workspace);
  return 0;
}

}  // namespace saggio::cli
