// SPDX-License-Identifier: MIT
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <memory>

#include "experiments/modules/language_model_session.h"
#include "experiments/modules/require_cpu.h"
#include "experiments/modules/tensor_probe.h"
#include "experiments/modules/text_scores.h"
#include "models/numerics.h"
#include "results/store/hash.h"

namespace saggio::experiments {

using data::Corpus;
using models::Transformer;

namespace {

at::Tensor row_of(std::span<const int32_t> tokens) {
  return at::tensor(at::ArrayRef<int32_t>(tokens.data(), tokens.size()), at::kLong).unsqueeze(0);
}

std::vector<float> probe_forward(const Transformer& model, std::span<const int32_t> tokens) {
  const at::NoGradGuard no_gradients;
  const at::Tensor logits = model.forward(row_of(tokens)).contiguous();
  return {logits.const_data_ptr<float>(), logits.const_data_ptr<float>() + logits.numel()};
}

harness::ProbeStart probe_start(Session& session, const LanguageModelConfig& config) {
  harness::ProbeStart start;
  start.weights = digests_of(session.model.parameters());
  session.windows.batch(0, session.buffer);
  start.data_order = results::sha256({reinterpret_cast<const char*>(session.buffer.data()),
                                      session.buffer.size() * sizeof(int32_t)});
  start.settings = {{"decay", config.train.trainer.optimizer.decay},
                    {"clip", config.train.trainer.clip}};
  return start;
}

// The forward pass with these parameters at zero, which takes a part's addition to the residual
// stream away.
std::vector<float> probe_without(const Transformer& model,
                                 std::string_view ending,
                                 std::span<const int32_t> tokens) {
  const at::NoGradGuard no_gradients;
  models::NamedTensors kept;
  for (const auto& [name, value] : model.parameters())
    if (name.ends_with(ending)) kept.push_back({name, value.clone()});
  std::vector<float> outputs;
  for (const auto& [name, value] : model.parameters())
    if (name.ends_with(ending)) value.detach().zero_();
  outputs = probe_forward(model, tokens);
  for (const auto& [name, value] : model.parameters())
    for (const models::NamedTensor& before : kept)
      if (before.name == name) value.detach().copy_(before.value);
  return outputs;
}

// One pass on one thread and on two, within the rounding of sums as long as the widest layer.
std::vector<harness::ProbePath> probe_paths(const std::shared_ptr<Session>& session,
                                            const LanguageModelConfig& config,
                                            int64_t length) {
  std::vector<int32_t> tokens(static_cast<size_t>(length));
  for (size_t i = 0; i < tokens.size(); ++i)
    tokens[i] = static_cast<int32_t>(7 * i % static_cast<size_t>(session->model.vocabulary()));
  const double terms = static_cast<double>(std::max(config.model.width, config.model.ffn_width)) *
                       static_cast<double>(config.model.layers);
  return probe_threads([session, row = row_of(tokens)] { return session->model.forward(row); },
                       terms);
}

// The targets of a batch in another order: what is left to learn is how often each token occurs.
at::Tensor shuffled(const at::Tensor& targets, results::Stream& stream) {
  at::Tensor order = at::arange(targets.numel(), at::kLong);
  stream.shuffle(std::span(order.mutable_data_ptr<int64_t>(), static_cast<size_t>(order.numel())));
  return targets.flatten().index_select(0, order).view(targets.sizes());
}

// Steps after which even a tiny model knows more of a text than how often each token occurs.
int64_t steps_to_learn(const LanguageModelConfig& config) {
  constexpr int64_t kTokens = 60'000;
  const int64_t tokens_per_step =
      config.train.batch * config.train.context * config.train.trainer.accumulation;
  return std::clamp<int64_t>(kTokens / tokens_per_step, 120, 240);
}

// Nats on the beginning of the held-out text after a brief training at a constant rate.
double trained_score(const LanguageModelConfig& config,
                     const Corpus& corpus,
                     bool shuffle,
                     uint64_t seed) {
  constexpr size_t kScored = 4096;
  LanguageModelConfig brief = config;
  const int64_t steps = steps_to_learn(config);
  brief.train.trainer.steps = steps;
  brief.train.trainer.schedule = {.schedule = "constant", .warmup = steps / 10};
  Session session(brief, harness::Context::in_memory(seed), corpus);
  results::Stream order = results::Stream(seed).split("labels");
  for (int64_t i = 0; i < steps; ++i)
    session.trainer.step([&] {
      session.windows.batch(session.batches++, session.buffer);
      const Batch batch = batch_of(session.buffer, static_cast<size_t>(session.model.context()));
      const at::Tensor logits = session.model.forward(batch.tokens, &session.dropout),
                       targets = shuffle ? shuffled(batch.targets, order) : batch.targets;
      return models::BatchLoss{models::cross_entropy(logits, targets), logits};
    });
  const models::Evaluating evaluating(session.trainer);
  const data::Range part = corpus.parts.heldout;
  return score(
             session.model, corpus.text, {part.begin, part.begin + std::min(part.size(), kScored)})
      .nats;
}

}  // namespace

harness::Probe probe_language_model(const LanguageModelConfig& config, harness::Context& context) {
  require_cpu(context);
  models::set_numerics(context.threads());
  LanguageModelConfig small = config;
  if (config.data.kind == "kinship")
    small.data.train_bytes = 20'000, small.data.heldout = 0.5;  // enough for one step
  // The functions of the probe share these two and outlive this call.
  const auto corpus = std::make_shared<Corpus>(
      data::make_corpus(small.data, context.stream("data").split("corpus")));
  const auto session = std::make_shared<Session>(config, context, *corpus);

  harness::Probe probe;
  probe.sequence_length = std::min<int64_t>(config.train.context, 64);
  probe.vocabulary = session->model.vocabulary();
  probe.forward = [corpus, session](std::span<const int32_t> tokens) {
    return probe_forward(session->model, tokens);
  };
  probe.step = [corpus, session] {
    return probe_parameters(session->model.parameters(), [&] { session->step(); });
  };
  probe.start = [corpus, session, config] { return probe_start(*session, config); };
  for (const auto& [component, ending] :
       {std::pair("attention", ".attention.out.weight"), std::pair("ffn", ".ffn.down.weight")})
    probe.without[component] = [corpus, session, ending](std::span<const int32_t> tokens) {
      return probe_without(session->model, ending, tokens);
    };
  probe.paths = probe_paths(session, config, probe.sequence_length);
  probe.labels = harness::ProbeLabels{.score =
                                          [corpus, config](bool shuffle, uint64_t seed) {
                                            return trained_score(config, *corpus, shuffle, seed);
                                          },
                                      .goal = results::Goal::kMin};
  double parameters = 0;
  for (const auto& [component, count] :
       models::parameter_counts(config.model, probe.vocabulary, config.train.context))
    parameters += static_cast<double>(count);
  probe.claimed = {{"parameters", parameters}, {"trainable_parameters", parameters}};
  return probe;
}

}  // namespace saggio::experiments
