// SPDX-License-Identifier: MIT
#include "models/optim/velvet.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace saggio::models {
namespace {

constexpr double kFastSteps = 50, kSlowSteps = 1000;

// A running mean that is the plain mean until it has seen `memory` steps.
void update(double& mean, double value, int64_t steps, double memory) {
  mean += (value - mean) / std::min(static_cast<double>(steps), memory);
}

void check(const VelvetOptions& options) {
  if (options.momentum_low > options.momentum_high)
    throw std::invalid_argument(
        fmt::format("train.velvet.momentum_low = {}, allowed up to momentum_high = {}",
                    options.momentum_low,
                    options.momentum_high));
  if (options.control != "feedback" && options.curve.empty())
    throw std::invalid_argument(fmt::format(
        "train.velvet.control = '{}' needs train.velvet.curve, a recorded curve", options.control));
}

std::vector<ModulationCurve> curve_of(const VelvetOptions& options,
                                      int64_t steps,
                                      const results::Stream& stream) {
  if (options.control == "feedback") return {};
  ModulationCurve curve = ModulationCurve::read(options.curve);
  if (options.control == "shuffled") return {curve.shuffled(steps, stream)};
  if (options.control == "constant") return {curve.mean(steps)};
  return {std::move(curve)};
}

}  // namespace

ModulationCurve::ModulationCurve(std::vector<Point> points) : points_(std::move(points)) {
  if (points_.empty()) throw std::invalid_argument("a curve without points, needs 1 or more");
  for (size_t i = 1; i < points_.size(); ++i)
    if (points_[i].step <= points_[i - 1].step)
      throw std::invalid_argument(fmt::format(
          "a curve has step {} after {}, must ascend", points_[i].step, points_[i - 1].step));
}

ModulationCurve ModulationCurve::read(const std::string& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error(fmt::format("{}: cannot be read", file));
  constexpr const char* kHeader = "step\tlr_factor\tbeta1";
  std::string line;
  if (!std::getline(in, line) || line != kHeader)
    throw std::runtime_error(fmt::format(
        "{}:1: '{}', expected the line 'step lr_factor beta1', tabs between", file, line));
  std::vector<Point> points;
  for (int64_t number = 2; std::getline(in, line); ++number) {
    std::istringstream cells(line);
    Point point{};
    std::string more;
    const bool whole = cells >> point.step >> point.lr_factor >> point.beta1 && !(cells >> more);
    if (!whole || !(point.lr_factor >= 0) || !(point.beta1 >= 0 && point.beta1 < 1))
      throw std::runtime_error(fmt::format(
          "{}:{}: '{}', expected a step, a factor >= 0 and a beta1 in [0, 1)", file, number, line));
    points.push_back(point);
  }
  try {
    return ModulationCurve(std::move(points));
  } catch (const std::invalid_argument& error) {
    throw std::runtime_error(fmt::format("{}: {}", file, error.what()));
  }
}

ModulationCurve::Point ModulationCurve::at(int64_t step) const {
  const auto after = std::find_if(
      points_.begin(), points_.end(), [&](const Point& point) { return point.step >= step; });
  if (after == points_.end()) return points_.back();
  if (after == points_.begin() || after->step == step) return *after;
  const Point &a = *(after - 1), &b = *after;
  const double part = static_cast<double>(step - a.step) / static_cast<double>(b.step - a.step);
  return {step, std::lerp(a.lr_factor, b.lr_factor, part), std::lerp(a.beta1, b.beta1, part)};
}

ModulationCurve ModulationCurve::shuffled(int64_t steps, results::Stream stream) const {
  std::vector<Point> values;
  for (int64_t step = 1; step <= steps; ++step) values.push_back(at(step));
  stream.shuffle(std::span<Point>(values));
  for (int64_t step = 1; step <= steps; ++step) values[static_cast<size_t>(step - 1)].step = step;
  return ModulationCurve(std::move(values));
}

ModulationCurve ModulationCurve::mean(int64_t steps) const {
  Point sum{1, 0, 0};
  for (int64_t step = 1; step <= steps; ++step) {
    const Point point = at(step);
    sum.lr_factor += point.lr_factor, sum.beta1 += point.beta1;
  }
  const auto n = static_cast<double>(steps);
  return ModulationCurve({{1, sum.lr_factor / n, sum.beta1 / n}});
}

Modulator::Modulator(const VelvetOptions& options,
                     double beta1,
                     int64_t steps,
                     results::Stream stream)
    : options_(options), beta1_(beta1) {
  check(options);
  curve_ = curve_of(options, steps, stream);
}

bool Modulator::needs_entropy() const {
  return curve_.empty() && (options_.rule != "well_posed" || options_.entropy_rate != 0);
}

void Modulator::hear(const Signals& signals) {
  update(state_.loss_fast, signals.loss, state_.steps, kFastSteps);
  update(state_.loss_slow, signals.loss, state_.steps, kSlowSteps);
  if (!needs_entropy()) return;
  update(state_.entropy_fast, signals.entropy, state_.steps, kFastSteps);
  update(state_.entropy_slow, signals.entropy, state_.steps, kSlowSteps);
}

Modulation Modulator::well_posed() const {
  Modulation m{.lr_factor = 1, .beta1 = beta1_, .correction_beta1 = beta1_};
  const VelvetOptions& o = options_;
  if (o.entropy_rate != 0 && state_.entropy_slow > 0)
    m.lr_factor = std::pow(
        std::clamp(
            state_.entropy_fast / state_.entropy_slow, 1 - o.entropy_limit, 1 + o.entropy_limit),
        o.entropy_rate);
  if (o.loss_momentum != 0) {
    const double rise = state_.loss_fast - state_.loss_slow;
    m.beta1 = o.momentum_low +
              (o.momentum_high - o.momentum_low) / (1 + std::exp(o.loss_momentum * rise));
    m.correction_beta1 = m.beta1;
  }
  return m;
}

Modulation Modulator::as_coded(const Signals& signals) const {
  const double factor = std::clamp(2 * signals.entropy, .5, 2.);
  const double trust = std::clamp(40 / std::exp(signals.loss), .5, 2.);
  return {.lr_factor = options_.rule == "as_coded_twice" ? factor * factor : factor,
          .beta1 = std::clamp(beta1_ * trust, .5, .999),
          .correction_beta1 = beta1_};
}

Modulation Modulator::next(const Signals& signals) {
  ++state_.steps;
  if (!curve_.empty()) {
    const auto point = curve_.front().at(state_.steps);
    return {point.lr_factor, point.beta1, point.beta1};
  }
  hear(signals);
  return options_.rule == "well_posed" ? well_posed() : as_coded(signals);
}

}  // namespace saggio::models
