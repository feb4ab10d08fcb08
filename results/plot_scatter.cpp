// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>

#include "results/escape.h"
#include "results/label_layout.h"
#include "results/plot.h"
#include "results/plot_style.h"
#include "results/quantity.h"

namespace saggio::results {
namespace {

constexpr Canvas kCanvas{.width = 720, .height = 460};
constexpr Box kArea{.left = 95, .bottom = 80, .right = 690, .top = 425};  // inside the axes, in px

// One axis: from values to px.
struct Axis {
  double low, high;
  bool logarithmic;

  double place(double value) const {
    if (!logarithmic) return (value - low) / (high - low);
    return std::log(value / low) / std::log(high / low);
  }
};

using Get = std::function<double(const ScatterPoint&)>;
using GetInterval = std::function<const std::optional<Interval>&(const ScatterPoint&)>;

Axis axis_of(const std::vector<ScatterPoint>& points,
             const Get& value,
             const GetInterval& interval) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const ScatterPoint& point : points) {
    low = std::min({low, value(point), interval(point) ? interval(point)->low : value(point)});
    high = std::max({high, value(point), interval(point) ? interval(point)->high : value(point)});
  }
  if (!(high >= low)) return {0, 1, false};
  constexpr double kManyTimes = 20;
  if (low > 0 && high > kManyTimes * low) {
    const double room = std::pow(high / low, .1);
    return {low / room, high * room, true};
  }
  const double size = high > low ? high - low : std::max(std::abs(high), 1.) * .1;
  return {low - .12 * size, high + .12 * size, false};
}

struct Frame {
  Axis x, y;
  double px(double value) const { return kArea.left + x.place(value) * (kArea.right - kArea.left); }
  double py(double value) const {
    return kArea.bottom + y.place(value) * (kArea.top - kArea.bottom);
  }
};

bool finite(const ScatterPoint& point) { return std::isfinite(point.x) && std::isfinite(point.y); }

// Markers and error bars, which labels must not hide.
std::vector<Box> obstacles(const std::vector<ScatterPoint>& points, const Frame& frame) {
  std::vector<Box> out;
  constexpr double kMarker = 7, kBar = 3;
  for (const ScatterPoint& point : points) {
    const double x = frame.px(point.x), y = frame.py(point.y);
    out.push_back({x - kMarker, y - kMarker, x + kMarker, y + kMarker});
    if (point.x_interval) {
      out.push_back(
          {frame.px(point.x_interval->low), y - kBar, frame.px(point.x_interval->high), y + kBar});
    }
    if (point.y_interval) {
      out.push_back(
          {x - kBar, frame.py(point.y_interval->low), x + kBar, frame.py(point.y_interval->high)});
    }
  }
  return out;
}

std::string labels(const std::vector<ScatterPoint>& points, const Frame& frame) {
  std::vector<LabelRequest> requests;
  for (const ScatterPoint& point : points) {
    requests.push_back(
        {frame.px(point.x), frame.py(point.y), text_px(point.label), 1.15 * kFontPx});
  }
  const std::vector<Box> boxes = place_labels(requests, obstacles(points, frame), kArea);
  std::string out;
  for (size_t i = 0; i < points.size(); ++i) {
    const Box& box = boxes[i];
    // Anchored at the side of the point, so that another font width does no harm.
    const bool left = box.right <= requests[i].x, right = box.left >= requests[i].x;
    const double anchor = left ? box.right : right ? box.left : (box.left + box.right) / 2;
    out += fmt::format("set label {} at graph {:.4f},graph {:.4f} {} tc rgb '{}' front\n",
                       quote_gnuplot(points[i].label),
                       (anchor - kArea.left) / (kArea.right - kArea.left),
                       ((box.bottom + box.top) / 2 - kArea.bottom) / (kArea.top - kArea.bottom),
                       left    ? "right"
                       : right ? "left"
                               : "center",
                       line_style(i).colour);
  }
  return out;
}

