// SPDX-License-Identifier: MIT
//
// Question    Given the classes of 20 nodes of each kind, what do a node's neighbours tell about its
//             own, beyond what its features tell, and how much of that needs a network?
// Hypothesis  Most of it: an MLP that knows nothing of edges, with its errors spread over them, comes
//             within a few points of a graph network.
// Baseline    mlp; label_propagation; mlp with correct_and_smooth.
// Reproduces  Kipf and Welling 2017, table 2, and Velickovic et al. 2018, table 2, on Planetoid's
//             fixed split: studies/node_classification.toml has the figures. The default task is
//             generated and needs no download.
// Cost        As it stands a tenth of a second; gcn on Cora a second, gat several.
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "experiments/modules/citation_graph.h"
#include "experiments/modules/cost.h"
#include "experiments/modules/node_classification_session.h"
#include "experiments/modules/require_cpu.h"
#include "models/numerics.h"
#include "models/view_tensors.h"

namespace saggio::experiments {
namespace {

// One pass forward and back, on a network that is thrown away; all passes have the same shapes.
void count_flops(const NodeClassificationConfig& config,
                 const NodeTask& task,
                 harness::Context& context,
                 int64_t epochs) {
  NodeSession session(config, context, task);
  const auto times = static_cast<double>(epochs);
  results::Ledger& ledger = context.ledger();
  ledger.add("", "train_flops", times * counted(ledger, [&] { session.step(); }));
  ledger.add("", "eval_flops", (times + 1) * counted(ledger, [&] {
                                 const at::NoGradGuard no_gradients;
                                 session.network.forward(task.input);
                               }));
}

// Trains a network; its logits [N, C], or why it ended without.
std::optional<results::Record> learn(const NodeClassificationConfig& config,
                                     const NodeTask& task,
                                     harness::Context& context,
                                     at::Tensor& logits) {
  constexpr int64_t kInterval = 5;  // epochs between points of the curves
  NodeSession session(config, context, task);
  const auto early = session.train([&](const models::StepReport& report,
                                       const NodeScore& valid) -> std::optional<results::Record> {
    const int64_t epoch = session.trainer.steps_done();
    if (!report.finite) return diverged(epoch + 1, report);
    if (epoch % kInterval == 0) {
      context.log(epoch, "train/nats", report.loss);
      context.log(epoch, "valid/nats", valid.nats);
      context.log(epoch, "valid/accuracy", valid.accuracy);
    }
    context.progress(epoch, config.train.trainer.steps);
    if (context.should_stop()) return context.stopped();
    return std::nullopt;
  });
  const int64_t epochs = session.trainer.steps_done();
  context.ledger().set("", "epochs", static_cast<double>(epochs));
  count_flops(config, task, context, epochs);
  if (early) return early;
  const at::NoGradGuard no_gradients;
  logits = session.network.forward(task.input);
  return std::nullopt;
}

struct Answer {
  at::Tensor scores;  // [N, C] not negative; the largest of a row is what is said of the node
  std::string method;
};

// How sure a node's class is: its share of the row, 1 / C where nothing came to the node.
std::vector<Classified> classified(const Answer& answer, const std::vector<int32_t>& nodes) {
  const int64_t C = answer.scores.size(1);
  const at::Tensor scores = answer.scores.contiguous();
  std::vector<Classified> result;
  for (const int32_t node : nodes) {
    const float* row = scores.const_data_ptr<float>() + node * C;
    const float *top = std::max_element(row, row + C), sum = std::accumulate(row, row + C, 0.F);
    result.push_back(
        {node, static_cast<int32_t>(top - row), sum > 0 ? *top / sum : 1 / static_cast<float>(C)});
  }
  return result;
}

struct NodeClassification {
  static constexpr std::string_view name = "node_classification", version = "1",
                                    match_by = "model.width";
  static constexpr std::string_view summary =
      "Classes of a graph's nodes from few labels: graph networks beside an MLP, label propagation "
      "and Correct & Smooth";

  using Config = NodeClassificationConfig;

  static results::Record run(const Config& config, harness::Context& context) {
    require_cpu(context);
    check(config);
    models::set_numerics(context.threads());
    const data::LabelledGraph graph =
        data::make_labelled_graph(config.data, context.stream("data").split("graph"));
    const graph::View view = tell_graph(graph, context.graph());
    const NodeTask task(graph, models::adjacency_of(view), config.model.row_normalised);
    const double parameters = count_parameters(config.model, task.features, task.classes);
    for (const char* quantity : {"parameters", "trainable_parameters", "active_parameters"})
      context.ledger().set("network", quantity, parameters);

    results::Record record;
    at::Tensor logits;
    if (config.model.learns())
      if (auto early = learn(config, task, context, logits)) return *early;
    const Answer answer = answered(config.model, task, logits);
    for (const auto& [part, nodes] : {std::pair("train", task.train),
                                      std::pair("valid", task.valid),
                                      std::pair("heldout", task.test)}) {
      record.metrics[fmt::format("{}/accuracy", part)] =
          accuracy_of(answer.scores, task.labels, nodes);
      if (config.model.learns() && !config.model.correct_and_smooth)
        record.metrics[fmt::format("{}/nats", part)] = score_nodes(logits, task.labels, nodes).nats;
    }
    tell_classes(
        graph, classified(answer, graph.test), answer.method, context.seed(), context.graph());
    return record;
  }

  static harness::Counts count(const Config& config) {
    const data::LabelledGraph graph =
        data::make_labelled_graph(config.data, results::Stream(0));  // sizes are not drawn
    return {{"params", count_parameters(config.model, graph.features, graph.classes)}};
  }

  static harness::Probe probe(const Config& config, harness::Context& context) {
    return probe_node_classification(config, context);
  }

 private:
  static void check(const Config& config) {
    if (config.model.correct_and_smooth && !config.model.learns())
      throw std::invalid_argument(
          "model.correct_and_smooth = true with model.kind = 'label_propagation', which makes no "
          "errors to correct: take mlp, gcn, gat or dagnn");
  }

  static double count_parameters(const NodeModelOptions& model, int64_t features, int64_t classes) {
    return model.learns()
               ? static_cast<double>(models::parameter_count(model.network, features, classes))
               : 0;
  }

  static Answer answered(const NodeModelOptions& model,
                         const NodeTask& task,
                         const at::Tensor& logits) {
    const kernels::Adjacency& graph = task.input.graph;
    if (!model.learns())
      return {models::label_propagation(graph, task.labels, task.train, task.classes, model.spread),
              "share of the labels that reach it"};
    const at::Tensor probabilities = logits.softmax(1);
    if (!model.correct_and_smooth) return {probabilities, "softmax"};
    return {models::correct_and_smooth(
                graph, probabilities, task.labels, task.train, model.correct, model.spread)
                .clamp_min(0),
            "correct and smooth"};
  }
};

const harness::Register<NodeClassification> registered;

}  // namespace
}  // namespace saggio::experiments
