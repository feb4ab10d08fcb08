// SPDX-License-Identifier: MIT
#include "experiments/harness/launcher.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <deque>
#include <fstream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "experiments/harness/worker_process.h"
#include "results/store/environment.h"
#include "results/store/record_json.h"
#include "results/store/run_dir.h"

namespace saggio::harness {
namespace {

using Clock = std::chrono::steady_clock;
using Json = nlohmann::json;
using results::Outcome;
using results::Record;

constexpr double kGraceSeconds = 30;  // between asking a run to stop and ending its worker

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// One worker and the run that it has in hand.
struct Seat {
  std::unique_ptr<WorkerProcess> worker;
  const RunSpec* run = nullptr;
  Clock::time_point started;
  std::optional<Clock::time_point> asked_to_stop;
  double fraction = 0;
};

class Pool {
 public:
  Pool(const Study& study,
       Workspace& workspace,
       const LaunchOptions& options,
       const Observer& observer,
       const std::atomic<int>& interrupted)
      : study_(study),
        workspace_(workspace),
        options_(options),
        observer_(observer),
        interrupted_(interrupted),
        environment_(workspace.environment()),
        seats_(static_cast<size_t>(std::max(1, options.jobs))) {}

  LaunchReport run() {
    // Tuning makes a plan in rounds: the arms follow from the trials, of which those that are there
    // already do not count if all is forced.
    do {
      plan_ = workspace_.plan();
      trials_ = trials();
      trials_only_ = plan_.waiting_for_tuning || (options_.force && !all_trials_tried());
      queue_missing();
      work_off();
      workspace_.refresh();
    } while (trials_only_ && report_.why_stopped.empty() && all_trials_recorded());
    return report_;
  }

 private:
  std::set<std::string> trials() const {
    std::set<std::string> ids;
    for (const Tuning& tuning : plan_.tunings)
      for (const Tuning::Trial& trial : tuning.trials)
        ids.insert(trial.run_ids.begin(), trial.run_ids.end());
    return ids;
  }
  bool all_trials_recorded() const {
    return std::all_of(trials_.begin(), trials_.end(), [&](const std::string& id) {
      return workspace_.record(id) != nullptr;
    });
  }
  bool all_trials_tried() const {
    return std::includes(tried_.begin(), tried_.end(), trials_.begin(), trials_.end());
  }

  bool is_wanted(const RunSpec& run) const {
    if (trials_only_) return trials_.contains(run.id);
    if (options_.only.empty()) return true;
    const auto names = [&](const PlannedArm& arm) {
      return std::any_of(options_.only.begin(), options_.only.end(), [&](const std::string& name) {
        return is_called(arm, name);
      });
    };
    for (const PlannedArm& arm : plan_.arms)
      if (names(arm) &&
          std::find(arm.run_ids.begin(), arm.run_ids.end(), run.id) != arm.run_ids.end())
        return true;
    return false;
  }

  bool is_missing(const RunSpec& run) const {
    if (options_.force) return !forced_.contains(run.id);
    const Record* record = workspace_.record(run.id);
    return record == nullptr || record->outcome == Outcome::kFailed ||
           record->outcome == Outcome::kStopped;
  }

  void queue_missing() {
    for (const RunSpec& run : plan_.runs) {
      if (!is_wanted(run)) continue;
      if (is_missing(run) && !tried_.contains(run.id))
        queue_.push_back(&run);
      else if (!tried_.contains(run.id) && counted_.insert(run.id).second)
        ++report_.progress.reused;
    }
    report_.progress.total = report_.progress.reused + tried_.size() + queue_.size();
  }

  void work_off() {
    while (!queue_.empty() || any_running()) {
      stop_if_asked();
      if (report_.why_stopped.empty())
        fill_seats();
      else
        queue_.clear();
      wait_for_replies();
      for (Seat& seat : seats_) serve(seat);
      tick();
    }
  }

  bool any_running() const {
    return std::any_of(
        seats_.begin(), seats_.end(), [](const Seat& seat) { return seat.run != nullptr; });
  }

