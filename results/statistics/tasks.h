// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "results/random.h"
#include "results/statistics/statistics.h"
#include "results/study_data.h"

// Several tasks as one number per arm (Agarwal et al. 2021, arXiv:2108.13264): the interquartile
// mean over tasks x seeds, its interval by a bootstrap that draws runs within each task, and the
// probability of improvement. The percentile interval under-covers when a task has few runs, and
// whatever shows it says so.
namespace saggio::results {

// One list per task, of one value per run. +-infinity stands for a diverged run.
using TaskScores = std::span<const std::vector<double>>;

// The mean of the middle half: a quarter of the values, rounded down, is left out at each end.
double interquartile_mean(std::vector<double> values);
double interquartile_mean(TaskScores scores);  // of all tasks' runs together

// The mean over tasks of P(a run of `a` is better than one of `b`), a tie counting half: the
// Mann-Whitney U over the number of pairs. Throws unless both have the same tasks.
double probability_of_improvement(TaskScores a, TaskScores b, Goal goal);

// A draw: for every task as many of its runs as there are, with replacement.
using TaskDraw = std::vector<std::vector<uint32_t>>;
TaskDraw draw_within_tasks(TaskScores scores, Stream& stream);
std::vector<std::vector<double>> drawn(TaskScores scores, const TaskDraw& draw);

inline constexpr int kTaskDraws = 10000;

// One arm over all tasks, compared with the first.
struct OverTasks {
  std::string arm, label;
  int runs = 0, diverged = 0;  // finished with a value, or diverged, over all tasks
  double mean = 0;             // interquartile mean of the metric; infinite if too many diverged
  std::optional<Interval> interval;  // nothing if it has no run on one of the tasks
  // Against the first arm: the interquartile mean of the differences paired by seed within each
  // task (a diverged run counts as the worst difference seen in its task), and the probability of
  // improvement with its interval. Nothing of the first arm itself.
  double difference = 0, improvement = .5;
  std::optional<Interval> difference_interval, improvement_interval;
  int pairs = 0;
  std::string refused;  // why nothing, or no comparison, was computed
  std::vector<std::string> run_ids;
};

// `tasks` holds the same arms in the same order, two tasks or more; intervals are at `level`, drawn
// from fixed streams, so that the same runs give the same numbers. Throws std::invalid_argument if
// the arms differ.
std::vector<OverTasks> over_tasks(std::span<const StudyData> tasks, double level);

}  // namespace saggio::results
