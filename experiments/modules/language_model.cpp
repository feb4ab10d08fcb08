// SPDX-License-Identifier: MIT
//
// Question    How well does a small causal transformer predict text that it has not seen, and which
//             of its parts, and of its training, earn their keep at equal cost?
// Hypothesis  The learning rate moves the held-out loss more than any single part of the model.
// Baseline    nanoGPT's CPU configuration on tiny Shakespeare, by characters: 1.88 nats
//             (github.com/karpathy/nanoGPT, README, "I only have a macbook"): 4 layers, width 128,
//             context 64, 2000 steps of 12 windows.
// Reproduces  That figure: studies/nano_char.toml, claims/nanogpt_char.toml. The default task is
//             generated and needs no download.
// Cost        As it stands: 150 thousand parameters, 350 kB of text seen once, about ten seconds on
//             one core. nano_char: two minutes.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>

#include "experiments/modules/answer_graph.h"
#include "experiments/modules/cost.h"
#include "experiments/modules/language_model_session.h"
#include "experiments/modules/require_cpu.h"
#include "experiments/modules/text_scores.h"
#include "models/generate.h"
#include "models/numerics.h"

namespace saggio::experiments {
namespace {

using data::Corpus;

// Runs `evaluate` and enters what it cost.
void evaluated(results::Ledger& ledger, const std::function<void()>& evaluate) {
  ledger.add("", "eval_flops", counted(ledger, evaluate));
}

// The parts that are scored, by the name that their metrics begin with.
std::map<std::string, data::Range> scored_parts(const data::Split& parts) {
  std::map<std::string, data::Range> named = {{"heldout", parts.heldout}};
  if (parts.valid.size() > 0) named["valid"] = parts.valid;
  return named;
}

// The means over equal intervals, so that a curve holds all of the run.
void log_curves(Session& session,
                const LanguageModelConfig& config,
                harness::Context& context,
                const models::StepReport& report) {
  constexpr int64_t kPoints = 50;
  const int64_t done = session.trainer.steps_done(), steps = config.train.trainer.steps;
  const int64_t interval = std::max<int64_t>(1, steps / kPoints);
  session.curve_sums["nats"] += report.loss;
  session.curve_sums["lr"] += report.lr;
  session.curve_sums["gradient_norm"] += report.gradient_norm;
  for (const auto& [name, value] : report.decided) session.curve_sums[name] += value;
  if (done % interval == 0) {
    for (const auto& [name, sum] : session.curve_sums)
      context.log(done, "train/" + name, sum / static_cast<double>(interval));
    session.curve_sums.clear();
  }
  if (config.eval.every > 0 && done % config.eval.every == 0 && done < steps)
    evaluated(context.ledger(), [&] {
      const models::Evaluating evaluating(session.trainer);
      for (const auto& [name, part] : scored_parts(session.corpus.parts))
        context.log(done, name + "/nats", score(session.model, session.corpus.text, part).nats);
    });
  context.progress(done, steps);
}

void fill_ledger(const Session& session,
                 const LanguageModelConfig& config,
                 results::Ledger& ledger) {
  for (const auto& [component, count] :
       models::parameter_counts(config.model, session.model.vocabulary(), config.train.context))
    for (const char* quantity : {"parameters", "trainable_parameters", "active_parameters"})
      ledger.set(component, quantity, static_cast<double>(count));
  const data::Coverage seen = session.windows.coverage(session.batches);
  const auto& [text, parts, answers] = session.corpus;
  const double bytes_per_token =
      static_cast<double>(text.bytes_in(parts.train)) / static_cast<double>(parts.train.size());
  ledger.set("",
             "train_flops",
             session.flops_per_step * static_cast<double>(session.trainer.steps_done()));
  ledger.set("", "train_bytes", static_cast<double>(seen.tokens) * bytes_per_token);
  ledger.set("", "unique_train_bytes", static_cast<double>(seen.unique_bytes));
  ledger.set("", "epochs", seen.epochs);
}

// Trains until the last step, or until something ends it early; that is then the answer.
std::optional<results::Record> train(Session& session,
                                     const LanguageModelConfig& config,
                                     harness::Context& context) {
  while (session.trainer.steps_done() < config.train.trainer.steps) {
    const models::StepReport report =
        counted_step(session.flops_per_step, context.ledger(), [&] { return session.step(); });
    if (!report.finite) return diverged(session.trainer.steps_done() + 1, report);
    log_curves(session, config, context, report);
    if (context.checkpoint_due())
      context.save(session.trainer.steps_done(),
                   [&](const std::filesystem::path& folder) { session.save(folder); });
    if (context.should_stop()) return context.stopped();
  }
  return std::nullopt;
}

void write_sample(const Session& session,
                  const LanguageModelConfig& config,
                  harness::Context& context) {
  if (config.sample.tokens == 0) return;
  const auto& [text, parts, answers] = session.corpus;
  std::vector<int32_t> prompt(
      std::min(parts.heldout.size(), static_cast<size_t>(config.train.context) / 2));
  text.read(parts.heldout.begin, prompt);
  results::Stream stream = context.stream("eval").split("sample");
  const std::vector<int32_t> written = models::generate(
      session.model, prompt, config.sample.tokens, config.sample.temperature, stream);
  std::ofstream(context.artefact("sample.txt"), std::ios::binary)
      << text.decode(prompt) << "\n--- the model goes on ---\n"
      << text.decode(written) << "\n";
}

std::map<std::string, double> final_metrics(const Session& session, harness::Context& context) {
  const auto& [text, parts, answers] = session.corpus;
  std::map<std::string, double> metrics;
  for (const auto& [name, part] : scored_parts(parts)) {
    const Score result = score(session.model, text, part);
    metrics[name + "/nats"] = result.nats;
    metrics[name + "/bits_per_byte"] = result.bits_per_byte;
    metrics[name + "/perplexity"] = std::exp(result.nats);  // per token
    context.log(session.trainer.steps_done(), name + "/nats", result.nats);
  }
  const size_t sample =
      std::min(parts.train.size(), parts.heldout.size());  // always the same: the beginning
  metrics["train/nats"] =
      score(session.model, text, {parts.train.begin, parts.train.begin + sample}).nats;
  metrics["memorisation_ratio"] = metrics["heldout/nats"] / metrics["train/nats"];
  if (!answers.empty()) {
    const std::vector<Guess> said = guesses(session.model, session.corpus);
    const auto right = std::count_if(said.begin(), said.end(), std::mem_fn(&Guess::right));
    metrics["heldout/answer_accuracy"] =
        static_cast<double>(right) / static_cast<double>(answers.size());
    tell(said, session.corpus, session.trainer.steps_done(), context.seed(), context.graph());
  }
  return metrics;
}

struct LanguageModel {
  static constexpr std::string_view name = "language_model", version = "1",
                                    match_by = "model.ffn_width";
  static constexpr std::string_view summary =
      "A small causal transformer on bytes or characters: held-out loss of its parts and its "
      "training";

