// SPDX-License-Identifier: MIT
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <memory>
#include <span>

#include "experiments/modules/citation_graph.h"
#include "experiments/modules/node_classification_session.h"
#include "experiments/modules/require_cpu.h"
#include "experiments/modules/tensor_probe.h"
#include "models/numerics.h"
#include "models/view_tensors.h"

namespace saggio::experiments {
namespace {

// A session that owns its task.
struct ProbeSession {
  ProbeSession(const NodeClassificationConfig& config,
               const harness::Context& context,
               NodeTask own_task)
      : task(std::move(own_task)), session(config, context, task) {}
  NodeTask task;
  NodeSession session;
};

NodeTask task_of(const NodeClassificationConfig& config, harness::Context& context) {
  const data::LabelledGraph graph =
      data::make_labelled_graph(config.data, context.stream("data").split("graph"));
  return {
      graph, models::adjacency_of(tell_graph(graph, context.graph())), config.model.row_normalised};
}

harness::ProbeStart probe_start(const ProbeSession& probed) {
  harness::ProbeStart start;
  start.weights = digests_of(probed.session.network.parameters());
  start.data_order = digest_of(probed.task.train);
  start.settings = {{"decay", probed.session.options.l2},
                    {"clip", probed.session.options.trainer.clip}};
  return start;
}

// Rows of products are as long as the features, and follow each other layer by layer.
std::vector<harness::ProbePath> probe_paths(const std::shared_ptr<ProbeSession>& probed,
                                            const NodeClassificationConfig& config) {
  const auto terms = static_cast<double>(config.model.network.width * config.model.network.layers *
                                         config.model.network.heads);
  return probe_threads([probed] { return probed->session.network.forward(probed->task.input); },
                       terms);
}

// Held-out accuracy with the classes of the training nodes as they are, or in another order.
double trained_score(const NodeClassificationConfig& config, bool shuffle, uint64_t seed) {
  harness::Context context = harness::Context::in_memory(seed);
  NodeTask task = task_of(config, context);
  const at::Tensor truth = task.labels;
  if (shuffle) {
    at::Tensor learned = truth.index_select(0, task.train);
    results::Stream(seed).split("labels").shuffle(
        std::span(learned.mutable_data_ptr<int64_t>(), static_cast<size_t>(learned.numel())));
    task.labels = truth.index_copy(0, task.train, learned);
  }
  NodeSession session(config, context, task);
  session.train([](const models::StepReport&, const NodeScore&) { return std::nullopt; });
  const at::NoGradGuard no_gradients;
  return score_nodes(session.network.forward(task.input), truth, task.test).accuracy;
}

}  // namespace

harness::Probe probe_node_classification(const NodeClassificationConfig& config,
                                         harness::Context& context) {
  require_cpu(context);
  models::set_numerics(context.threads());
  if (!config.model.learns()) return {};  // nothing is trained
  // The functions of the probe share this and outlive this call.
  const auto probed = std::make_shared<ProbeSession>(config, context, task_of(config, context));
  harness::Probe probe = trained_probe(
      probed->session.network.parameters(),
      [probed] { probed->session.step(); },
      [config](bool shuffle, uint64_t seed) { return trained_score(config, shuffle, seed); },
      static_cast<double>(models::parameter_count(
          config.model.network, probed->task.features, probed->task.classes)));
  probe.start = [probed] { return probe_start(*probed); };
  probe.paths = probe_paths(probed, config);
  return probe;
}

}  // namespace saggio::experiments
