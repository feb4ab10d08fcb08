// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "results/pages/escape.h"
#include "results/pages/number_text.h"
#include "results/pages/plot.h"
#include "results/pages/plot_axis.h"
#include "results/pages/plot_style.h"
#include "results/pages/quantity.h"

namespace saggio::results {
namespace {

bool drawn(const ForestRow& row) { return row.difference && std::isfinite(*row.difference); }

// How far a row reaches from zero.
double extent(const ForestRow& row) {
  double most = std::abs(*row.difference);
  if (row.low && std::isfinite(*row.low)) most = std::max(most, std::abs(*row.low));
  if (row.high && std::isfinite(*row.high)) most = std::max(most, std::abs(*row.high));
  return most;
}

// The axis, so that one far outlier does not press all others together: rows beyond four times the
// median are cut off, and get an arrow and their numbers.
struct Axis {
  double low, high;
};

Axis axis_of(const ForestPlot& plot) {
  std::vector<double> extents;
  for (const ForestRow& row : plot.rows) {
    if (drawn(row)) extents.push_back(extent(row));
  }
  std::sort(extents.begin(), extents.end());
  const double median = extents.empty() ? 0 : extents[(extents.size() - 1) / 2];
  const double limit = 4 * std::max(median, plot.smallest_effect);
  double low = -1.5 * plot.smallest_effect, high = -low;
  for (const ForestRow& row : plot.rows) {
    if (!drawn(row) || (limit > 0 && extent(row) > limit)) continue;
    low = std::min({low, *row.difference, row.low.value_or(0)});
    high = std::max({high, *row.difference, row.high.value_or(0)});
  }
  if (!(high > low)) low = -1, high = 1;
  const double room = .08 * (high - low);
  return {low - room, high + room};
}

bool beyond(const ForestRow& row, const Axis& axis) {
  return drawn(row) && (row.high.value_or(*row.difference) > axis.high ||
                        row.low.value_or(*row.difference) < axis.low);
}

std::string numbers_of(const ForestRow& row) {
  if (!row.low || !row.high) return with_sign(significant(*row.difference, 3));
  const MeanText both = mean_and_half_width(*row.difference, (*row.high - *row.low) / 2);
  return with_sign(both.mean) + " ± " + both.half_width;
}

// An arrow to the edge of the axis, and the numbers beside it.
std::string off_the_axis(const ForestRow& row, double y) {
  const bool right = *row.difference > 0;
  return fmt::format(
      "set arrow from graph {0},first {1} to graph {2},first {1} lc rgb '#0072B2' lw 2 front\n"
      "set label {3} at graph {4},first {1} {5} front\n",
      right ? .90 : .10,
      y,
      right ? 1.0 : 0.0,
      quote_gnuplot(numbers_of(row)),
      right ? .885 : .115,
      right ? "right" : "left");
}

// Where the columns at the right stand, as parts of the canvas.
constexpr double kAxesEnd = .82, kCountAt = .865, kPAt = .945;

std::string right_columns(const ForestPlot& plot) {
  const size_t rows = plot.rows.size();
  std::string out;
  const auto add = [&out](const std::string& quoted, double x, double y) {
    out += fmt::format("set label {} at screen {},first {} center\n", quoted, x, y);
  };
  add("'{/:Italic n}'", kCountAt, static_cast<double>(rows) - .15);
  add("'{/:Italic p}'", kPAt, static_cast<double>(rows) - .15);
  for (size_t i = 0; i < rows; ++i) {
    const double y = static_cast<double>(rows - 1 - i);
    add(fmt::format("'{}'", plot.rows[i].pairs), kCountAt, y);
    add(quote_gnuplot(plot.rows[i].p), kPAt, y);
  }
  return out;
}

constexpr size_t kLabelCharacters = 30;

// A label of one line or more, and what is wrong with the row as one more, smaller and grey.
std::string row_label(const ForestRow& row, double y) {
  std::vector<std::string> lines = wrap(row.label, kLabelCharacters);
  const bool note = !row.note.empty() && drawn(row);
  const double count = static_cast<double>(lines.size()) + (note ? .8 : 0);
  std::string out;
  const auto add = [&](const std::string& quoted, double line, std::string_view more) {
    out += fmt::format("set label {} at graph -0.02,first {} right offset 0,{:.2f}{}\n",
                       quoted,
                       y,
                       ((count - 1) / 2 - line) * .95,
                       more);
  };
  for (size_t i = 0; i < lines.size(); ++i) {
    add(quote_gnuplot(lines[i]), static_cast<double>(i), "");
  }
  const std::string small = quote_gnuplot(row.note);
  if (note) {
    add("'{/*0.8 " + small.substr(1, small.size() - 2) + "}'",
        static_cast<double>(lines.size()) - .1,
        " tc rgb '#606060'");
  }
  return out;
}

std::string row_marks(const ForestPlot& plot, const Axis& axis) {
  std::string out;
  for (size_t i = 0; i < plot.rows.size(); ++i) {
    const ForestRow& row = plot.rows[i];
    const double y = static_cast<double>(plot.rows.size() - 1 - i);
    out += row_label(row, y);
    if (beyond(row, axis)) out += off_the_axis(row, y);
    if (drawn(row)) continue;
    out += fmt::format(
        "set label {} at graph 0.5,first {} center tc rgb '#606060'\n", quote_gnuplot(row.note), y);
  }
  return out;
}

// Room for the labels and the notes below them, as a part of the canvas.
double axes_begin(const ForestPlot& plot) {
  double widest = 40;
  for (const ForestRow& row : plot.rows) {
    for (const std::string& line : wrap(row.label, kLabelCharacters)) {
      widest = std::max(widest, text_px(line));
    }
    if (drawn(row)) widest = std::max(widest, .8 * text_px(row.note));
  }
  return std::min((widest + 25) / Canvas{}.width, .55);
}

std::vector<double> even_per_cents(double low, double high, double step) {
  std::vector<double> all;
  for (double i = std::ceil(low / step); i * step <= high; ++i) all.push_back(i * step);
  return all;
}

double one_digit(double positive) {
  const double power = std::pow(10, std::floor(std::log10(positive)));
  return std::round(positive / power) * power;
}

// Over a wide range even per cents crowd at the right: round ones, about evenly apart in their logarithm.
std::vector<double> uneven_per_cents(const Axis& axis, int count) {
  std::vector<double> all;
  for (const double x :
       even_per_cents(axis.low, axis.high, round_tics(axis.low, axis.high, count).step)) {
    const double per_cent = std::abs(x) < 1e-9 ? 0
                            : x < 0            ? -100 * (1 - one_digit(std::exp(x)))
                                               : one_digit(100 * std::expm1(x));
    const double at = std::log1p(per_cent / 100);
    if (at >= axis.low && at <= axis.high && (all.empty() || per_cent > all.back()))
      all.push_back(per_cent);
  }
  return all;
}

// The log ratios of round per cents, on the upper axis.
std::string percent_axis(const Axis& axis, int count) {
  constexpr double kWide = 1;  // a per cent is then 2.7 times as wide at one end as at the other
  const double low = 100 * std::expm1(axis.low), high = 100 * std::expm1(axis.high);
  const Tics tics = round_tics(low, high, count);
  const bool wide = axis.high - axis.low > kWide;
  std::string marks;
  for (const double percent :
       wide ? uneven_per_cents(axis, count) : even_per_cents(low, high, tics.step)) {
    marks += fmt::format("{}'{}' {}",
                         marks.empty() ? "" : ", ",
                         with_sign(fixed(percent, wide ? decimals_of(percent) : tics.decimals)),
                         number(std::log1p(percent / 100)));
  }
  return fmt::format(
      "set x2range [{}:{}]\nset x2tics ({}) out nomirror scale 0.6\n"
      "set x2label 'difference in per cent'\nset border 5\n",
      number(axis.low),
      number(axis.high),
      marks);
}

std::string axes(const ForestPlot& plot, const Axis& axis) {
  const double begin = axes_begin(plot);
  const int tics = static_cast<int>(std::round(9 * (kAxesEnd - begin)));  // fewer if it is narrow
  std::string out = fmt::format(
      "set yrange [-0.7:{0}]\nunset ytics\nset border 1\nset xlabel {1}\n"
      "set lmargin at screen {2:.4f}\nset rmargin at screen {3}\n"
      "set arrow from 0,graph 0 to 0,graph 1 nohead lc rgb '#404040' lw 1.2 back\n",
      static_cast<double>(plot.rows.size()) - .4,
      quote_gnuplot(plot.x_label),
      begin,
      kAxesEnd);
  out += linear_axis("x", axis.low, axis.high, tics).commands;
  if (plot.smallest_effect > 0) {
    out += fmt::format(
        "set object rectangle from {},graph 0 to {},graph 1 fc rgb '#e8e8e8' fs solid noborder "
        "behind\n",
        number(-plot.smallest_effect),
        number(plot.smallest_effect));
  }
  if (plot.percent) out += percent_axis(axis, tics);
  return out;
}

std::string data_of(const ForestPlot& plot) {
  std::string out = "row\tdifference\tlow\thigh\tpairs\tp\tlabel\n";
  for (size_t i = 0; i < plot.rows.size(); ++i) {
    const ForestRow& row = plot.rows[i];
    const double middle = drawn(row) ? *row.difference : std::nan("");
    out += fmt::format("{}\t{}\t{}\t{}\t{}\t{}\t{}\n",
                       plot.rows.size() - 1 - i,
                       number(middle),
                       number(row.low.value_or(middle)),
                       number(row.high.value_or(middle)),
                       row.pairs,
                       tsv_text(row.p),
                       tsv_text(row.label));
  }
  return out;
}

}  // namespace

Plot make_plot(const ForestPlot& plot) {
  const Axis axis = axis_of(plot);
  const int rows = static_cast<int>(plot.rows.size());
  const int height =
      110 + 40 * std::max(rows, 2) + (plot.percent ? 45 : 0) + (plot.title.empty() ? 0 : 25);
  const std::string points = fmt::format(
      "plot '{}.tsv' skip 1 using 2:1:3:4 with xerrorbars pt 7 ps 0.9 lw 2 lc rgb '#0072B2' "
      "notitle",
      plot.name);
  const bool any = std::any_of(plot.rows.begin(), plot.rows.end(), drawn);
  return {plot.name,
          preamble(plot.name, plot.title) + axes(plot, axis) + right_columns(plot) +
              row_marks(plot, axis) +
              drawing(plot.name, {.height = height}, any ? points : "plot NaN notitle"),
          data_of(plot)};
}

ForestPlot forest_plot(const StudyData& study, const std::vector<Comparison>& comparisons) {
  const bool ratio = study.metric.scale == Scale::kLogRatio;
  std::string baseline = study.arms.empty() ? "baseline" : study.arms[0].label;
  if (baseline.empty() || display_width(baseline) > 24) baseline = "baseline";
  const std::string metric = quantity_label(study.metric.name).text;
  ForestPlot plot{.smallest_effect = study.smallest_effect, .percent = ratio};
  plot.x_label = fmt::format("{}: {}, {} is better",
                             metric,
                             ratio ? "ln(arm / " + baseline + ")" : "arm − " + baseline,
                             study.metric.goal == Goal::kMin ? "left" : "right");
  for (const Comparison& each : comparisons) {
    const auto arm = std::find_if(study.arms.begin(), study.arms.end(), [&each](const Arm& one) {
      return one.name == each.arm;
    });
    const bool labelled = arm != study.arms.end() && !arm->label.empty();
    ForestRow row{.label = labelled ? arm->label : each.arm, .pairs = each.pairs};
    if (!each.refused.empty()) {
      row.note = "not compared: " + each.refused, row.p = "—";
    } else {
      row.p = probability(each.p_holm) + (each.pairs < kLeastPairs ? "†" : "");
      if (each.pairs > each.diverged) row.difference = each.difference;
      if (each.interval) row.low = each.interval->low, row.high = each.interval->high;
      if (each.diverged > 0) row.note = fmt::format("{}/{} diverged", each.diverged, each.pairs);
    }
    plot.rows.push_back(std::move(row));
  }
  return plot;
}

}  // namespace saggio::results