  using Config = LanguageModelConfig;

  static results::Record run(const Config& config, harness::Context& context) {
    require_cpu(context);
    models::set_numerics(context.threads());
    const Corpus corpus = data::make_corpus(config.data, context.stream("data").split("corpus"));
    Session session(config, context, corpus);
    if (const auto checkpoint = context.checkpoint()) session.load(checkpoint->folder);

    std::optional<results::Record> early = train(session, config, context);
    fill_ledger(session, config, context.ledger());
    if (early) return *early;

    results::Record record;
    const models::Evaluating evaluating(session.trainer);
    evaluated(context.ledger(), [&] { record.metrics = final_metrics(session, context); });
    write_sample(session, config, context);
    if (config.keep_model) {
      const std::filesystem::path folder = context.artefact("model");
      std::filesystem::create_directories(folder);
      session.save(folder);
    }
    return record;
  }

  static harness::Counts count(const Config& config) {
    const auto vocabulary = static_cast<int64_t>(data::vocabulary_size(config.data));
    double parameters = 0;
    for (const auto& [component, count] :
         models::parameter_counts(config.model, vocabulary, config.train.context))
      parameters += static_cast<double>(count);
    return {{"params", parameters},
            {"flops_per_token",
             models::train_flops_per_token(config.model, vocabulary, config.train.context)}};
  }

  static harness::Probe probe(const Config& config, harness::Context& context) {
    return probe_language_model(config, context);
  }
};

const harness::Register<LanguageModel> registered;

}  // namespace
}  // namespace saggio::experiments
