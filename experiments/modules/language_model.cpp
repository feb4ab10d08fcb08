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
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>

#include "experiments/data/corpus.h"
#include "experiments/data/windows.h"
#include "experiments/harness/module.h"
#include "experiments/modules/text_scores.h"
#include "kernels/flop_counter.h"
#include "models/checkpoint.h"
#include "models/generate.h"
#include "models/numerics.h"
#include "models/training.h"
#include "models/transformer.h"
#include "results/store/hash.h"

namespace saggio::experiments {
namespace {

using data::Corpus;
using data::Text;
using models::Transformer;

struct TrainOptions {
  int64_t batch = 2;
  int64_t context = 256;
  models::TrainerOptions trainer{.steps = 680, .schedule = {.warmup = 50}};

  void visit(auto& v) {
    v("batch", batch, "windows per batch", {1, 4096});
    v("context", context, "tokens of a window", {2, 8192});
    trainer.visit(v);
  }
};

struct EvalOptions {
  int64_t every = 0;

  void visit(auto& v) {
    v("every", every, "steps between scores for the curves; 0: at the end only", {0, 1e7});
  }
};

struct SampleOptions {
  int64_t tokens = 500;
  double temperature = 0.8;

  void visit(auto& v) {
    v("tokens", tokens, "length of the text that the trained model writes; 0: none", {0, 1e6});
    v("temperature", temperature, "of that text; 0 takes the most probable token", {0, 10});
  }
};

struct Config {
  data::CorpusOptions data;
  models::TransformerOptions model;
  TrainOptions train;
  EvalOptions eval;
  SampleOptions sample;
  bool keep_model = false;

  void visit(auto& v) {
    v("data", data);
    v("model", model);
    v("train", train);
    v("eval", eval);
    v("sample", sample);
    v("keep_model",
      keep_model,
      "leave the trained weights in the run's folder: model/tensors.safetensors",
      false);
  }
};

// --- one run

// All that a run is made of; the text is borrowed.
struct Session {
  Session(const Config& config, const harness::Context& context, const Corpus& source)
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

  const Corpus& corpus;
  Transformer model;
  models::Trainer trainer;
  results::Stream dropout;
  data::RandomWindows windows;
  std::vector<int32_t> buffer;
  uint64_t batches = 0;                      // drawn so far
  std::map<std::string, double> curve_sums;  // since the last point of the curves
  double flops_per_step = 0;

  models::BatchLoss next_batch() {
    windows.batch(batches++, buffer);
    const Batch batch = batch_of(buffer, static_cast<size_t>(model.context()));
    const at::Tensor logits = model.forward(batch.tokens, &dropout);
    return {models::cross_entropy(logits, batch.targets), logits};
  }

  models::StepReport step() {
    return trainer.step([this] { return next_batch(); });
  }

  void save(const std::filesystem::path& folder) const {
    models::save_checkpoint(folder,
                            trainer.tensors(),
                            {{"step", trainer.steps_done()},
                             {"batches", batches},
                             {"dropout", models::to_json(dropout)},
                             {"curve_sums", curve_sums},
                             {"flops_per_step", flops_per_step}});
  }

