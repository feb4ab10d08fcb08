// SPDX-License-Identifier: MIT
#include "experiments/modules/links/training.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

#include "experiments/modules/cost.h"
#include "models/checkpoint.h"

namespace saggio::experiments {
namespace {

struct Loop {
  const LinkLearner& learner;
  models::Trainer trainer;
  double flops_per_step = 0;

  models::StepReport step(results::Ledger& ledger) {
    return counted_step(flops_per_step, ledger, [&] {
      return trainer.step([&] { return learner.batch(trainer.steps_done()); });
    });
  }
  void save(const std::filesystem::path& folder) const {
    models::save_checkpoint(folder,
                            trainer.tensors(),
                            {{"step", trainer.steps_done()}, {"flops_per_step", flops_per_step}});
  }
  void load(const std::filesystem::path& folder) {
    const nlohmann::json state = models::load_checkpoint(folder, trainer.tensors());
    trainer.continue_from(state.at("step"));
    flops_per_step = state.at("flops_per_step");
  }
};

}  // namespace

EpochOrder::EpochOrder(size_t size, int64_t batch, const results::Stream& stream)
    : batch_(std::min(batch, static_cast<int64_t>(size))), stream_(stream), order_(size) {}

std::span<const size_t> EpochOrder::of(int64_t step) {
  if (epoch(step) != shuffled_) {
    shuffled_ = epoch(step);
    std::iota(order_.begin(), order_.end(), size_t{0});
    results::Stream stream = stream_.split(static_cast<uint64_t>(shuffled_));
    stream.shuffle(std::span(order_));
  }
  const auto begin = static_cast<size_t>(first(step));
  return std::span<const size_t>(order_).subspan(
      begin, std::min(static_cast<size_t>(batch_), order_.size() - begin));
}

models::TrainerOptions trainer_options(const LinkLearner& learner,
                                       const LinkTrainOptions& options) {
  return {.steps = options.epochs * learner.order->per_epoch(),
          .clip = 0,
          .optimizer = options.optimizer,
          .schedule = options.schedule};
}

std::optional<results::Record> train(const LinkLearner& learner,
                                     const LinkTrainOptions& options,
                                     harness::Context& context) {
  constexpr int64_t kPoints = 50;  // of the curve
  const models::TrainerOptions how = trainer_options(learner, options);
  Loop loop{learner,
            models::Trainer(learner.parameters, how, context.stream("init").split("trainer"))};
  if (const auto checkpoint = context.checkpoint()) loop.load(checkpoint->folder);
  std::optional<results::Record> early;
  while (!early && loop.trainer.steps_done() < how.steps) {
    const models::StepReport report = loop.step(context.ledger());
    const int64_t done = loop.trainer.steps_done();
    if (!report.finite) {
      early = diverged(done + 1, report);
      break;
    }
    learner.after_step();
    if (done % std::max<int64_t>(1, how.steps / kPoints) == 0)
      context.log(done, "train/nats", report.loss);
    context.progress(done, how.steps);
    if (context.checkpoint_due())
      context.save(done, [&](const std::filesystem::path& folder) { loop.save(folder); });
    if (context.should_stop()) early = context.stopped();
  }
  context.ledger().set(
      "", "train_flops", loop.flops_per_step * static_cast<double>(loop.trainer.steps_done()));
  return early;
}

}  // namespace saggio::experiments
