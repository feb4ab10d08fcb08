// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/named_tensors.h"
#include "models/optim/velvet.h"
#include "results/random.h"

// What turns gradients into steps. An optimizer borrows the parameters' tensors and owns its
// moments; the learning rate comes in with each step, from a schedule (models/schedule.h), so that
// there is one place where it is decided. Decay is lr * decay * p, before the step, on parameters
// of two or more dimensions and nothing on norms and biases, as in nanoGPT.
//
//   adamw          Loshchilov and Hutter 2019, arXiv:1711.05101, algorithm 2, epsilon 1e-8
//   velvet         the same with the terms of velvet.h; bit-equal to adamw with all of them off
//   lion           Chen et al. 2023, arXiv:2302.06675, algorithm 2
//   sgd            v = momentum v + g, p -= lr v
//   muon           Jordan et al. 2024 (kellerjordan.github.io/posts/muon) for the matrices of the
//                  blocks, its update scaled to AdamW's size by .2 sqrt(max(rows, columns)) as in
//                  Liu et al. 2025, arXiv:2502.16982, so that one rate serves both; adamw for
//                  embeddings, head, norms and biases
//   schedule_free  Defazio et al. 2024, arXiv:2405.15682, algorithm 1 with AdamW's step and their
//                  weights lr^2; use schedule = "constant". Evaluate inside Evaluating.
namespace saggio::models {

struct OptimizerOptions {
  std::string optimizer = "adamw";
  double lr = 3e-3;
  double beta1 = 0.9;
  double beta2 = 0.99;
  double decay = 0.1;
  double momentum = 0.9;
  VelvetOptions velvet;

  void visit(auto& v) {
    v("optimizer",
      optimizer,
      "the rule of a step",
      {"adamw", "velvet", "lion", "sgd", "muon", "schedule_free"});
    v("lr", lr, "peak learning rate", {0, 10});
    v("beta1", beta1, "memory of the mean gradient (not sgd, muon)", {0, 0.99999});
    v("beta2", beta2, "memory of the mean square (lion: of the momentum)", {0, 0.99999});
    v("decay", decay, "weight decay of matrices, times the rate (decoupled)", {0, 10});
    v("momentum", momentum, "sgd, muon: memory of the sum of gradients", {0, 0.99999});
    v("velvet", velvet);
  }
};

using Tensors = std::vector<at::Tensor>;

struct StepInput {
  double lr = 0;
  double gradient_scale = 1;  // the clip factor: the gradients as they are, times this, are used
  Signals signals;
};

struct Quantity {
  std::string name;
  double value;
};

class Optimizer {
 public:
  virtual ~Optimizer() = default;

  // Takes one step. Throws std::logic_error naming a parameter that has no gradient.
  virtual void step(const StepInput& input) = 0;

  // Moments and counters, sharing memory: copying into them restores a state.
  virtual NamedTensors state() const = 0;

  // Entries that are never touched, one u8 tensor per parameter (0: frozen) or undefined; or none.
  // Their gradients count for nothing.
  virtual const Tensors& masks() const;
  virtual bool needs_entropy() const { return false; }
  // What the last step decided by itself: "lr_factor", "beta1".
  virtual std::vector<Quantity> decided() const { return {}; }
  // Swaps the parameters that are trained with those that are evaluated, where they differ.
  virtual void swap_for_evaluation() {}
};

// `steps` is the length of the run, `stream` draws what an optimizer draws (masks, shuffled
// controls). Throws std::invalid_argument if the options contradict each other.
std::unique_ptr<Optimizer> make_optimizer(const OptimizerOptions& options,
                                          const NamedTensors& parameters,
                                          int64_t steps,
                                          const results::Stream& stream);

}  // namespace saggio::models
