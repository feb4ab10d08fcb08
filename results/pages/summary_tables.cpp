// SPDX-License-Identifier: MIT
#include "results/pages/summary_tables.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <limits>

#include "results/pages/number_text.h"
#include "results/pages/quantity.h"
#include "results/pages/table_cells.h"
#include "results/statistics/factorial.h"
#include "results/statistics/tasks.h"
#include "results/statistics/verdict.h"

namespace saggio::results {
namespace {

std::string per_cent(double level) { return fmt::format("{:.6g} %", 100 * level); }

Cell label_cell(std::string text, std::string note, std::vector<std::string> run_ids) {
  return {.parts = {std::move(text)}, .run_ids = std::move(run_ids), .note = std::move(note)};
}

// --- factorial designs

Cell effect_cell(const Effect& effect) {
  if (effect.seeds == 0) return nothing(4);
  Cell cell = difference_cell(effect.difference, effect.interval, 4);
  cell.values[3] = effect.seeds;
  cell.count = std::to_string(effect.seeds);
  return cell;
}

Row effect_row(const Effect& effect) {
  const std::string note =
      effect.diverged > 0 ? fmt::format("{}/{} diverged", effect.diverged, effect.seeds) : "";
  Row row{.name = fmt::format("{}", fmt::join(effect.components, ":")), .cells = {}};
  row.cells.push_back(
      label_cell(fmt::format("{}", fmt::join(effect.components, " × ")), note, effect.run_ids));
  Cell refused = nothing(4);
  refused.parts = {"refused"};
  row.cells.push_back(effect.refused.empty() ? effect_cell(effect) : refused);
  Cell p = nothing(2);
  if (effect.refused.empty())
    p = {.parts = {probability(effect.p_holm) + (effect.seeds < kLeastPairs ? "†" : "")},
         .values = {effect.p_holm, effect.p}};
  row.cells.push_back(p);
  row.cells.push_back({.parts = {std::to_string(effect.contexts)},
                       .values = {static_cast<double>(effect.contexts)}});
  for (size_t i = 1; i < row.cells.size(); ++i) row.cells[i].run_ids = effect.run_ids;
  return row;
}

void add_effect_notes(Table& table, const StudyData& study, const std::vector<Effect>& effects) {
  const bool ratio = study.metric.scale == Scale::kLogRatio;
  table.notes = {
      fmt::format("Effect of one component: {} averaged over all settings of the others, within a "
                  "seed, ± half width of its {} t-interval over seeds (seeds); {} means that it "
                  "helps.",
                  ratio ? "ln(on / off)" : "on − off",
                  per_cent(1 - study.alpha),
                  study.metric.goal == Goal::kMin ? "negative" : "positive"),
      "a × b: how much more a brings where b is on than where b is off.",
      fmt::format("p: two-sided sign-flip test over seeds, Holm-corrected over {} effects; α = {}.",
                  effects.size(),
                  study.alpha)};
  for (const Effect& effect : effects)
    if (!effect.refused.empty()) {
      table.notes.push_back("Refused: " + effect.refused + ".");
      break;
    }
  for (const Effect& effect : effects)
    if (effect.refused.empty() && effect.seeds < kLeastPairs) {
      table.notes.push_back("† n < 6: exploratory, decides nothing.");
      break;
    }
}

// --- several tasks

// A number with an interval that need not be symmetric around it.
Cell with_interval(double value, const Interval& interval, bool sign) {
  Cell cell{.parts = {}, .values = {value, interval.low, interval.high}};
  if (!std::isfinite(value)) {
    cell.parts = {"diverged"};
    return cell;
  }
  const bool finite = std::isfinite(interval.low) && std::isfinite(interval.high);
  // An interval that is rounding alone says nothing about digits.
  const double width = finite ? half_width(interval) : 0;
  const double half = width > 1e-9 * std::abs(value) ? width : 0;
  const auto text = [&](double number) {
    if (!std::isfinite(number)) return std::string(number > 0 ? "∞" : "−∞");
    const std::string digits = half > 0 ? to_the_digit_of(number, half) : significant(number, 4);
    return sign ? with_sign(digits) : digits;
  };
  cell.parts = {text(value), "[" + text(interval.low) + ",", text(interval.high) + "]"};
  return cell;
}

Row task_row(const OverTasks& arm, bool is_first) {
  const std::string note =
      arm.diverged > 0 ? fmt::format("{}/{} diverged", arm.diverged, arm.runs) : "";
  const bool compared = arm.refused.empty() && !is_first;
  Cell refused = nothing(3);
  if (!arm.refused.empty()) refused.parts = {"refused"};
  Row row{.name = arm.arm, .cells = {label_cell(arm.label, note, arm.run_ids)}};
  row.cells.push_back(arm.interval ? with_interval(arm.mean, *arm.interval, false) : refused);
  row.cells.push_back(compared ? with_interval(arm.difference, *arm.difference_interval, true)
                               : refused);
  row.cells.push_back(compared ? with_interval(arm.improvement, *arm.improvement_interval, false)
                               : refused);
  row.cells.push_back(
      {.parts = {std::to_string(arm.runs)}, .values = {static_cast<double>(arm.runs)}});
  for (size_t i = 1; i < row.cells.size(); ++i) row.cells[i].run_ids = arm.run_ids;
  return row;
}

void add_task_notes(Table& table, std::span<const StudyData> tasks, double level) {
  const StudyData& first = tasks.front();
  std::vector<std::string> names;
  for (const StudyData& task : tasks) names.push_back(task.task);
  const std::string baseline = first.arms.empty() ? "the first arm" : first.arms.front().label;
  table.notes = {
      fmt::format("Tasks: {}. Means are interquartile: over all runs of all tasks, without the "
                  "best and the worst quarter (Agarwal et al. 2021).",
                  fmt::join(names, ", ")),
      fmt::format("[low, high]: {} percentile interval of {} bootstrap draws of runs within each "
                  "task. It under-covers when a task has few runs: read it as a description, not "
                  "as a test; the tests are in each task's own table.",
                  per_cent(level),
                  grouped(kTaskDraws)),
      fmt::format("Δ: the same mean of {} over pairs of runs with the same seed and task; {} is "
                  "better. A diverged run counts as the worst difference seen in its task.",
                  first.metric.scale == Scale::kLogRatio ? fmt::format("ln(arm / {})", baseline)
                                                         : fmt::format("arm − {}", baseline),
                  first.metric.goal == Goal::kMin ? "negative" : "positive"),
      fmt::format("P(better): that a run of the arm is better than one of {} on the same task, "
                  "mean over tasks; a tie counts half.",
                  baseline)};
  table.notes.push_back(
      "The means of the metric itself say something only if its scale is the same on every task.");
}

}  // namespace

Table effects_table(const StudyData& study) {
  const std::vector<Effect> effects = factorial_effects(study);
  Table table{
      .name = "effects", .study = study.name, .title = study.name + ": what each component brings"};
  const bool ratio = study.metric.scale == Scale::kLogRatio;
  table.columns = {
      {.name = "component", .header = "component", .align = Align::kLeft},
      {.name = "effect",
       .header = "effect on " + quantity_label(study.metric.name).text + goal_mark(study.metric),
       .unit = ratio ? "ln ratio" : "",
       .fields = {"", "low", "high", "seeds"}},
      {.name = "p", .header = "p", .fields = {"", "uncorrected"}},
      {.name = "contexts", .header = "settings", .fields = {""}}};
  for (const Effect& effect : effects) table.rows.push_back(effect_row(effect));
  add_effect_notes(table, study, effects);
  return table;
}

Table tasks_table(const std::string& name,
                  const std::string& question,
                  std::span<const StudyData> tasks) {
  const double alpha = tasks.front().alpha * static_cast<double>(tasks.size());
  const double level = 1 - std::min(alpha, .5);
  Table table{
      .name = "tasks",
      .study = name,
      .title = fmt::format(
          "{}, {} tasks together{}", name, tasks.size(), question.empty() ? "" : ": " + question)};
  const Metric& metric = tasks.front().metric;
  const std::vector<std::string> fields = {"", "low", "high"};
  table.columns = {{.name = "arm", .header = "arm", .align = Align::kLeft},
                   {.name = metric.name,
                    .header = quantity_label(metric.name).text + goal_mark(metric),
                    .fields = fields},
                   {.name = "delta",
                    .header = "Δ",
                    .unit = metric.scale == Scale::kLogRatio ? "ln ratio" : "",
                    .fields = fields},
                   {.name = "improvement", .header = "P(better)", .fields = fields},
                   {.name = "runs", .header = "runs", .fields = {""}}};
  const std::vector<OverTasks> arms = over_tasks(tasks, level);
  for (size_t i = 0; i < arms.size(); ++i) {
    table.rows.push_back(task_row(arms[i], i == 0));
  }
  add_task_notes(table, tasks, level);
  for (const OverTasks& arm : arms)
    if (!arm.refused.empty())
      table.notes.push_back(fmt::format("{}: refused, {}.", arm.label, arm.refused));
  return table;
}

}  // namespace saggio::results
