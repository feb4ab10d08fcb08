// SPDX-License-Identifier: MIT
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include <memory>
#include <span>

#include "experiments/modules/relations/learner.h"
#include "experiments/modules/require_cpu.h"
#include "experiments/modules/tensor_probe.h"
#include "models/numerics.h"
#include "results/store/hash.h"

namespace saggio::experiments {
namespace {

RelationTask task_of(const RelationCompositionConfig& config, const harness::Context& context) {
  return make_relation_task(config.data, context.stream("data").split("task"));
}

// A learner that owns what it learns from.
struct Probed {
  Probed(const RelationCompositionConfig& own_config, const harness::Context& context)
      : config(own_config), task(task_of(config, context)), learner(config, task, context) {}
  RelationCompositionConfig config;
  RelationTask task;
  RelationLearner learner;
};

harness::ProbeStart probe_start(const Probed& probed) {
  std::string questions;
  for (const data::RelationQuestion& question : probed.task.train)
    for (const auto& [from, to, relation] : question.edges)
      questions += fmt::format("{} {} {} ", from, to, relation);
  harness::ProbeStart start;
  start.weights = digests_of(probed.learner.model().parameters());
  start.data_order = results::sha256(questions);
  start.settings = {{"decay", probed.config.train.optimizer.decay},
                    {"clip", probed.config.train.clip}};
  return start;
}

// The longest rows: soft sums over pairs of relations for every person, the networks over widths.
double terms_of(const RelationCompositionConfig& config) {
  const int64_t latent = config.soft.relations + config.soft.spare;
  return static_cast<double>(config.heldout_rounds *
                             std::max({latent * latent * models::kNames,
                                       2 * config.bellman_ford.width,
                                       config.edge_attention.width * models::kNames,
                                       config.edge_tokens.ffn_width}));
}

at::Tensor pass(const Probed& probed) {
  const std::span<const data::RelationQuestion> questions = probed.task.heldout.begin()->second;
  const std::vector<models::RelationGraph> graphs =
      graphs_of(questions.first(std::min<size_t>(questions.size(), 8)));
  std::vector<const models::RelationGraph*> all;
  for (const models::RelationGraph& graph : graphs) all.push_back(&graph);
  results::Stream names(0);
  return probed.learner.model().logits(models::make_batch(all, data::kinship::kRelations, names),
                                       probed.config.heldout_rounds);
}

// The share of right answers to all held-out questions, after training on the answers as they are or
// on each other's.
double trained_score(const RelationCompositionConfig& config, bool shuffle, uint64_t seed) {
  harness::Context context = harness::Context::in_memory(seed);
  RelationTask task = task_of(config, context);
  if (shuffle) {
    std::vector<int32_t> answers;
    for (const data::RelationQuestion& question : task.train) answers.push_back(question.answer);
    results::Stream(seed).split("labels").shuffle(std::span(answers));
    for (size_t i = 0; i < answers.size(); ++i) task.train[i].answer = answers[i];
  }
  RelationLearner learner(config, task, context);
  learner.train(context);
  const models::Evaluating evaluating(learner.trainer());
  const RelationSolver solver = learner.solver(context.stream("eval").split("names"));
  int64_t asked = 0, right = 0;
  for (const auto& [k, questions] : task.heldout) {
    asked += static_cast<int64_t>(questions.size());
    right += count_right(solver, questions);
  }
  return static_cast<double>(right) / static_cast<double>(asked);
}

}  // namespace

harness::Probe probe_relation_composition(const RelationCompositionConfig& config,
                                          harness::Context& context) {
  require_cpu(context);
  models::set_numerics(context.threads());
  if (!learns(config)) return {};
  // The functions of the probe share this and outlive this call.
  const auto probed = std::make_shared<Probed>(config, context);
  harness::Probe probe = trained_probe(
      probed->learner.model().parameters(),
      [probed] { probed->learner.step(); },
      [config](bool shuffle, uint64_t seed) { return trained_score(config, shuffle, seed); },
      count_relation_model(config).at("params"));
  probe.start = [probed] { return probe_start(*probed); };
  probe.paths = probe_threads([probed] { return pass(*probed); }, terms_of(config));
  return probe;
}

}  // namespace saggio::experiments
