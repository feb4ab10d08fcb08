// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "experiments/modules/links/relational_options.h"
#include "experiments/modules/links/task.h"
#include "models/embedding.h"
#include "models/optim/optimizer.h"
#include "models/schedule.h"

// The configuration of link_prediction. A model adds a name to `model`, a table of its options, and
// an entry in links/models.cpp.
namespace saggio::experiments {

struct LinkTrainOptions {
  int64_t batch = 256;
  int64_t epochs = 50;
  models::OptimizerOptions optimizer{.lr = 0.01, .beta2 = 0.999, .decay = 0};
  models::ScheduleOptions schedule{.schedule = "constant"};

  void visit(auto& v) {
    v("batch", batch, "questions in a batch", {1, 1e6});
    v("epochs", epochs, "times that every question of the training facts is asked", {1, 1e6});
    optimizer.visit(v);
    schedule.visit(v);
  }
};

struct LinkEvalOptions {
  int64_t facts = 0;
  std::string ties = "mean";
  int64_t batch = 64;

  void visit(auto& v) {
    v("facts", facts, "test facts asked about, evenly spaced; 0: all", {0, 1e7});
    v("ties",
      ties,
      "the rank of a truth among its equals: the mean, or the last (as ULTRA and NBFNet count)",
      {"mean", "worst"});
    v("batch", batch, "questions scored at once; changes no result", {1, 1e5}, 64);
  }
};

struct LinkGraphOptions {
  int64_t facts = 50;
  int64_t answers = 3;

  void visit(auto& v) {
    v("facts", facts, "test facts whose predictions the reasoning graph keeps", {0, 1e6});
    v("answers", answers, "best predictions kept of each question", {1, 1000});
  }
};

struct LinkPredictionConfig {
  std::string model = "distmult";
  LinkDataOptions data;
  models::EmbeddingOptions embedding;
  NbfnetTrainOptions nbfnet;
  UltraLinkOptions ultra;
  LinkTrainOptions train;
  LinkEvalOptions eval;
  LinkGraphOptions graph;

  void visit(auto& v) {
    v("model",
      model,
      "what scores facts: embeddings, networks over the graph, or what needs no training",
      {"transe",
       "distmult",
       "complex",
       "rotate",
       "nbfnet",
       "ultra",
       "constant",
       "relation_frequency",
       "one_hop_rules"});
    v("data", data);
    v("embedding", embedding);
    v("nbfnet", nbfnet);
    v("ultra", ultra);
    v("train", train);
    v("eval", eval);
    v("graph", graph);
  }
};

}  // namespace saggio::experiments
