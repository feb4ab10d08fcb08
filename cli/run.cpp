// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <thread>

#include "cli/program.h"
#include "cli/tensorboard.h"
#include "experiments/harness/launcher.h"
#include "experiments/harness/module.h"
#include "results/statistics/analysis.h"

namespace saggio::cli {
namespace {

std::atomic<int> interruptions = 0;

void interrupt(int) { ++interruptions; }

void catch_signals() {
  struct sigaction action {};
  action.sa_handler = interrupt;
  for (const int number : {SIGINT, SIGTERM}) ::sigaction(number, &action, nullptr);
}

// One live line on a terminal; plain lines elsewhere.
class Screen {
 public:
  Screen(bool quiet, std::string metric)
      : live_(!quiet && is_terminal()), quiet_(quiet), metric_(std::move(metric)) {}
  ~Screen() { clear(); }

  void tick(const harness::Progress& p) {
    if (!live_) return;
    const size_t ended = p.reused + p.finished + p.diverged + p.over_budget + p.failed;
    double share = static_cast<double>(ended);
    for (const auto& run : p.running) share += run.fraction;
    share /= static_cast<double>(std::max<size_t>(p.total, 1));
    constexpr int kBar = 24;
    const int filled = static_cast<int>(std::lround(share * kBar));
    std::string bar;
    for (int i = 0; i < kBar; ++i) bar += i < filled ? "━" : "─";
    std::string line = fmt::format(" {}/{} runs", ended, p.total);
    if (p.failed + p.diverged > 0)
      line += fmt::format(", {} failed, {} diverged", p.failed, p.diverged);
    line += ", " + duration(p.seconds);
    if (p.seconds_left >= 0) line += ", about " + duration(p.seconds_left) + " left";
    if (!p.running.empty()) line += fmt::format("  {}", p.running.front().label);
    const size_t room = terminal_width() - kBar - 1;
    if (line.size() > room) line.resize(room);
    fmt::print("\r\x1b[K{}{}", bar, line);
    std::fflush(stdout);
  }

  void done(const harness::RunSpec& run,
            const results::Record& record,
            const harness::Progress& p) {
    using results::Outcome;
    const bool good = record.outcome == Outcome::kFinished;
    if (!good) {
      tell_failure(run, record, p);
    } else if (!live_ && !quiet_) {
      const size_t ended = p.reused + p.finished + p.diverged + p.over_budget + p.failed;
      fmt::print("[{}/{}] {}  {}{}\n",
                 ended,
                 p.total,
                 run.label,
                 duration(record.ledger.total("seconds")),
                 p.seconds_left > 0 ? ", about " + duration(p.seconds_left) + " left" : "");
      std::fflush(stdout);
    }
    if (good) check_metric(run, record);
    for (const std::string& warning : record.warnings)
      if (shown_.insert(warning).second) {
        clear();
        std::cerr << "warning: " << run.label << ": " << warning << "\n";
      }
  }

  // Failures that were told once only.
  void tell_repeated() {
    for (const auto& [what, count] : told_)
      if (count > 1) std::cerr << fmt::format("{} runs {}\n", count, what);
  }

  void clear() {
    if (live_) fmt::print("\r\x1b[K");
    std::fflush(stdout);
  }

 private:
  void tell_failure(const harness::RunSpec& run,
                    const results::Record& record,
                    const harness::Progress& p) {
    const std::string what = fmt::format("{}: {}", results::name(record.outcome), record.message);
    if (++told_[what] > 1) return;
    clear();
    std::cerr << fmt::format("{}: {}\n", run.label, what);
    if (record.outcome == results::Outcome::kFailed && p.failed == 1)
      std::cerr << "  more: saggio show " << harness::folder_name(run.id) << "\n";
  }

  // A metric that no run brings would be noticed only when all have been computed.
  void check_metric(const harness::RunSpec& run, const results::Record& record) {
    if (checked_metric_ || results::value({.record = record}, metric_)) return;
    checked_metric_ = true;
    std::string known;
    for (const auto& [name, value] : record.metrics) known += (known.empty() ? "" : ", ") + name;
    clear();
    std::cerr << fmt::format(
        "warning: {}: no '{}' in it, which is the study's metric; it has: {}\n",
        run.label,
        metric_,
        known.empty() ? "no metric" : known);
  }

  bool live_, quiet_;
  std::string metric_;
  bool checked_metric_ = false;
  std::set<std::string> shown_;
  std::map<std::string, int> told_;  // "failed: message" -> how often
};

// Event files beside the runs. They are a copy: a disk that is full for them stops no run.
class Mirror {
 public:
  Mirror(harness::Workspace& workspace, const std::string& folder, Screen& screen)
      : screen_(screen) {
    if (folder.empty()) return;
    files_.emplace(workspace, folder);
    attempt([&] { files_->copy_all(workspace.plan()); });
  }

