// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "results/random.h"

// Velvet: AdamW whose learning rate listens to the entropy of the predictions and whose momentum
// listens to the loss. What listens is two scalars a step; everything here is a pure function of
// the signals, so that its controls can be put in its place: the same curve replayed without
// listening, the same values in another order, their mean.
//
// The well-posed terms, with fast and slow running means of 50 and 1000 steps:
//   rate      factor = clip(h_fast / h_slow, 1 - limit, 1 + limit) ^ entropy_rate,
//             h the mean entropy of the predictions over ln V. The slow mean takes out that entropy
//             falls as a model learns: without it this would be a hidden decay of the rate.
//   momentum  beta1 = low + (high - low) / (1 + exp(loss_momentum * (l_fast - l_slow))),
//             l the loss in nats, which is the logarithm of the perplexity.
// Every term that is off leaves its scalar untouched, bit for bit.
//
// The rule as it was first published, for the record of what it does (`as_coded`):
//   factor = clip(2 h, 0.5, 2), beta1 = clip(beta1 * clip(40 / exp(l), 0.5, 2), 0.5, 0.999), with
//   AdamW's bias correction by the fixed beta1; `as_coded_twice` applies the factor twice.
namespace saggio::models {

struct VelvetOptions {
  std::string rule = "well_posed";
  double entropy_rate = 1;
  double entropy_limit = 0.2;
  double loss_momentum = 1;
  double momentum_low = 0.85;
  double momentum_high = 0.95;
  double frozen = 0;
  bool skip_near_zero = false;
  std::string control = "feedback";
  std::string curve;

  void visit(auto& v) {
    v("rule",
      rule,
      "how the signals act; as_coded: as first published",
      {"well_posed", "as_coded", "as_coded_twice"},
      "well_posed");
    v("entropy_rate",
      entropy_rate,
      "exponent of the entropy factor on the rate; 0 is off",
      {-4, 4},
      1);
    v("entropy_limit", entropy_limit, "the factor's largest distance from 1", {0, 0.9}, 0.2);
    v("loss_momentum",
      loss_momentum,
      "how steeply momentum falls as the loss rises; 0 is off",
      {0, 100},
      1);
    v("momentum_low", momentum_low, "lowest beta1", {0, 0.9999}, 0.85);
    v("momentum_high", momentum_high, "highest beta1", {0, 0.9999}, 0.95);
    v("frozen", frozen, "share of each matrix that never moves, drawn at the start", {0, 0.99}, 0);
    v("skip_near_zero",
      skip_near_zero,
      "as first published: weights below 1e-9 are not updated",
      false);
    v("control",
      control,
      "feedback listens; the others play a recorded curve: as it was, in another order, its mean",
      {"feedback", "replay", "shuffled", "constant"},
      "feedback");
    v.file("curve", curve, "replay, shuffled, constant: a table of step, lr_factor, beta1");
  }
};

struct Signals {
  double loss = std::numeric_limits<double>::quiet_NaN();  // nats per token
  double entropy =
      std::numeric_limits<double>::quiet_NaN();  // of the predictions over ln V, [0, 1]
};

struct Modulation {
  double lr_factor = 1;
  double beta1 = 0;
  double correction_beta1 = 0;  // what AdamW's bias correction believes beta1 to be
};

// What is remembered between steps; a checkpoint keeps these numbers.
struct ModulationState {
  int64_t steps = 0;
  double entropy_fast = 0, entropy_slow = 0, loss_fast = 0, loss_slow = 0;
};

// A recorded course of the two scalars, linear between its points and constant beyond them.
class ModulationCurve {
 public:
  struct Point {
    int64_t step;  // the first step is 1
    double lr_factor, beta1;
  };
  explicit ModulationCurve(std::vector<Point> points);

  // Tab-separated lines below the line "step\tlr_factor\tbeta1", as `saggio export --curve` writes
  // them. Throws std::runtime_error with file and line.
  static ModulationCurve read(const std::string& file);

  Point at(int64_t step) const;
  // The values of steps 1 .. steps in another order; their mean.
  ModulationCurve shuffled(int64_t steps, results::Stream stream) const;
  ModulationCurve mean(int64_t steps) const;

 private:
  std::vector<Point> points_;  // ascending steps, at least one
};

class Modulator {
 public:
  // Throws std::invalid_argument if the options contradict each other. `stream` orders a shuffled
  // control.
  Modulator(const VelvetOptions& options, double beta1, int64_t steps, results::Stream stream);

  // The scalars of the next step, after its signals have been heard.
  Modulation next(const Signals& signals);

  bool needs_entropy() const;
  ModulationState& state() { return state_; }
  const ModulationState& state() const { return state_; }

 private:
  void hear(const Signals& signals);
  Modulation well_posed() const;
  Modulation as_coded(const Signals& signals) const;

  VelvetOptions options_;
  double beta1_;
  std::vector<ModulationCurve> curve_;  // none or one
  ModulationState state_;
};

}  // namespace saggio::models