  void load(const std::filesystem::path& folder) {
    const nlohmann::json state = models::load_checkpoint(folder, trainer.tensors());
    trainer.continue_from(state.at("step"));
    batches = state.at("batches");
    dropout = models::stream_from_json(state.at("dropout"));
    curve_sums = state.at("curve_sums");
    flops_per_step = state.at("flops_per_step");
  }
};

void add_uncounted(results::Ledger& ledger, const kernels::FlopCount& count) {
  for (const auto& [operation, times] : count.uncounted) ledger.uncounted[operation] += times;
}

// Runs `evaluate` and enters what it cost.
void evaluated(results::Ledger& ledger, const std::function<void()>& evaluate) {
  const kernels::FlopCount count = kernels::count_flops(evaluate);
  ledger.add("", "eval_flops", count.flops);
  add_uncounted(ledger, count);
}

// The first step is counted, and stands for all: each has the same shapes.
models::StepReport counted_step(Session& session, results::Ledger& ledger) {
  if (session.flops_per_step > 0) return session.step();
  models::StepReport report;
  const kernels::FlopCount count = kernels::count_flops([&] { report = session.step(); });
  session.flops_per_step = count.flops;
  add_uncounted(ledger, count);
  return report;
}

// The parts that are scored, by the name that their metrics begin with.
std::map<std::string, data::Range> scored_parts(const data::Split& parts) {
  std::map<std::string, data::Range> named = {{"heldout", parts.heldout}};
  if (parts.valid.size() > 0) named["valid"] = parts.valid;
  return named;
}

// The means over equal intervals, so that a curve holds all of the run.
void log_curves(Session& session,
                const Config& config,
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

void fill_ledger(const Session& session, const Config& config, results::Ledger& ledger) {
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
                                     const Config& config,
                                     harness::Context& context) {
  while (session.trainer.steps_done() < config.train.trainer.steps) {
    const models::StepReport report = counted_step(session, context.ledger());
    if (!report.finite) {
      results::Record record;
      record.outcome = results::Outcome::kDiverged;
      record.message = fmt::format("step {}: loss {}, gradient norm {}",
                                   session.trainer.steps_done() + 1,
                                   report.loss,
                                   report.gradient_norm);
      return record;
    }
    log_curves(session, config, context, report);
    if (context.checkpoint_due())
      context.save(session.trainer.steps_done(),
                   [&](const std::filesystem::path& folder) { session.save(folder); });
    if (context.should_stop()) return context.stopped();
  }
  return std::nullopt;
}

void write_sample(const Session& session, const Config& config, harness::Context& context) {
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
  if (!answers.empty())
    metrics["heldout/answer_accuracy"] = answer_accuracy(session.model, session.corpus);
  return metrics;
}

void require_cpu(const harness::Context& context) {
  if (context.device() != "cpu")
    throw harness::DeviceMissing(
        fmt::format("device '{}' is missing: this program is linked with LibTorch's CPU library "
                    "only; set device = \"cpu\"",
                    context.device()));
}

struct LanguageModel {
  static constexpr std::string_view name = "language_model", version = "1",
                                    match_by = "model.ffn_width";
  static constexpr std::string_view summary =
      "A small causal transformer on bytes or characters: held-out loss of its parts and its "
      "training";

  using Config = experiments::Config;

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

  static harness::Probe probe(const Config& config, harness::Context& context);
};

// --- what the gates look at

std::vector<harness::ProbeParameter> probe_step(Session& session) {
  std::vector<at::Tensor> before;
  for (const auto& [name, value] : session.model.parameters())
    before.push_back(value.detach().clone());
  session.step();
  std::vector<harness::ProbeParameter> all;
  for (const auto& [name, value] : session.model.parameters())
    all.push_back({.name = name,
                   .elements = value.numel(),
                   .trainable = value.requires_grad(),
                   .gradient_norm = value.grad().norm().item<double>(),
                   .change_norm = (value - before[all.size()]).norm().item<double>()});
  return all;
}

std::vector<float> probe_forward(const Transformer& model, std::span<const int32_t> tokens) {
  const at::NoGradGuard no_gradients;
  const at::Tensor row =
      at::tensor(at::ArrayRef<int32_t>(tokens.data(), tokens.size()), at::kLong).unsqueeze(0);
  const at::Tensor logits = model.forward(row).contiguous();
  return {logits.const_data_ptr<float>(), logits.const_data_ptr<float>() + logits.numel()};
}

std::string digest(const void* data, size_t bytes) {
  return results::sha256({static_cast<const char*>(data), bytes});
}

harness::ProbeStart probe_start(Session& session, const Config& config) {
  harness::ProbeStart start;
  for (const auto& [name, value] : session.model.parameters())
    start.weights[fmt::format("{} [{}]", name, fmt::join(value.sizes(), ", "))] =
        digest(value.const_data_ptr<float>(), value.nbytes());
  session.windows.batch(0, session.buffer);
  start.data_order = digest(session.buffer.data(), session.buffer.size() * sizeof(int32_t));
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
                                            const Config& config,
                                            int64_t length) {
  const auto on = [session, length](int threads) {
    const int before = at::get_num_threads();
    at::set_num_threads(threads);
    std::vector<int32_t> tokens(static_cast<size_t>(length));
    for (size_t i = 0; i < tokens.size(); ++i)
      tokens[i] = static_cast<int32_t>(7 * i % static_cast<size_t>(session->model.vocabulary()));
    std::vector<float> outputs = probe_forward(session->model, tokens);
    at::set_num_threads(before);
    return outputs;
  };
  const double terms = static_cast<double>(std::max(config.model.width, config.model.ffn_width)) *
                       static_cast<double>(config.model.layers);
  return {{.name = "1 thread", .outputs = [on] { return on(1); }},
          {.name = "2 threads",
           .outputs = [on] { return on(2); },
           .tolerance = 8 * std::numeric_limits<float>::epsilon() * terms}};
}

harness::Probe LanguageModel::probe(const Config& config, harness::Context& context) {
  require_cpu(context);
  models::set_numerics(context.threads());
  Config small = config;
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
  probe.step = [corpus, session] { return probe_step(*session); };
  probe.start = [corpus, session, config] { return probe_start(*session, config); };
  for (const auto& [component, ending] :
       {std::pair("attention", ".attention.out.weight"), std::pair("ffn", ".ffn.down.weight")})
    probe.without[component] = [corpus, session, ending](std::span<const int32_t> tokens) {
      return probe_without(session->model, ending, tokens);
    };
  probe.paths = probe_paths(session, config, probe.sequence_length);
  probe.claimed = {{"parameters", count(config).at("params")},
                   {"trainable_parameters", count(config).at("params")}};
  return probe;
}

const harness::Register<LanguageModel> registered;

}  // namespace
}  // namespace saggio::experiments
