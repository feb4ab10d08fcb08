// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>

#include "results/pages/escape.h"
#include "results/pages/label_layout.h"
#include "results/pages/plot.h"
#include "results/pages/plot_axis.h"
#include "results/pages/plot_style.h"
#include "results/pages/quantity.h"

namespace saggio::results {
namespace {

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
  Box area;  // inside the axes, in px
  double px(double value) const { return area.left + x.place(value) * (area.right - area.left); }
  double py(double value) const { return area.bottom + y.place(value) * (area.top - area.bottom); }
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

struct Labels {
  std::string commands;
  bool collide = false;  // with each other, with a point, or with the edge
};

Labels labels(const std::vector<ScatterPoint>& points, const Frame& frame) {
  std::vector<LabelRequest> requests;
  for (const ScatterPoint& point : points) {
    requests.push_back(
        {frame.px(point.x), frame.py(point.y), text_px(point.label), 1.15 * kFontPx});
  }
  std::vector<Box> taken = obstacles(points, frame);
  const Box& area = frame.area;
  const std::vector<Box> boxes = place_labels(requests, taken, area);
  Labels out;
  for (size_t i = 0; i < boxes.size(); ++i) {
    const Box& box = boxes[i];
    for (const Box& other : taken) out.collide = out.collide || overlap(box, other);
    out.collide = out.collide || box.left < area.left || box.right > area.right ||
                  box.bottom < area.bottom || box.top > area.top;
    taken.push_back(box);
    // Anchored at the side of the point, so that another font width does no harm.
    const bool left = box.right <= requests[i].x, right = box.left >= requests[i].x;
    const double anchor = left ? box.right : right ? box.left : (box.left + box.right) / 2;
    out.commands +=
        fmt::format("set label {} at graph {:.4f},graph {:.4f} {} tc rgb '{}' front\n",
                    quote_gnuplot(points[i].label),
                    (anchor - area.left) / (area.right - area.left),
                    ((box.bottom + box.top) / 2 - area.bottom) / (area.top - area.bottom),
                    left    ? "right"
                    : right ? "left"
                            : "center",
                    line_style(i).colour);
  }
  return out;
}

AxisText axis_text(const char* name, const Axis& axis) {
  return axis.logarithmic ? logarithmic_axis(name, axis.low, axis.high)
                          : linear_axis(name, axis.low, axis.high, 6);
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

std::string plot_commands(const std::string& name,
                          const std::vector<ScatterPoint>& points,
                          bool with_key) {
  if (points.empty()) return "plot NaN notitle";
  std::string out = "plot \\\n";
  for (size_t i = 0; i < points.size(); ++i) {
    const LineStyle style = line_style(i);
    out += fmt::format(
        "{}  '{}.tsv' skip 1 every ::{}::{} using 1:2:3:4:5:6 with xyerrorbars pt {} ps 0.9 "
        "lw 1.6 lc rgb '{}' {}",
        i == 0 ? "" : ", \\\n",
        name,
        i,
        i,
        style.marker,
        style.colour,
        with_key ? "title " + quote_gnuplot(points[i].label) : "notitle");
  }
  return out;
}

std::vector<std::string> labels_of(const std::vector<ScatterPoint>& points) {
  std::vector<std::string> out;
  for (const ScatterPoint& point : points) out.push_back(point.label);
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
  const AxisText x_text = axis_text("x", x), y_text = axis_text("y", y);
  Canvas canvas{.height = 460};
  Frame frame{x, y, {.left = 62 + y_text.widest_px, .bottom = 75, .right = 690, .top = 430}};
  Labels direct = labels(points, frame);
  if (direct.collide)  // then the names go below, beside their markers
    direct.commands = key_beneath(labels_of(points), canvas, frame.area);
  const std::string script = preamble(plot.name, plot.title) + margins(canvas, frame.area) +
                             x_text.commands + y_text.commands +
                             fmt::format("set xlabel {}\nset ylabel {}\n",
                                         quote_gnuplot(plot.x_label),
                                         quote_gnuplot(plot.y_label)) +
                             direct.commands;
  return {plot.name,
          script + drawing(plot.name, canvas, plot_commands(plot.name, points, direct.collide)),
          data_of(points)};
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