  void follow(const harness::Progress& progress) {
    for (const auto& run : progress.running) attempt([&] { files_->follow(run.id, run.label); });
  }

  void end(const harness::RunSpec& run) {
    attempt([&] { files_->end(run.id, run.label); });
  }

 private:
  template <typename Action>
  void attempt(const Action& action) {
    if (!files_) return;
    try {
      action();
    } catch (const std::exception& error) {
      screen_.clear();
      std::cerr << "warning: no TensorBoard files any more: " << error.what() << "\n";
      files_.reset();
    }
  }

  Screen& screen_;
  std::optional<EventFiles> files_;
};

std::string summary(const harness::Progress& p) {
  std::string text = fmt::format("{} runs: {} finished", p.total, p.finished);
  if (p.reused > 0) text += fmt::format(", {} were there already", p.reused);
  if (p.diverged > 0) text += fmt::format(", {} diverged", p.diverged);
  if (p.over_budget > 0) text += fmt::format(", {} over their time", p.over_budget);
  if (p.failed > 0) text += fmt::format(", {} failed", p.failed);
  const size_t ended = p.reused + p.finished + p.diverged + p.over_budget + p.failed;
  if (ended < p.total) text += fmt::format(", {} to go", p.total - ended);
  return text + " (" + duration(p.seconds) + ")";
}

void check_arms(const std::vector<std::string>& only, const harness::Plan& plan) {
  std::vector<std::string> known;
  for (const auto& arm : plan.arms)
    for (const std::string& name : {arm.name, full_name(arm)}) known.push_back(name);
  for (const std::string& name : only)
    if (std::find(known.begin(), known.end(), name) == known.end())
      throw std::invalid_argument(fmt::format("--only {}: no such arm{}; saggio plan lists them",
                                              name,
                                              harness::did_you_mean(name, known)));
}

// Gate G3, before anything is computed in vain.
void warn_of_unfair_arms(harness::Workspace& workspace, const harness::Plan& plan) {
  const bool all_there = std::all_of(plan.runs.begin(), plan.runs.end(), [&](const auto& run) {
    return workspace.record(run.id) != nullptr;
  });
  if (all_there) return;
  try {
    for (const harness::GateResult& gate : workspace.fairness(plan))
      if (gate.status == harness::GateResult::Status::kFailed)
        std::cerr << "warning: " << gate.gate << ": " << gate.message << "\n";
  } catch (const std::runtime_error& error) {  // what the runs will say better, such as no device
    std::cerr << "warning: G3 was not tried: " << error.what() << "\n";
  }
}

}  // namespace

int run(const Program& program, const std::string& study, const RunOptions& options) {
  const harness::Setup setup = program.setup();
  harness::Workspace workspace(load_study(program, study, options.overrides, setup), setup);
  const harness::Plan plan = workspace.plan();
  check_arms(options.only, plan);
  warn_of_unfair_arms(workspace, plan);
  const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  const harness::LaunchOptions launch_options{
      .jobs = options.jobs > 0 ? options.jobs : std::max(1, cores / workspace.study().threads),
      .only = options.only,
      .force = options.force,
      .checkpoint_seconds = options.checkpoint_seconds};
  catch_signals();
  Screen screen(program.quiet || program.json, workspace.study().metric.name);
  Mirror mirror(workspace, options.tensorboard, screen);
  const harness::Observer observer{.tick =
                                       [&](const auto& progress) {
                                         mirror.follow(progress);
                                         screen.tick(progress);
                                       },
                                   .done =
                                       [&](const auto& spec, const auto& record, const auto& p) {
                                         mirror.end(spec);
                                         screen.done(spec, record, p);
                                       }};
  const harness::LaunchReport report =
      harness::launch(workspace.study(), workspace, launch_options, observer, interruptions);
  screen.clear();
  screen.tell_repeated();
  const auto& p = report.progress;
  if (program.json) {
    std::cout << nlohmann::json{{"total", p.total},
                                {"reused", p.reused},
                                {"finished", p.finished},
                                {"diverged", p.diverged},
                                {"over_budget", p.over_budget},
                                {"failed", p.failed},
                                {"stopped", report.why_stopped}}
                     .dump()
              << "\n";
  } else {
    fmt::print("{}\n", summary(p));
  }
  if (report.device_missing) throw harness::DeviceMissing(report.why_stopped);
  if (!report.why_stopped.empty())
    std::cerr << fmt::format("{}; nothing is lost, type the same again to go on\n",
                             report.why_stopped);
  if (report.interrupted) return 75;
  return p.failed > 0 ? 1 : 0;
}

}  // namespace saggio::cli
