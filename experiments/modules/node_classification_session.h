// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "experiments/data/labelled_graph.h"
#include "experiments/harness/module.h"
#include "models/early_stopping.h"
#include "models/graph_network.h"
#include "models/propagation.h"
#include "models/training.h"

// What the run of a node classification and the gates that look into it share: its configuration, and
// a network with its trainer and its graph.
namespace saggio::experiments {

struct NodeModelOptions {
  models::GraphNetworkOptions network;
  bool row_normalised = true;
  bool correct_and_smooth = false;
  models::SpreadOptions spread, correct{.keep = 0.2};

  bool learns() const { return network.kind != "label_propagation"; }

  void visit(auto& v) {
    v("kind",
      network.kind,
      "a network, or the labels spread over the edges",
      {"mlp", "gcn", "gat", "dagnn", "label_propagation"});
    network.visit(v);
    v("row_normalised", row_normalised, "the features of a node sum to 1; otherwise they are 1");
    v("correct_and_smooth",
      correct_and_smooth,
      "spread what the network got wrong, and the labels");
    v("spread_keep",
      spread.keep,
      "label_propagation, correct_and_smooth: share of its own label that a node keeps in a round",
      {0, 1});
    v("spread_rounds", spread.rounds, "rounds of that", {0, 1e5});
    v("correct_keep", correct.keep, "correct_and_smooth: the same share, of errors", {0, 1});
  }
};

struct NodeTrainOptions {
  models::TrainerOptions trainer{.steps = 200,
                                 .clip = 0,
                                 .optimizer = {.lr = 0.01, .beta2 = 0.999, .decay = 0},
                                 .schedule = {.schedule = "constant"}};
  double l2 = 5e-4;
  std::string l2_on = "first";
  models::EarlyStoppingOptions stop;

  void visit(auto& v) {
    trainer.visit(v);
    v("l2", l2, "the loss has so many halves of the squared weights", {0, 10});
    v("l2_on", l2_on, "which weights: of the first layer, or all", {"first", "all"});
    stop.visit(v);
  }
};

struct NodeClassificationConfig {
  data::LabelledGraphOptions data;
  NodeModelOptions model;
  NodeTrainOptions train;

  void visit(auto& v) {
    v("data", data);
    v("model", model);
    v("train", train);
  }
};

// A labelled graph as tensors.
struct NodeTask {
  // The edges come from `adjacency`, whose node i is graph.label[i].
  NodeTask(const data::LabelledGraph& graph,
           const kernels::Adjacency& adjacency,
           bool row_normalised);

  models::GraphInput input;
  at::Tensor labels;              // [N] i64; -1: not known
  at::Tensor train, valid, test;  // [.] i64
  int64_t features, classes;
};

// The share of `nodes` [.] whose largest of the scores [N, C] is that of their label.
double accuracy_of(const at::Tensor& scores, const at::Tensor& labels, const at::Tensor& nodes);

struct NodeScore {
  double accuracy = 0, nats = 0;
};
NodeScore score_nodes(const at::Tensor& logits, const at::Tensor& labels, const at::Tensor& nodes);

// All that a training run is made of; the task is borrowed.
struct NodeSession {
  NodeSession(const NodeClassificationConfig& config,
              const harness::Context& context,
              const NodeTask& source);

  const NodeTask& task;
  const NodeTrainOptions options;
  models::GraphNetwork network;
  models::Trainer trainer;
  results::Stream dropout;

  models::StepReport step();  // one epoch, on the labels of the task
  // Trains to the end that the options set, and leaves the weights that they keep. `each` is told of
  // every epoch with its validation score; an outcome that it returns ends the training, and is
  // returned.
  using EachEpoch = std::function<std::optional<results::Record>(const models::StepReport& report,
                                                                 const NodeScore& valid)>;
  std::optional<results::Record> train(const EachEpoch& each);
};

// What the gates look at; its functions outlive the call.
harness::Probe probe_node_classification(const NodeClassificationConfig& config,
                                         harness::Context& context);

}  // namespace saggio::experiments
