// SPDX-License-Identifier: MIT
#include "experiments/modules/language_model_session.h"

#include <nlohmann/json.hpp>

#include "experiments/modules/text_scores.h"
#include "models/checkpoint.h"

namespace saggio::experiments {

Session::Session(const LanguageModelConfig& config,
                 const harness::Context& context,
                 const data::Corpus& source)
    : corpus(source),
      model(config.model,
            static_cast<int64_t>(source.text.vocabulary_size()),
            config.train.context,
            context.stream("init")),
      trainer(model.parameters(), config.train.trainer, context.stream("init").split("trainer")),
      dropout(context.stream("dropout")),
      windows(source.text,
              source.parts.train,
              static_cast<size_t>(config.train.batch),
              static_cast<size_t>(config.train.context),
              context.stream("data").split("windows")),
      buffer(static_cast<size_t>(config.train.batch * (config.train.context + 1))) {}

models::BatchLoss Session::next_batch() {
  windows.batch(batches++, buffer);
  const Batch batch = batch_of(buffer, static_cast<size_t>(model.context()));
  const at::Tensor logits = model.forward(batch.tokens, &dropout);
  return {models::cross_entropy(logits, batch.targets), logits};
}

models::StepReport Session::step() {
  return trainer.step([this] { return next_batch(); });
}

void Session::save(const std::filesystem::path& folder) const {
  models::save_checkpoint(folder,
                          trainer.tensors(),
                          {{"step", trainer.steps_done()},
                           {"batches", batches},
                           {"dropout", models::to_json(dropout)},
                           {"curve_sums", curve_sums},
                           {"flops_per_step", flops_per_step}});
}

void Session::load(const std::filesystem::path& folder) {
  const nlohmann::json state = models::load_checkpoint(folder, trainer.tensors());
  trainer.continue_from(state.at("step"));
  batches = state.at("batches");
  dropout = models::stream_from_json(state.at("dropout"));
  curve_sums = state.at("curve_sums");
  flops_per_step = state.at("flops_per_step");
}

}  // namespace saggio::experiments
