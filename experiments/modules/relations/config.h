// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "experiments/modules/relations/task.h"
#include "models/relations/bellman_ford.h"
#include "models/relations/edge_attention.h"
#include "models/relations/edge_tokens.h"
#include "models/relations/soft_composition.h"
#include "models/training.h"

// The configuration of relation_composition.
namespace saggio::experiments {

struct RelationCompositionConfig {
  RelationTaskOptions data;
  std::string solver = "soft";
  models::SoftCompositionOptions soft;
  models::BellmanFordOptions bellman_ford;
  models::EdgeAttentionOptions edge_attention;
  models::EdgeTokensOptions edge_tokens;
  int64_t batch = 64;
  int64_t train_rounds = 3;
  int64_t heldout_rounds = 9;
  models::TrainerOptions train{
      .steps = 500,
      .optimizer = {.lr = 1e-2, .beta2 = 0.98, .decay = 0.01},
      .schedule = {.warmup = 100, .min_lr_ratio = 0.02},
  };
  int64_t told = 2;

  void visit(auto& v) {
    v("data", data);
    v("solver",
      solver,
      "a learned table, three networks that learn as well, the counted table, and two guesses",
      {"soft",
       "bellman_ford",
       "edge_attention",
       "edge_tokens",
       "symbolic",
       "last_edge",
       "majority"});
    v("soft", soft);
    v("bellman_ford", bellman_ford);
    v("edge_attention", edge_attention);
    v("edge_tokens", edge_tokens);
    v("batch", batch, "questions of a step", {1, 4096});
    v("train_rounds", train_rounds, "rounds in training (edge_tokens has none)", {1, 100});
    v("heldout_rounds", heldout_rounds, "rounds when held-out questions are asked", {1, 100});
    v("train", train);
    v("told", told, "held-out questions of each length that go into the run's graph", {0, 1e4});
  }
};

}  // namespace saggio::experiments
