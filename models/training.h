// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "models/named_tensors.h"
#include "models/optimizer.h"
#include "models/schedule.h"

// The steps of a training run: gradients, accumulation, clipping, schedule, optimizer. What is
// trained and on what is the caller's: a step asks for a loss, as often as it accumulates. A
// trainer's state is its tensors and its step count.
namespace saggio::models {

struct TrainerOptions {
  int64_t steps = 1000;
  int64_t accumulation = 1;
  double clip = 1;
  OptimizerOptions optimizer;
  ScheduleOptions schedule;

  void visit(auto& v) {
    v("steps", steps, "optimizer steps", {1, 1e7});
    v("accumulation", accumulation, "batches per step", {1, 1024});
    v("clip", clip, "largest global norm of the gradient; 0 clips nothing", {0, 1e6});
    optimizer.visit(v);
    schedule.visit(v);
  }
};

struct StepReport {
  double loss = 0;           // mean over the step's batches, before the step
  double gradient_norm = 0;  // before clipping
  double lr = 0;
  bool finite = true;  // false: loss or norm was no number, and nothing was changed
};

class Trainer {
 public:
  // Shares the parameters' memory.
  Trainer(NamedTensors parameters, const TrainerOptions& options);

  // `loss` gives the mean loss of a fresh batch, with its graph.
  StepReport step(const std::function<at::Tensor()>& loss);

  int64_t steps_done() const { return steps_done_; }
  void continue_from(int64_t step) { steps_done_ = step; }  // after copying into tensors()
  NamedTensors tensors() const;  // parameters and the optimizer's state, sharing memory

 private:
  NamedTensors parameters_;
  TrainerOptions options_;
  std::unique_ptr<Optimizer> optimizer_;
  int64_t steps_done_ = 0;
};

}  // namespace saggio::models
