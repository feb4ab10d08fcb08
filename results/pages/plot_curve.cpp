// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "results/pages/escape.h"
#include "results/pages/label_layout.h"
#include "results/pages/plot.h"
#include "results/pages/plot_axis.h"
#include "results/pages/plot_style.h"
#include "results/pages/quantity.h"

namespace saggio::results {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr size_t kMostSteps = 1000;

struct Step {
  int64_t step;
  double mean;
  double low = kNone, high = kNone;
  size_t runs;
};

std::vector<Step> average(const CurveArm& arm, double level) {
  std::map<int64_t, std::vector<double>> values;
  for (const std::vector<Point>& run : arm.runs) {
    for (const Point& point : run) {
      if (std::isfinite(point.value)) values[point.step].push_back(point.value);
    }
  }
  std::vector<Step> steps;
  for (const auto& [step, at] : values) {
    Step out{.step = step, .mean = mean(at), .runs = at.size()};
    if (at.size() >= 2) {
      const Interval interval = t_interval(at, level);
      out.low = interval.low, out.high = interval.high;
    }
    steps.push_back(out);
  }
  return steps;
}

// Evenly, with the first and the last.
std::vector<Step> thinned(const std::vector<Step>& steps) {
  if (steps.size() <= kMostSteps) return steps;
  std::vector<Step> out;
  for (size_t i = 0; i < kMostSteps; ++i) {
    out.push_back(steps[i * (steps.size() - 1) / (kMostSteps - 1)]);
  }
  return out;
}

// "full (n = 8)", "sgd (n = 8, 7 from step 212)"
std::string legend(const CurveArm& arm, const std::vector<Step>& steps) {
  if (steps.empty()) return arm.label + " (no values)";
  size_t most = 0;
  for (const Step& each : steps) most = std::max(most, each.runs);
  const auto fewer = std::find_if(steps.begin(), steps.end(), [most, &steps](const Step& each) {
    return each.runs < most && steps.back().runs < most && each.runs <= steps.back().runs;
  });
  const std::string drop =
      fewer == steps.end() ? "" : fmt::format(", {} from step {}", fewer->runs, fewer->step);
  return fmt::format("{} (n = {}{})", arm.label, most, drop);
}

struct Range {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  void widen(const Step& step) {
    low = std::min({low, step.mean, std::isfinite(step.low) ? step.low : step.mean});
    high = std::max({high, step.mean, std::isfinite(step.high) ? step.high : step.mean});
  }
  double size() const { return high - low; }
};

// The axes. Where the first tenths of the curves take more than half of the upright one, as falling
// losses do, it is for the others: the curves come in from outside.
struct Frame {
  double x_low = 0, x_high = 1, y_low = 0, y_high = 1;
};

Frame frame_of(const std::vector<std::vector<Step>>& arms) {
  double first = std::numeric_limits<double>::infinity(), last = -first;
  for (const auto& steps : arms) {
    if (steps.empty()) continue;
    first = std::min(first, static_cast<double>(steps.front().step));
    last = std::max(last, static_cast<double>(steps.back().step));
  }
  if (!(first <= last)) return {};
  Range all, later;
  for (const auto& steps : arms) {
    for (const Step& step : steps) {
      const int64_t begin = steps.front().step, length = steps.back().step - begin;
      all.widen(step);
      if (10 * (step.step - begin) >= length) later.widen(step);
    }
  }
  const Range& shown = later.size() > 0 && later.size() < .5 * all.size() ? later : all;
  const double room = shown.size() > 0 ? .04 * shown.size() : .1 * std::max(1., std::abs(all.high));
  return {first, last > first ? last : first + 1, shown.low - room, shown.high + room};
}

// Whether a curve passes through a part of the axes; x and y from 0 to 1.
bool passes(const std::vector<std::vector<Step>>& arms, const Frame& frame, const Box& part) {
  for (const auto& steps : arms) {
    for (const Step& step : steps) {
      const double at = static_cast<double>(step.step);
      const double x = (at - frame.x_low) / (frame.x_high - frame.x_low);
      const double y = (step.mean - frame.y_low) / (frame.y_high - frame.y_low);
      if (x > part.left && x < part.right && y > part.bottom && y < part.top) return true;
    }
  }
  return false;
}

// The first corner of the axes with room for the key that no curve passes: "top right". None: "".
std::string free_corner(const std::vector<std::string>& legends,
                        const std::vector<std::vector<Step>>& arms,
                        const Frame& frame,
                        const Box& area) {
  double width = 0;
  for (const std::string& each : legends) width = std::max(width, text_px(each) + 65);
  width /= area.right - area.left;
  const double lines = static_cast<double>(legends.size());
  const double height = (1.55 * kFontPx * lines + 15) / (area.top - area.bottom);
  if (width > .8 || height > .8) return "";
  for (const std::string corner : {"top right", "top left", "bottom right", "bottom left"}) {
    const bool top = corner.starts_with("top"), right = corner.ends_with("right");
    const Box part{
        right ? 1 - width : 0, top ? 1 - height : 0, right ? 1 : width, top ? 1 : height};
    if (!passes(arms, frame, part)) return corner;
  }
  return "";
}

std::string block(const CurveArm& arm, const std::vector<Step>& steps) {
  std::string out = fmt::format("# {}\n# step\tmean\tlow\thigh\truns\n", tsv_text(arm.label));
  for (const Step& each : steps) {
    out += fmt::format("{}\t{}\t{}\t{}\t{}\n",
                       each.step,
                       number(each.mean),
                       number(each.low),
                       number(each.high),
                       each.runs);
  }
  if (steps.empty()) out += "nan\tnan\tnan\tnan\t0\n";
  return out;
}

std::string plot_commands(const CurvePlot& plot, const std::vector<std::string>& legends) {
  std::string bands, lines;
  for (size_t i = 0; i < legends.size(); ++i) {
    const LineStyle style = line_style(i);
    bands += fmt::format(
        "  '{}.tsv' index {} using 1:3:4 with filledcurves fs transparent solid 0.16 noborder "
        "lc rgb '{}' notitle, \\\n",
        plot.name,
        i,
        style.colour);
    lines += fmt::format(
        "{}  '' index {} using 1:2 with linespoints lw 1.8 lc rgb '{}' dt {} pt {} ps 0.65 pn 6 "
        "title {}",
        i == 0 ? "" : ", \\\n",
        i,
        style.colour,
        style.dash,
        style.marker,
        quote_gnuplot(legends[i]));
  }
  return "plot \\\n" + bands + lines;
}

}  // namespace