  void stop(const std::string& why, bool interrupted) {
    if (report_.why_stopped.empty()) {
      report_.why_stopped = why;
      report_.interrupted = interrupted;
    }
    for (Seat& seat : seats_) {
      if (seat.run == nullptr || seat.asked_to_stop) continue;
      seat.worker->send({{"do", "stop"}, {"why", results::name(Outcome::kStopped)}});
      seat.asked_to_stop = Clock::now();
    }
  }

  void stop_if_asked() {
    if (interrupted_ > 0) stop("interrupted", true);
    if (study_.total_seconds > 0 && seconds_since(started_) > study_.total_seconds)
      stop(fmt::format("the study's time limit of {:g} s is over", study_.total_seconds), true);
    for (Seat& seat : seats_) {
      if (seat.run == nullptr) continue;
      const bool late_to_stop =
          seat.asked_to_stop &&
          (interrupted_ > 1 || seconds_since(*seat.asked_to_stop) > kGraceSeconds);
      const bool over_budget = study_.per_run_seconds > 0 &&
                               seconds_since(seat.started) > study_.per_run_seconds + kGraceSeconds;
      if (late_to_stop || over_budget) seat.worker->kill();
    }
  }

  void fill_seats() {
    for (Seat& seat : seats_) {
      if (seat.run != nullptr || queue_.empty()) continue;
      const RunSpec* run = queue_.front();
      queue_.pop_front();
      tried_.insert(run->id);
      start(seat, *run);
    }
  }

  void start(Seat& seat, const RunSpec& run) {
    const results::RunDir dir = workspace_.run_dir(run.id);
    if (options_.force || (dir.exists() && dir.committed())) dir.remove();
    forced_.insert(run.id);
    dir.create(to_json(run));
    write_environment(dir, run);
    Json files = Json::object();
    for (const auto& [key, path] : workspace_.files(run.config)) files[key] = path.string();
    if (seat.worker == nullptr)
      seat.worker = std::make_unique<WorkerProcess>(workspace_.setup().worker, study_.threads);
    seat.worker->send({{"do", "run"},
                       {"folder", dir.folder().string()},
                       {"files", files},
                       {"budget", study_.per_run_seconds},
                       {"checkpoint", options_.checkpoint_seconds}});
    seat.run = &run;
    seat.started = Clock::now();
    seat.asked_to_stop.reset();
    seat.fraction = 0;
  }

  void write_environment(const results::RunDir& dir, const RunSpec& run) {
    environment_["label"] = run.label;
    const std::filesystem::path file = dir.folder() / "env.json";
    std::ofstream out(file, std::ios::binary);
    out << results::pretty(environment_);
    if (!out.flush())
      throw std::runtime_error(
          fmt::format("{}: cannot be written; is the disk full?", file.string()));
  }

  void wait_for_replies() {
    std::vector<pollfd> descriptors;
    for (const Seat& seat : seats_)
      if (seat.run != nullptr) descriptors.push_back({seat.worker->descriptor(), POLLIN, 0});
    if (!descriptors.empty()) ::poll(descriptors.data(), descriptors.size(), 200);
  }

  void serve(Seat& seat) {
    if (seat.run == nullptr) return;
    while (const auto reply = seat.worker->receive()) {
      const std::string event = reply->value("event", "");
      if (event == "progress") seat.fraction = fraction_of(*reply);
      if (event == "done")
        return finish(seat, Outcome{results::outcome_from_name(reply->value("outcome", "failed"))});
      if (event == "error") return refuse(seat, *reply);
    }
    if (seat.worker->ended()) crash(seat);
  }

  static double fraction_of(const Json& reply) {
    const double total = reply.value("total", 0.);
    return total > 0 ? std::clamp(reply.value("done", 0.) / total, 0., 1.) : 0;
  }

  void finish(Seat& seat, Outcome outcome) {
    const RunSpec& run = *seat.run;
    seat.run = nullptr;
    if (outcome == Outcome::kStopped) return;
    const auto record = workspace_.run_dir(run.id).record();
    count(run,
          record.value_or(Record{.outcome = Outcome::kFailed, .message = "its record is missing"}),
          seconds_since(seat.started));
  }

  // The worker could not even begin, or could not write: nothing is recorded, so the run stays
  // missing.
  void refuse(Seat& seat, const Json& reply) {
    const RunSpec& run = *seat.run;
    const std::string message = reply.value("message", "the worker gave no reason");
    seat.run = nullptr;
    if (seat.asked_to_stop) return;
    if (reply.value("kind", "") == "device") {
      report_.device_missing = true;
      stop(message, false);
      return;
    }
    count(
        run, Record{.outcome = Outcome::kFailed, .message = message}, seconds_since(seat.started));
  }