std::string axis_text(const char* name, const Axis& axis, const std::string& label) {
  const std::string title = fmt::format("set {}label {}\n", name, quote_gnuplot(label));
  if (!axis.logarithmic) return title + linear_axis(name, axis.low, axis.high, 6);
  return title + fmt::format("set logscale {0}\nset {0}range [{1}:{2}]\nset format {0} '%.4s %c'\n",
                             name,
                             number(axis.low),
                             number(axis.high));
}

std::string margins() {
  return fmt::format(
      "set lmargin at screen {:.4f}\nset rmargin at screen {:.4f}\n"
      "set bmargin at screen {:.4f}\nset tmargin at screen {:.4f}\n",
      kArea.left / kCanvas.width,
      kArea.right / kCanvas.width,
      kArea.bottom / kCanvas.height,
      kArea.top / kCanvas.height);
}

std::string data_of(const std::vector<ScatterPoint>& points) {
  std::string out = "x\ty\tx_low\tx_high\ty_low\ty_high\tlabel\n";
  for (const ScatterPoint& point : points) {
    const Interval x = point.x_interval.value_or(Interval{point.x, point.x});
    const Interval y = point.y_interval.value_or(Interval{point.y, point.y});
    out += fmt::format("{}\t{}\t{}\t{}\t{}\t{}\t{}\n",
                       number(point.x),
                       number(point.y),
                       number(x.low),
                       number(x.high),
                       number(y.low),
                       number(y.high),
                       tsv_text(point.label));
  }
  return out;
}

std::string plot_commands(const std::string& name, size_t points) {
  std::string out = "plot \\\n";
  for (size_t i = 0; i < points; ++i) {
    const LineStyle style = line_style(i);
    out += fmt::format(
        "{}  '{}.tsv' skip 1 every ::{}::{} using 1:2:3:4:5:6 with xyerrorbars pt {} ps 0.9 lw 1.6 "
        "lc rgb '{}' notitle",
        i == 0 ? "" : ", \\\n",
        name,
        i,
        i,
        style.marker,
        style.colour);
  }
  return out;
}

}  // namespace

Plot make_plot(const ScatterPlot& plot) {
  std::vector<ScatterPoint> points;
  std::copy_if(plot.points.begin(), plot.points.end(), std::back_inserter(points), finite);
  const auto x = axis_of(
      points, [](const auto& p) { return p.x; }, [](const auto& p) -> auto& {
        return p.x_interval;
      });
  const auto y = axis_of(
      points, [](const auto& p) { return p.y; }, [](const auto& p) -> auto& {
        return p.y_interval;
      });
  const std::string script = preamble(plot.name, plot.title) + margins() +
                             axis_text("x", x, plot.x_label) + axis_text("y", y, plot.y_label) +
                             labels(points, {x, y});
  const std::string commands =
      points.empty() ? "plot NaN notitle" : plot_commands(plot.name, points.size());
  return {plot.name, script + drawing(plot.name, kCanvas, commands), data_of(points)};
}

ScatterPlot scatter_plot(const StudyData& study,
                         const std::string& x,
                         const std::vector<Summary>& of_x,
                         const std::string& y,
                         const std::vector<Summary>& of_y) {
  const auto axis_label = [](const std::string& quantity) {
    const QuantityLabel label = quantity_label(quantity_of(quantity));
    return label.unit.empty() ? label.text : fmt::format("{} ({})", label.text, label.unit);
  };
  // An interval without width is no measurement's: counted costs get no bar.
  const auto bar = [](const Summary& of) { return of.deviation > 0 ? of.interval : std::nullopt; };
  ScatterPlot plot{.x_label = axis_label(x), .y_label = axis_label(y)};
  for (size_t i = 0; i < study.arms.size() && i < of_x.size() && i < of_y.size(); ++i) {
    if (of_x[i].n == 0 || of_y[i].n == 0) continue;
    const Arm& arm = study.arms[i];
    plot.points.push_back({arm.label.empty() ? arm.name : arm.label,
                           of_x[i].mean,
                           of_y[i].mean,
                           bar(of_x[i]),
                           bar(of_y[i])});
  }
  return plot;
}

}  // namespace saggio::results
