// SPDX-License-Identifier: MIT
#include "results/pages/table_cells.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "results/pages/quantity.h"

namespace saggio::results {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

bool constant(const Summary& summary) { return summary.deviation == 0; }

std::vector<std::string> count_parts(const Summary& summary, const CountStyle& style) {
  if (style.exact) return {grouped(summary.mean)};
  const Prefix prefix = style.prefix.value_or(si_prefix(summary.mean));
  const double mean = summary.mean / prefix.factor;
  if (constant(summary) || !summary.interval) {
    const std::string digits = style.prefix ? fixed(mean, style.decimals) : significant(mean, 4);
    return {digits, "", std::string(prefix.symbol)};
  }
  const MeanText both = mean_and_half_width(mean, half_width(*summary.interval) / prefix.factor);
  return {both.mean, "± " + both.half_width, std::string(prefix.symbol)};
}

std::vector<std::string> mean_parts(const Summary& summary) {
  if (!summary.interval) return {significant(summary.mean, 5)};
  const MeanText both = mean_and_half_width(summary.mean, half_width(*summary.interval));
  return {both.mean, "± " + both.half_width};
}

std::string mark(const Comparison& comparison) { return comparison.pairs < kLeastPairs ? "†" : ""; }

int finite_pairs(const Comparison& comparison) { return comparison.pairs - comparison.diverged; }

double percent(double log_ratio) { return 100 * std::expm1(log_ratio); }

Cell delta_cell(const Comparison& comparison) {
  if (finite_pairs(comparison) == 0) return nothing(4);
  Cell cell = difference_cell(comparison.difference, comparison.interval, 4);
  cell.count = std::to_string(comparison.pairs);
  cell.values[3] = comparison.pairs;
  return cell;
}

// The interval in per cent is not quite symmetric, so its half width only decides the digits.
Cell percent_cell(const Comparison& comparison) {
  if (finite_pairs(comparison) == 0) return nothing(3);
  std::optional<Interval> interval;
  if (comparison.interval) {
    interval = Interval{percent(comparison.interval->low), percent(comparison.interval->high)};
  }
  Cell cell = difference_cell(percent(comparison.difference), interval, 3);
  cell.parts.resize(1);
  return cell;
}

Cell interval_cell(const Comparison& comparison) {
  Cell cell = nothing(2);
  if (!comparison.interval) return cell;
  const auto [low, high] = *comparison.interval;
  const double half = half_width(*comparison.interval);
  cell.parts = {"[" + with_sign(to_the_digit_of(low, half)) + ",",
                with_sign(to_the_digit_of(high, half)) + "]"};
  cell.values = {low, high};
  return cell;
}

Cell p_cell(const Comparison& comparison) {
  if (comparison.pairs == 0) return nothing(2);
  return {.parts = {probability(comparison.p_holm) + mark(comparison)},
          .values = {comparison.p_holm, comparison.p}};
}

Cell plain_cell(double value) { return {.parts = {fixed(value, 2)}, .values = {value}}; }

Cell effect_cell(const Comparison& comparison) {
  return finite_pairs(comparison) < 2 ? nothing(1) : plain_cell(comparison.effect_size);
}

Cell correlation_cell(const Comparison& comparison) {
  return finite_pairs(comparison) < 3 ? nothing(1) : plain_cell(comparison.correlation);
}

Cell smallest_cell(const Comparison& comparison) {
  if (!comparison.smallest_equivalence) return nothing(1);
  return {.parts = {significant(*comparison.smallest_equivalence, 2)},
          .values = {*comparison.smallest_equivalence}};
}

}  // namespace

Cell difference_cell(double value, const std::optional<Interval>& interval, size_t fields) {
  Cell cell = nothing(fields);
  cell.values[0] = value;
  if (!interval) {
    cell.parts = {with_sign(significant(value, 3))};
    return cell;
  }
  const MeanText both = mean_and_half_width(value, half_width(*interval));
  cell.parts = {with_sign(both.mean), "± " + both.half_width};
  cell.values[1] = interval->low, cell.values[2] = interval->high;
  return cell;
}

double half_width(const Interval& interval) { return (interval.high - interval.low) / 2; }

std::string goal_mark(const Metric& metric) {
  return metric.goal == Goal::kMin ? "\u00A0↓" : "\u00A0↑";
}

Cell nothing(size_t fields) {
  return {.parts = {"—"}, .values = std::vector<double>(fields, kNone)};
}

CountStyle count_style(const std::string& quantity, const std::vector<Summary>& summaries) {
  CountStyle style;
  style.counted = is_counted(quantity);
  if (!style.counted) return style;
  double smallest = std::numeric_limits<double>::infinity(), largest = 0;
  style.exact = true;
  for (const Summary& each : summaries) {
    if (each.n == 0) continue;
    smallest = std::min(smallest, std::abs(each.mean));
    largest = std::max(largest, std::abs(each.mean));
    style.exact = style.exact && constant(each) && each.mean == std::round(each.mean);
  }
  constexpr double kStillReadable = 1e7;  // "1,234,567"
  style.exact = style.exact && largest < kStillReadable;
  if (largest < 1e3 * smallest) {
    style.prefix = si_prefix(smallest);
    style.decimals = smallest / style.prefix->factor < 10 ? 2 : 1;
  }
  return style;
}

Cell quantity_cell(const Summary& summary, const CountStyle& style) {
  Cell cell = nothing(4);
  cell.run_ids = summary.run_ids;
  cell.values[3] = summary.n;
  if (summary.n == 0) return cell;
  cell.parts = style.counted ? count_parts(summary, style) : mean_parts(summary);
  if (!(style.counted && constant(summary))) cell.count = std::to_string(summary.n);
  cell.values[0] = summary.mean;
  if (summary.interval)
    cell.values[1] = summary.interval->low, cell.values[2] = summary.interval->high;
  return cell;
}

const std::vector<ComparisonColumn>& comparison_columns() {
  static const std::vector<ComparisonColumn> columns{
      {"delta", "Δ", {"", "low", "high", "pairs"}, delta_cell},
      {"delta_percent", "Δ", {"", "low", "high"}, percent_cell},
      {"ci", "interval of Δ", {"low", "high"}, interval_cell},
      {"p", "p", {"", "uncorrected"}, p_cell},
      {"effect_size", "effect size", {""}, effect_cell},
      {"correlation", "correlation", {""}, correlation_cell},
      {"smallest_s", "smallest s", {""}, smallest_cell},
  };
  return columns;
}

}  // namespace saggio::results
