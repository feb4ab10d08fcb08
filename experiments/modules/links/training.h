// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "experiments/harness/context.h"
#include "experiments/modules/links/config.h"
#include "models/training.h"
#include "models/triple_scorer.h"
#include "results/record.h"

// How link prediction's models learn: what they are asked, in which order; curve, checkpoints, cost,
// early ends.
namespace saggio::experiments {

// Numbers in batches, each epoch in another order. Which ones a step gets depends on the step and
// the stream alone, so that a run that is continued has the same bits.
class EpochOrder {
 public:
  // A batch has at most as many as there are.
  EpochOrder(size_t size, int64_t batch, const results::Stream& stream);

  int64_t per_epoch() const { return (static_cast<int64_t>(order_.size()) + batch_ - 1) / batch_; }
  int64_t epoch(int64_t step) const { return step / per_epoch(); }
  int64_t first(int64_t step) const { return step % per_epoch() * batch_; }  // place in the epoch
  std::span<const size_t> of(int64_t step);  // the last batch of an epoch may be smaller

 private:
  int64_t batch_;
  results::Stream stream_;
  std::vector<size_t> order_;  // of epoch shuffled_
  int64_t shuffled_ = -1;
};

// A model together with what it learns from; training, the gates and the evaluation share it.
struct LinkLearner {
  models::NamedTensors parameters;
  std::shared_ptr<EpochOrder> order;
  std::function<models::BatchLoss(int64_t step)> batch;  // of the order's batch
  std::function<void()> after_step = [] {};
  // Of the inference graph's nodes, with the parameters as they are whenever it is asked.
  std::function<std::unique_ptr<models::TripleScorer>()> scorer;
};

models::TrainerOptions trainer_options(const LinkLearner& learner, const LinkTrainOptions& options);

// Trains to the last step, or until something ends it early, which is then the answer. Goes on from
// the context's checkpoint. The ledger's train_flops are those of the first step times the steps:
// an upper bound where the last batch of an epoch is smaller.
std::optional<results::Record> train(const LinkLearner& learner,
                                     const LinkTrainOptions& options,
                                     harness::Context& context);

}  // namespace saggio::experiments
