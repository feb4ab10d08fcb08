// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "cli/program.h"
#include "results/store/event_tail.h"
#include "results/store/run_dir.h"

namespace saggio::cli {
namespace fs = std::filesystem;

namespace {

constexpr size_t kWideEnough = 1000;  // columns: into a file or a pipe, one line a run

using Counts = std::map<std::string, size_t>;  // by outcome, and "running", "to run"

// What is known of a run that works now: the last value of everything that it logs.
struct Running {
  std::string label;
  int64_t step = 0;
  std::optional<double> steps_per_second;            // between two looks that saw new steps
  std::vector<std::pair<std::string, double>> last;  // by first appearance
};

// Follows a run's events from one look to the next.
class Follower {
 public:
  explicit Follower(const results::RunDir& dir)
      : tail_(dir.folder() / "events.jsonl", kFirstLookBytes) {}

  void look(const std::string& label) {
    running_.label = label;
    const int64_t before = running_.step;
    const auto use = [this](const results::Event& event) { keep(event); };
    tail_.look(use, [this] { running_.step = 0; });
    if (running_.step == before) return;
    const auto now = Clock::now();
    const double seconds = std::chrono::duration<double>(now - advanced_).count();
    if (before > 0 && running_.step > before && seconds > 0)
      running_.steps_per_second = static_cast<double>(running_.step - before) / seconds;
    advanced_ = now;
  }

  const Running& running() const { return running_; }

 private:
  using Clock = std::chrono::steady_clock;
  // Enough for the last value of all that a run logs often, however long it has run.
  static constexpr uint64_t kFirstLookBytes = 64 << 10;

  void keep(const results::Event& event) {
    running_.step = std::max(running_.step, event.step);
    for (auto& [name, value] : running_.last)
      if (name == event.name) return void(value = event.value);
    running_.last.emplace_back(event.name, event.value);
  }

  results::EventTail tail_;
  Running running_;
  Clock::time_point advanced_ = Clock::now();  // when a new step was last seen
};

struct State {
  Counts counts;
  std::vector<Running> running;
  size_t total = 0;
};

using Followers = std::map<std::string, Follower>;  // by run

State state_of(harness::Workspace& workspace, const harness::Plan& plan, Followers& followers) {
  State state;
  state.total = plan.runs.size();
  for (const auto& run : plan.runs) {
    if (const results::Record* record = workspace.record(run.id)) {
      ++state.counts[std::string(results::name(record->outcome))];
      followers.erase(run.id);
      continue;
    }
    const results::RunDir dir = workspace.run_dir(run.id);
    const bool live = dir.exists() && results::Lease::holder(dir.folder() / "lease");
    ++state.counts[live ? "running" : "to run"];
    if (!live) continue;
    Follower& follower = followers.try_emplace(run.id, dir).first->second;
    follower.look(run.label.substr(run.label.find('/') + 1));
    state.running.push_back(follower.running());
  }
  return state;
}

// A run as a line of its own and, below, what it logged last, in as many lines as the room asks for.
std::string lines_of(const Running& run, size_t room) {
  std::string text = fmt::format("  {}  step {}", run.label, run.step);
  if (run.steps_per_second) text += fmt::format(", {:.3g} steps/s", *run.steps_per_second);
  std::string line;
  for (const auto& [name, value] : run.last) {
    const std::string item = fmt::format("{} {:.4g}", name, value);
    if (!line.empty() && line.size() + 2 + item.size() > room) {
      text += "\n" + line;
      line.clear();
    }
    line += (line.empty() ? "    " : "  ") + item;
  }
  return text + (line.empty() ? "" : "\n" + line) + "\n";
}

std::string line_of(const std::string& name, const State& state) {
  std::string text = fmt::format("{}: {} runs", name, state.total);
  for (const auto& [what, count] : state.counts) text += fmt::format(", {} {}", count, what);
  return text;
}

nlohmann::json as_json(const std::string& name, const State& state) {
  nlohmann::json running = nlohmann::json::array();
  for (const Running& run : state.running)
    running.push_back(
        {{"label", run.label},
         {"step", run.step},
         {"last", std::map<std::string, double>(run.last.begin(), run.last.end())},
         {"steps_per_second",
          run.steps_per_second ? nlohmann::json(*run.steps_per_second) : nlohmann::json()}});
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
  const bool redraw = watch && is_terminal();
  Followers followers;
  while (true) {
    workspace.refresh();
    const State state = state_of(workspace, workspace.plan(), followers);
    if (program.json) {
      std::cout << as_json(workspace.study().name, state).dump() << std::endl;
    } else {
      const size_t room = is_terminal() ? terminal_width() : kWideEnough;
      fmt::print("{}{}\n", redraw ? "\x1b[H\x1b[J" : "", line_of(workspace.study().name, state));
      for (const Running& run : state.running) fmt::print("{}", lines_of(run, room));
      std::fflush(stdout);
    }
    const bool over = !state.counts.contains("running") && !state.counts.contains("to run");
    if (!watch || over) return 0;
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }
}

}  // namespace saggio::cli
