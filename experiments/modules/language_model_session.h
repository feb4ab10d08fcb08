// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "experiments/data/corpus.h"
#include "experiments/data/windows.h"
#include "experiments/harness/module.h"
#include "models/training.h"
#include "models/transformer.h"

// What the run of a language model and the gates that look into it share: its configuration, and a
// model with its trainer and its place in the data.
namespace saggio::experiments {

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

struct LanguageModelConfig {
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

// All that a run is made of; the text is borrowed.
struct Session {
  Session(const LanguageModelConfig& config,
          const harness::Context& context,
          const data::Corpus& source);

  const data::Corpus& corpus;
  models::Transformer model;
  models::Trainer trainer;
  results::Stream dropout;
  data::RandomWindows windows;
  std::vector<int32_t> buffer;               // of one batch
  uint64_t batches = 0;                      // drawn so far
  std::map<std::string, double> curve_sums;  // since the last point of the curves
  double flops_per_step = 0;

  models::BatchLoss next_batch();
  models::StepReport step();
  void save(const std::filesystem::path& folder) const;
  void load(const std::filesystem::path& folder);
};

// What the gates look at; its functions outlive the call.
harness::Probe probe_language_model(const LanguageModelConfig& config, harness::Context& context);

}  // namespace saggio::experiments