Plot make_plot(const CurvePlot& plot) {
  std::vector<std::vector<Step>> arms;
  std::vector<std::string> legends;
  std::string data;
  for (const CurveArm& arm : plot.arms) {
    arms.push_back(thinned(average(arm, plot.level)));
    legends.push_back(legend(arm, arms.back()));
    data += (data.empty() ? "" : "\n\n") + block(arm, arms.back());
  }
  const Frame frame = frame_of(arms);
  const AxisText x = linear_axis("x", frame.x_low, frame.x_high, 8);
  const AxisText y = linear_axis("y", frame.y_low, frame.y_high, 7);
  Canvas canvas{.height = 440};
  Box area{.left = 62 + y.widest_px, .bottom = 75, .right = 692, .top = 415};
  const std::string corner = free_corner(legends, arms, frame, area);
  std::string key = "set key inside " + corner + " vertical Left reverse samplen 2.4\n";
  if (corner.empty()) key = key_beneath(legends, canvas, area);
  const std::string script = preamble(plot.name, plot.title) + margins(canvas, area) + x.commands +
                             y.commands +
                             fmt::format("set xlabel {}\nset ylabel {}\n",
                                         quote_gnuplot(plot.x_label),
                                         quote_gnuplot(plot.y_label)) +
                             key;
  const std::string commands = arms.empty() ? "plot NaN notitle" : plot_commands(plot, legends);
  return {plot.name, script + drawing(plot.name, canvas, commands), data};
}

CurvePlot curve_plot(const StudyData& study,
                     const std::string& event,
                     const std::vector<std::vector<std::vector<Point>>>& curves) {
  const QuantityLabel label = quantity_label(event);
  CurvePlot plot{
      .y_label = label.unit.empty() ? label.text : fmt::format("{} ({})", label.text, label.unit),
      .level = 1 - study.alpha};
  for (size_t i = 0; i < study.arms.size() && i < curves.size(); ++i) {
    const Arm& arm = study.arms[i];
    plot.arms.push_back({arm.label.empty() ? arm.name : arm.label, curves[i]});
  }
  return plot;
}

}  // namespace saggio::results
