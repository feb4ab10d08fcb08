// SPDX-License-Identifier: MIT
#include "results/pages/table_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "results/pages/quantity.h"
#include "results/pages/table_cells.h"
#include "results/pages/table_notes.h"

namespace saggio::results {
namespace {

const ComparisonColumn* comparison_column(const std::string& column) {
  for (const ComparisonColumn& each : comparison_columns()) {
    if (each.name == column) return &each;
  }
  return nullptr;
}

bool is_count_of_runs(const std::string& column) { return column == "n" || column == "diverged"; }

bool is_quantity(const std::string& column) {
  return comparison_column(column) == nullptr && !is_count_of_runs(column);
}

std::set<std::string> carried(const StudyData& study) {
  std::set<std::string> names;
  for (const Arm& arm : study.arms) {
    for (const RunResult& run : arm.runs) {
      for (const auto& [name, value] : run.record.metrics) names.insert(name);
      for (const auto& [component, quantities] : run.record.ledger.components()) {
        for (const auto& [name, value] : quantities) names.insert(name);
      }
    }
  }
  return names;
}

// A study without any number yet (nothing has run, everything failed) has no wrong columns.
bool is_carried(const std::set<std::string>& names, const std::string& column) {
  return names.empty() || names.count(quantity_of(column)) > 0;
}

void check_metric(const StudyData& study) {
  const std::set<std::string> names = carried(study);
  if (is_carried(names, study.metric.name)) return;
  throw std::invalid_argument(
      fmt::format("study '{}': no run carries its metric '{}'; there are: {}",
                  study.name,
                  study.metric.name,
                  fmt::join(names, ", ")));
}

// The columns that stay empty, and what could stand there.
std::string missing_note(const StudyData& study, const std::vector<std::string>& columns) {
  const std::set<std::string> names = carried(study);
  std::vector<std::string> missing;
  for (const std::string& column : columns)
    if (is_quantity(column) && !is_carried(names, column)) missing.push_back(column);
  if (missing.empty()) return "";
  std::vector<std::string_view> others{"n", "diverged"};
  for (const ComparisonColumn& each : comparison_columns()) others.push_back(each.name);
  return fmt::format("No run carries {}; there are: {}; and for every study: {}.",
                     fmt::join(missing, ", "),
                     fmt::join(names, ", "),
                     fmt::join(others, ", "));
}

const std::vector<Summary>& summaries_of(const StudyData& study,
                                         const StudyNumbers& numbers,
                                         const std::string& quantity) {
  const auto found = numbers.summaries.find(quantity);
  if (found != numbers.summaries.end() && found->second.size() == study.arms.size())
    return found->second;
  throw std::invalid_argument(
      fmt::format("study '{}': no summaries of '{}', expected one per arm ({})",
                  study.name,
                  quantity,
                  study.arms.size()));
}

// On a log ratio, "delta" is followed by the same in per cent.
std::vector<std::string> expanded(const StudyData& study, const std::vector<std::string>& columns) {
  std::vector<std::string> out;
  for (const std::string& column : columns) {
    out.push_back(column);
    if (column == "delta" && study.metric.scale == Scale::kLogRatio) out.push_back("delta_percent");
  }
  return out;
}

Column header_of(const StudyData& study, const std::string& column) {
  if (const ComparisonColumn* found = comparison_column(column)) {
    const bool ratio = study.metric.scale == Scale::kLogRatio;
    const char* unit = column == "delta_percent"    ? "%"
                       : column == "delta" && ratio ? "ln ratio"
                                                    : "";
    return {.name = column,
            .header = std::string(found->header),
            .unit = unit,
            .fields = found->fields};
  }
  if (column == "n") return {.name = column, .header = "n", .fields = {""}};
  if (column == "diverged") return {.name = column, .header = "diverged", .fields = {""}};
  const std::string quantity = quantity_of(column);
  QuantityLabel label = quantity_label(quantity);
  if (quantity == study.metric.name) label.text += goal_mark(study.metric);
  return {.name = quantity,
          .header = label.text,
          .unit = label.unit,
          .fields = {"", "low", "high", "n"}};
}

void add_quantity(Table& table,
                  const StudyData& study,
                  const StudyNumbers& numbers,
                  const std::string& column) {
  const std::string quantity = quantity_of(column);
  const std::vector<Summary>& summaries = summaries_of(study, numbers, quantity);
  const CountStyle style = count_style(quantity, summaries);
  for (size_t arm = 0; arm < summaries.size(); ++arm) {
    table.rows[arm].cells.push_back(quantity_cell(summaries[arm], style));
  }
}

const Comparison* comparison_of(const std::vector<Comparison>& comparisons,
                                const std::string& arm) {
  const auto found = std::find_if(comparisons.begin(),
                                  comparisons.end(),
                                  [&arm](const Comparison& each) { return each.arm == arm; });
  return found == comparisons.end() ? nullptr : &*found;
}

void add_comparison(Table& table,
                    const StudyData& study,
                    const StudyNumbers& numbers,
                    const ComparisonColumn& column) {
  const std::vector<Summary>& summaries = summaries_of(study, numbers, study.metric.name);
  for (size_t arm = 0; arm < study.arms.size(); ++arm) {
    const Comparison* comparison = comparison_of(numbers.comparisons, study.arms[arm].name);
    Cell cell = nothing(column.fields.size());
    if (comparison != nullptr && comparison->refused.empty()) {  // else the notes say why
      cell = column.cell(*comparison);
      cell.run_ids = summaries[arm].run_ids;
      const std::vector<std::string>& others = summaries[0].run_ids;
      cell.run_ids.insert(cell.run_ids.end(), others.begin(), others.end());
    }
    table.rows[arm].cells.push_back(std::move(cell));
  }
}

void add_count_of_runs(Table& table,
                       const std::string& column,
                       const std::vector<Summary>& summaries) {
  for (size_t arm = 0; arm < summaries.size(); ++arm) {
    const int count = column == "n" ? summaries[arm].n : summaries[arm].diverged;
    table.rows[arm].cells.push_back({.parts = {std::to_string(count)},
                                     .values = {static_cast<double>(count)},
                                     .run_ids = summaries[arm].run_ids});
  }
}

void add_labels(Table& table, const StudyData& study, const std::vector<Summary>& summaries) {
  table.columns.push_back({.name = "arm",
                           .header = "arm",
                           .align = Align::kLeft,
                           .fields = {"finished", "diverged", "failed", "missing"}});
  for (size_t i = 0; i < study.arms.size(); ++i) {
    const Arm& arm = study.arms[i];
    const Summary& of = summaries[i];
    Cell cell{.parts = {arm.label.empty() ? arm.name : arm.label},
              .values = {double(of.n), double(of.diverged), double(of.failed), double(of.missing)},
              .note = failures(of, study.planned_seeds)};
    for (const RunResult& run : arm.runs) cell.run_ids.push_back(run.id);
    table.rows.push_back({.name = arm.name, .cells = {std::move(cell)}});
  }
}

// The best arm and those that it does not beat, if it beats any at all; every comparison with
// enough pairs.
std::set<std::string> bold_arms(const StudyData& study, const StudyNumbers& numbers) {
  const std::vector<Summary>& summaries = summaries_of(study, numbers, study.metric.name);
  const int best = best_arm(study, summaries);
  if (best < 0) return {};
  std::set<std::string> ties{study.arms[static_cast<size_t>(best)].name};
  bool beats_one = false;
  for (size_t i = 0; i < study.arms.size(); ++i) {
    const Comparison* other = comparison_of(numbers.against_best, study.arms[i].name);
    if (other == nullptr) continue;
    if (!other->refused.empty() || other->pairs < kLeastPairs) return {};
    const bool beaten = other->p_holm <= study.alpha;
    beats_one = beats_one || beaten;
    if (!beaten && summaries[i].diverged == 0) ties.insert(study.arms[i].name);
  }
  return beats_one ? ties : std::set<std::string>{};
}

bool set_bold(Table& table, const StudyData& study, const StudyNumbers& numbers) {
  const std::set<std::string> arms = bold_arms(study, numbers);
  bool any = false;
  for (size_t column = 0; column < table.columns.size(); ++column) {
    if (table.columns[column].name != study.metric.name) continue;
    for (Row& row : table.rows) any |= row.cells[column].bold = arms.count(row.name) > 0;
  }
  return any;
}

}  // namespace

std::vector<std::string> quantities(const StudyData& study,
                                    const std::vector<std::string>& columns) {
  std::vector<std::string> out{study.metric.name};
  for (const std::string& column : columns) {
    if (!is_quantity(column)) continue;
    const std::string quantity = quantity_of(column);
    if (std::find(out.begin(), out.end(), quantity) == out.end()) out.push_back(quantity);
  }
  return out;
}

int best_arm(const StudyData& study, const std::vector<Summary>& of_the_metric) {
  int best = -1;
  for (size_t i = 0; i < of_the_metric.size(); ++i) {
    const Summary& each = of_the_metric[i];
    if (each.n == 0 || each.diverged > 0) continue;
    const double lead = best < 0 ? 0 : of_the_metric[static_cast<size_t>(best)].mean - each.mean;
    if (best < 0 || (study.metric.goal == Goal::kMin ? lead > 0 : lead < 0))
      best = static_cast<int>(i);
  }
  return best;
}

StudyNumbers analyse(const StudyData& study, const std::vector<std::string>& columns) {
  check_metric(study);
  StudyNumbers numbers;
  for (const std::string& quantity : quantities(study, columns)) {
    numbers.summaries[quantity] = summarise(study, quantity);
  }
  numbers.comparisons = compare_to_baseline(study);
  const int best = best_arm(study, numbers.summaries[study.metric.name]);
  if (best < 0) return numbers;
  StudyData reordered = study;  // the same family-wise correction, against the best arm
  std::rotate(
      reordered.arms.begin(), reordered.arms.begin() + best, reordered.arms.begin() + best + 1);
  numbers.against_best = compare_to_baseline(reordered);
  return numbers;
}

Table make_table(const StudyData& study,
                 const StudyNumbers& numbers,
                 const std::string& name,
                 const std::vector<std::string>& columns) {
  Table table{.name = name,
              .study = study.name,
              .title = study.name + (study.question.empty() ? "" : ": " + study.question)};
  add_labels(table, study, summaries_of(study, numbers, study.metric.name));
  for (const std::string& column : expanded(study, columns)) {
    table.columns.push_back(header_of(study, column));
    if (const ComparisonColumn* found = comparison_column(column)) {
      add_comparison(table, study, numbers, *found);
    } else if (is_count_of_runs(column)) {
      add_count_of_runs(table, column, summaries_of(study, numbers, study.metric.name));
    } else {
      add_quantity(table, study, numbers, column);
    }
  }
  const bool any_bold = set_bold(table, study, numbers);
  table.lead = table_lead(study, numbers);
  table.notes = table_notes(study, numbers, columns, any_bold);
  if (const std::string note = missing_note(study, columns); !note.empty())
    table.notes.push_back(note);
  return table;
}

}  // namespace saggio::results
