// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

#include "cli/program.h"
#include "results/store/run_dir.h"

namespace saggio::cli {
namespace fs = std::filesystem;

namespace {

using Counts = std::map<std::string, size_t>;  // by outcome, and "running", "to run"

struct Running {
  std::string label;
  int64_t step = 0;
};

// The last step that a run has logged.
int64_t last_step(const results::RunDir& dir) {
  int64_t step = 0;
  for (const std::string& name : dir.event_names())
    for (const results::Point& point : dir.events(name)) step = std::max(step, point.step);
  return step;
}

struct State {
  Counts counts;
  std::vector<Running> running;
  size_t total = 0;
};

State state_of(harness::Workspace& workspace, const harness::Plan& plan) {
  State state;
  state.total = plan.runs.size();
  for (const auto& run : plan.runs) {
    if (const results::Record* record = workspace.record(run.id)) {
      ++state.counts[std::string(results::name(record->outcome))];
      continue;
    }
    const results::RunDir dir = workspace.run_dir(run.id);
    const bool live = dir.exists() && results::Lease::holder(dir.folder() / "lease");
    ++state.counts[live ? "running" : "to run"];
    if (live) state.running.push_back({run.label, last_step(dir)});
  }
  return state;
}

std::string line_of(const std::string& name, const State& state) {
  std::string text = fmt::format("{}: {} runs", name, state.total);
  for (const auto& [what, count] : state.counts) text += fmt::format(", {} {}", count, what);
  return text;
}

nlohmann::json as_json(const std::string& name, const State& state) {
  nlohmann::json running = nlohmann::json::array();
  for (const Running& run : state.running)
    running.push_back({{"label", run.label}, {"step", run.step}});
  return {{"study", name}, {"total", state.total}, {"counts", state.counts}, {"running", running}};
}

int all_studies(const Program& program) {
  nlohmann::json list = nlohmann::json::array();
  std::error_code absent;
  results::Index index(program.runs / "index.db");
  for (const auto& entry : fs::directory_iterator(program.runs, absent)) {
    if (!entry.is_directory() || entry.path().filename() == "patches") continue;
    index.refresh(entry.path());
    State state;
    for (const auto& [outcome, count] : index.counts(entry.path())) {
      state.counts[std::string(results::name(outcome))] = count;
      state.total += count;
    }
    const std::string name = entry.path().filename();
    if (program.json)
      list.push_back(as_json(name, state));
    else
      fmt::print("{}\n", line_of(name, state));
  }
  if (program.json)
    std::cout << list.dump(1) << "\n";
  else if (absent)
    fmt::print("{}: no runs yet; type `saggio run STUDY`\n", program.runs.string());
  return 0;
}

}  // namespace

int status(const Program& program, const std::string& study, bool watch) {
  if (study.empty()) return all_studies(program);
  const harness::Setup setup = program.setup();
  harness::Workspace workspace(load_study(program, study, {}, setup), setup);
  while (true) {
    workspace.refresh();
    const harness::Plan plan = workspace.plan();
    const State state = state_of(workspace, plan);
    if (watch && is_terminal()) fmt::print("\x1b[H\x1b[2J");
    if (program.json)
      std::cout << as_json(workspace.study().name, state).dump() << std::endl;
    else {
      fmt::print("{}\n", line_of(workspace.study().name, state));
      for (const Running& run : state.running) fmt::print("  {}  step {}\n", run.label, run.step);
      std::fflush(stdout);
    }
    const bool over = !state.counts.contains("running") && !state.counts.contains("to run");
    if (!watch || over) return 0;
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }
}

}  // namespace saggio::cli
