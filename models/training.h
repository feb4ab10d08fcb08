// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "models/named_tensors.h"
#include "models/optim/optimizer.h"
#include "models/schedule.h"

// The steps of a training run: gradients, accumulation, clipping, schedule, optimizer, averaging of
// weights. What is trained and on what is the caller's: a step asks for a loss, as often as it
// accumulates. A trainer's state is its tensors and its step count.
namespace saggio::models {

struct TrainerOptions {
  int64_t steps = 1000;
  int64_t accumulation = 1;
  double clip = 1;
  double average = 0;
  OptimizerOptions optimizer;
  ScheduleOptions schedule;

  void visit(auto& v) {
    v("steps", steps, "optimizer steps", {1, 1e7});
    v("accumulation", accumulation, "batches per step", {1, 1024});
    v("clip", clip, "largest global norm of the gradient; 0 clips nothing", {0, 1e6});
    v("average",
      average,
      "the last share of the steps, whose weights are averaged for what is evaluated; 0 is off",
      {0, 1},
      0);
    optimizer.visit(v);
    schedule.visit(v);
  }
};

// What a batch gives: its mean loss with the graph behind it, and the logits [*, V] that it comes
// from, which are looked at only if the optimizer listens to their entropy.
struct BatchLoss {
  at::Tensor loss, logits;
};

struct StepReport {
  double loss = 0;                // mean over the step's batches, before the step
  double gradient_norm = 0;       // before clipping
  double lr = 0;                  // of the schedule
  bool finite = true;             // false: loss or norm was no number, and nothing was changed
  std::vector<Quantity> decided;  // what the optimizer decided by itself, "entropy" with it
};

class Trainer {
 public:
  // Shares the parameters' memory. `stream` draws what an optimizer draws.
  Trainer(NamedTensors parameters, const TrainerOptions& options, const results::Stream& stream);

  StepReport step(const std::function<BatchLoss()>& batch);

  int64_t steps_done() const { return steps_done_; }
  void continue_from(int64_t step) { steps_done_ = step; }  // after copying into tensors()
  NamedTensors tensors() const;  // parameters, the optimizer's state, averages, sharing memory

 private:
  friend class Evaluating;
  void swap_for_evaluation();
  void average();

  NamedTensors parameters_;
  TrainerOptions options_;
  std::unique_ptr<Optimizer> optimizer_;
  NamedTensors averages_;  // of the weights after the steps of the last share; empty if off
  int64_t steps_done_ = 0;
  bool evaluating_ = false;
};

// While it lives, the parameters are those to be evaluated or saved as the result: averages where
// the trainer or its optimizer keeps some. A step meanwhile throws std::logic_error.
class Evaluating {
 public:
  explicit Evaluating(Trainer& trainer) : trainer_(trainer) { trainer_.swap_for_evaluation(); }
  ~Evaluating() { trainer_.swap_for_evaluation(); }
  Evaluating(const Evaluating&) = delete;
  Evaluating& operator=(const Evaluating&) = delete;

 private:
  Trainer& trainer_;
};

}  // namespace saggio::models
