// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "models/named_tensors.h"

// What turns gradients into steps. An optimizer borrows the parameters' tensors and owns its
// moments; the learning rate comes in with each step, from a schedule (schedule.h), so that there
// is one place where it is decided.
namespace saggio::models {

struct OptimizerOptions {
  std::string optimizer = "adamw";
  double lr = 3e-3;
  double beta1 = 0.9;
  double beta2 = 0.99;
  double decay = 0.1;
  double momentum = 0.9;

  void visit(auto& v) {
    v("optimizer", optimizer, "the rule of a step", {"adamw", "sgd"});
    v("lr", lr, "peak learning rate", {0, 10});
    v("beta1", beta1, "adamw: memory of the mean gradient", {0, 0.99999});
    v("beta2", beta2, "adamw: memory of the mean square", {0, 0.99999});
    v("decay", decay, "weight decay of matrices, times the rate (decoupled)", {0, 10});
    v("momentum", momentum, "sgd: memory of the sum of gradients", {0, 0.99999});
  }
};

class Optimizer {
 public:
  virtual ~Optimizer() = default;

  // Takes one step against the gradients. Throws std::logic_error naming a parameter that has none.
  virtual void step(double lr) = 0;

  // Moments and counters, sharing memory: copying into them restores a state.
  virtual NamedTensors state() const = 0;
};

// adamw: Loshchilov and Hutter 2019, arXiv:1711.05101, algorithm 2, epsilon 1e-8, by ATen's fused
// kernel. sgd: v = momentum v + g, p -= lr v. Decay is lr * decay * p on parameters of two or more
// dimensions and nothing on norms and biases, as in nanoGPT.
std::unique_ptr<Optimizer> make_optimizer(const OptimizerOptions& options,
                                          const NamedTensors& parameters);

void clear_gradients(
    const NamedTensors& parameters);  // to "none": nothing to add to, nothing to zero

// Scales all gradients so that their global norm is at most `limit` (Pascanu et al. 2013), 0 leaves
// them. Returns the norm before. A norm that is not finite leaves them too: do not step then.
double clip_gradients(const NamedTensors& parameters, double limit);

}  // namespace saggio::models
