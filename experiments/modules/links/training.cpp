// SPDX-License-Identifier: MIT
#include "experiments/modules/links/training.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "kernels/flop_counter.h"
#include "models/checkpoint.h"

namespace saggio::experiments {
namespace {

results::Record diverged(int64_t step, const models::StepReport& report) {
  results::Record record;
  record.outcome = results::Outcome::kDiverged;
  record.message =
      fmt::format("step {}: loss {}, gradient norm {}", step, report.loss, report.gradient_norm);
  return record;
}

struct Loop {
  const LinkTraining& training;
  models::Trainer trainer;
  double flops_per_step = 0;

  models::StepReport step(results::Ledger& ledger) {
    const auto take = [&] {
      return trainer.step([&] { return training.batch(trainer.steps_done()); });
    };
    if (flops_per_step > 0) return take();
    models::StepReport report;
    const kernels::FlopCount count = kernels::count_flops([&] { report = take(); });
    flops_per_step = count.flops;
    for (const auto& [operation, times] : count.uncounted) ledger.uncounted[operation] += times;
    return report;
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

std::optional<results::Record> train(const LinkTraining& training, harness::Context& context) {
  constexpr int64_t kPoints = 50;  // of the curve
  const int64_t steps = training.options.steps;
  Loop loop{training,
            models::Trainer(
                training.parameters, training.options, context.stream("init").split("trainer"))};
  if (const auto checkpoint = context.checkpoint()) loop.load(checkpoint->folder);
  std::optional<results::Record> early;
  while (!early && loop.trainer.steps_done() < steps) {
    const models::StepReport report = loop.step(context.ledger());
    const int64_t done = loop.trainer.steps_done();
    if (!report.finite) {
      early = diverged(done + 1, report);
      break;
    }
    training.after_step();
    if (done % std::max<int64_t>(1, steps / kPoints) == 0)
      context.log(done, "train/nats", report.loss);
    context.progress(done, steps);
    if (context.checkpoint_due())
      context.save(done, [&](const std::filesystem::path& folder) { loop.save(folder); });
    if (context.should_stop()) early = context.stopped();
  }
  context.ledger().set(
      "", "train_flops", loop.flops_per_step * static_cast<double>(loop.trainer.steps_done()));
  return early;
}

}  // namespace saggio::experiments
