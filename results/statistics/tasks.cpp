// SPDX-License-Identifier: MIT
#include "results/statistics/tasks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "results/statistics/reading.h"
#include "results/statistics/resampling.h"

namespace saggio::results {
namespace {

using Scores = std::vector<std::vector<double>>;

void require_tasks(TaskScores scores) {
  if (scores.empty()) throw std::invalid_argument("0 tasks, needs 1 or more");
  for (size_t i = 0; i < scores.size(); ++i)
    if (scores[i].empty())
      throw std::invalid_argument(fmt::format("task {} has 0 runs, needs 1 or more", i + 1));
}

// How many of `a` are better than how many of `b`, of all pairs.
double share_better(const std::vector<double>& a, const std::vector<double>& b, Goal goal) {
  double wins = 0;
  for (const double one : a)
    for (const double other : b)
      wins += one == other ? .5 : (goal == Goal::kMin) == (one < other) ? 1 : 0;
  return wins / static_cast<double>(a.size() * b.size());
}

// The scores of one arm on every task, and who gave them.
struct ArmScores {
  Scores values;
  int diverged = 0;
  std::vector<std::string> run_ids;
};

ArmScores scores_of(std::span<const StudyData> tasks, size_t arm) {
  ArmScores scores;
  for (const StudyData& task : tasks) {
    std::vector<double>& values = scores.values.emplace_back();
    for (const auto& [seed, run] : by_seed(task.arms[arm])) {
      const Reading reading = read(*run, task.metric.name);
      if (!ran(reading)) continue;
      constexpr double kInfinity = std::numeric_limits<double>::infinity();
      const double worst = task.metric.goal == Goal::kMin ? kInfinity : -kInfinity;
      scores.diverged += reading.state == State::kDiverged;
      values.push_back(reading.state == State::kDiverged ? worst : reading.value);
      scores.run_ids.push_back(run->id);
    }
  }
  return scores;
}

// The differences of one arm to the first, by seed within each task, diverged ones replaced.
Scores differences_of(std::span<const StudyData> tasks, size_t arm, std::string& refused) {
  Scores all;
  for (const StudyData& task : tasks) {
    std::vector<double>& differences = all.emplace_back();
    const auto baseline = by_seed(task.arms.front());
    for (const auto& [seed, run] : by_seed(task.arms[arm])) {
      const auto other = baseline.find(seed);
      if (other == baseline.end()) continue;
      const Reading a = read(*run, task.metric.name), b = read(*other->second, task.metric.name);
      if (!ran(a) || !ran(b)) continue;
      constexpr double kInfinity = std::numeric_limits<double>::infinity();
      const double bad = task.metric.goal == Goal::kMin ? kInfinity : -kInfinity;
      if (a.state != b.state)
        differences.push_back(a.state == State::kDiverged ? bad : -bad);
      else if (a.state == State::kDiverged)
        differences.push_back(0);
      else if (task.metric.scale == Scale::kLogRatio && !(a.value > 0 && b.value > 0))
        refused = "a log ratio needs positive values";
      else
        differences.push_back(difference(a.value, b.value, task.metric.scale));
    }
    if (differences.empty() && refused.empty())
      refused = fmt::format("no seed that both arms ran in {}", task.name);
    if (!differences.empty()) differences = tested_differences(differences);
  }
  return all;
}

template <typename Statistic>
Interval bootstrap(double level, Stream stream, const Statistic& statistic) {
  std::vector<double> values(kTaskDraws);
  for (double& value : values) value = statistic(stream);
  return percentile_interval(std::move(values), level);
}

Interval bootstrap_of_mean(const Scores& scores, double level, Stream stream) {
  return bootstrap(level, stream, [&scores](Stream& from) {
    return interquartile_mean(drawn(scores, draw_within_tasks(scores, from)));
  });
}

void compare_with_first(OverTasks& result,
                        const Scores& scores,
                        const Scores& baseline,
                        std::span<const StudyData> tasks,
                        size_t arm,
                        double level) {
  const Stream stream = Stream(0).split(result.arm);
  const Goal goal = tasks.front().metric.goal;
  const bool mixed = std::any_of(tasks.begin(), tasks.end(), [](const StudyData& task) {
    return task.mixed_code && !task.allow_mixed_code;
  });
  if (mixed) result.refused = "runs of more than one build";
  const Scores differences = differences_of(tasks, arm, result.refused);
  if (!result.refused.empty()) return;
  for (const auto& one : differences) result.pairs += static_cast<int>(one.size());
  result.difference = interquartile_mean(differences);
  result.difference_interval = bootstrap_of_mean(differences, level, stream.split("pairs"));
  result.improvement = probability_of_improvement(scores, baseline, goal);
  result.improvement_interval = bootstrap(level, stream.split("improvement"), [&](Stream& from) {
    const Scores a = drawn(scores, draw_within_tasks(scores, from));
    return probability_of_improvement(a, drawn(baseline, draw_within_tasks(baseline, from)), goal);
  });
}

void require_same_arms(std::span<const StudyData> tasks) {
  if (tasks.size() < 2)
    throw std::invalid_argument(fmt::format("{} tasks, needs 2 or more", tasks.size()));
  for (const StudyData& task : tasks) {
    const bool same = std::equal(task.arms.begin(),
                                 task.arms.end(),
                                 tasks.front().arms.begin(),
                                 tasks.front().arms.end(),
                                 [](const Arm& a, const Arm& b) { return a.name == b.name; });
    if (!same)
      throw std::invalid_argument(
          fmt::format("'{}' and '{}' have different arms", tasks.front().name, task.name));
  }
}

}  // namespace

double interquartile_mean(std::vector<double> values) {
  if (values.empty()) throw std::invalid_argument("0 values, needs 1 or more");
  const auto cut = static_cast<int64_t>(values.size() / 4);
  std::sort(values.begin(), values.end());
  const double sum = std::accumulate(values.begin() + cut, values.end() - cut, 0.);
  return sum / static_cast<double>(std::ssize(values) - 2 * cut);
}

double interquartile_mean(TaskScores scores) {
  std::vector<double> all;
  for (const auto& task : scores) all.insert(all.end(), task.begin(), task.end());
  return interquartile_mean(std::move(all));
}

double probability_of_improvement(TaskScores a, TaskScores b, Goal goal) {
  require_tasks(a);
  require_tasks(b);
  if (a.size() != b.size())
    throw std::invalid_argument(
        fmt::format("{} tasks against {}, must be the same", a.size(), b.size()));
  double sum = 0;
  for (size_t task = 0; task < a.size(); ++task) sum += share_better(a[task], b[task], goal);
  return sum / static_cast<double>(a.size());
}

TaskDraw draw_within_tasks(TaskScores scores, Stream& stream) {
  require_tasks(scores);
  TaskDraw draw;
  for (const auto& task : scores) {
    std::vector<uint32_t>& runs = draw.emplace_back(task.size());
    for (uint32_t& run : runs) run = static_cast<uint32_t>(stream.below(task.size()));
  }
  return draw;
}

std::vector<std::vector<double>> drawn(TaskScores scores, const TaskDraw& draw) {
  if (draw.size() != scores.size())
    throw std::invalid_argument(
        fmt::format("a draw of {} tasks for {}", draw.size(), scores.size()));
  Scores values;
  for (size_t task = 0; task < draw.size(); ++task) {
    std::vector<double>& runs = values.emplace_back();
    for (const uint32_t run : draw[task]) runs.push_back(scores[task].at(run));
  }
  return values;
}

std::vector<OverTasks> over_tasks(std::span<const StudyData> tasks, double level) {
  require_same_arms(tasks);
  std::vector<OverTasks> results;
  if (tasks.front().arms.empty()) return results;
  const ArmScores first = scores_of(tasks, 0);
  for (size_t arm = 0; arm < tasks.front().arms.size(); ++arm) {
    const Arm& here = tasks.front().arms[arm];
    const ArmScores scores = scores_of(tasks, arm);
    OverTasks& result = results.emplace_back();
    result.arm = here.name;
    result.label = here.label.empty() ? here.name : here.label;
    result.diverged = scores.diverged;
    result.run_ids = scores.run_ids;
    result.runs = static_cast<int>(scores.run_ids.size());
    for (size_t task = 0; task < tasks.size(); ++task)
      if (scores.values[task].empty())
        result.refused = fmt::format("no run of {} in {}", here.name, tasks[task].name);
    if (!result.refused.empty()) continue;
    result.mean = interquartile_mean(scores.values);
    result.interval =
        bootstrap_of_mean(scores.values, level, Stream(0).split(here.name).split("mean"));
    if (arm > 0) compare_with_first(result, scores.values, first.values, tasks, arm, level);
  }
  return results;
}

}  // namespace saggio::results