  // The worker died under the run. Asked to stop, it leaves its checkpoint; over its time, that is
  // the outcome; else a failure.
  void crash(Seat& seat) {
    const RunSpec& run = *seat.run;
    const bool was_asked = seat.asked_to_stop.has_value();
    const double seconds = seconds_since(seat.started);
    const std::string end = seat.worker->how_it_ended();
    seat.run = nullptr;
    seat.worker.reset();
    if (was_asked) return;
    const bool over_budget = study_.per_run_seconds > 0 && seconds > study_.per_run_seconds;
    Record record;
    record.outcome = over_budget ? Outcome::kBudgetExhausted : Outcome::kFailed;
    record.message = over_budget ? fmt::format("did not stop at its time limit of {:g} s",
                                               study_.per_run_seconds)
                                 : fmt::format("its worker was {}; see log.txt", end);
    workspace_.run_dir(run.id).commit(record);
    count(run, record, seconds);
  }

  void count(const RunSpec& run, const Record& record, double seconds) {
    Progress& progress = report_.progress;
    switch (record.outcome) {
      case Outcome::kFinished:
        ++progress.finished;
        break;
      case Outcome::kDiverged:
        ++progress.diverged;
        break;
      case Outcome::kBudgetExhausted:
        ++progress.over_budget;
        break;
      default:
        ++progress.failed;
    }
    run_seconds_.push_back(seconds);
    tick();
    if (observer_.done) observer_.done(run, record, progress);
    if (record.outcome == Outcome::kFailed && study_.stop_on_failure)
      stop("a run failed and the study says on_fail = \"stop\"", false);
  }

  void tick() {
    Progress& progress = report_.progress;
    progress.running.clear();
    double running_left = 0;
    for (const Seat& seat : seats_) {
      if (seat.run == nullptr) continue;
      progress.running.push_back({seat.run->label, seat.fraction, seat.run->id});
      running_left += 1 - seat.fraction;
    }
    progress.seconds = seconds_since(started_);
    if (const auto typical = typical_seconds())
      progress.seconds_left = *typical * (static_cast<double>(queue_.size()) + running_left) /
                              static_cast<double>(seats_.size());
    if (observer_.tick) observer_.tick(progress);
  }

  // The mean of the runs so far; before the first has ended, what its progress promises, or what
  // past runs took.
  std::optional<double> typical_seconds() const {
    if (!run_seconds_.empty()) {
      double sum = 0;
      for (const double seconds : run_seconds_) sum += seconds;
      return sum / static_cast<double>(run_seconds_.size());
    }
    for (const Seat& seat : seats_)
      if (seat.run != nullptr && seat.fraction > .02)
        return seconds_since(seat.started) / seat.fraction;
    return std::nullopt;
  }

  const Study& study_;
  Workspace& workspace_;
  const LaunchOptions& options_;
  const Observer& observer_;
  const std::atomic<int>& interrupted_;
  Json environment_;
  std::vector<Seat> seats_;
  Plan plan_;
  std::set<std::string> trials_;      // of plan_
  bool trials_only_ = false;          // in this round
  std::deque<const RunSpec*> queue_;  // into plan_
  std::set<std::string> tried_, forced_, counted_;
  std::vector<double> run_seconds_;
  Clock::time_point started_ = Clock::now();
  LaunchReport report_;
};

}  // namespace

LaunchReport launch(const Study& study,
                    Workspace& workspace,
                    const LaunchOptions& options,
                    const Observer& observer,
                    const std::atomic<int>& interrupted) {
  std::filesystem::create_directories(workspace.study_folder());
  std::string holder;
  const auto lock = results::Lease::take(workspace.study_folder() / "lock", &holder);
  if (!lock)
    throw StudyBusy(fmt::format(
        "{}: {} runs this study now; wait for it, or stop it there and type the same again",
        workspace.study_folder().string(),
        holder));
  workspace.extend();
  return Pool(study, workspace, options, observer, interrupted).run();
}

}  // namespace saggio::harness
