// SPDX-License-Identifier: MIT
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <memory>
#include <span>

#include "experiments/modules/links/models.h"
#include "experiments/modules/links/ranking.h"
#include "experiments/modules/require_cpu.h"
#include "experiments/modules/tensor_probe.h"
#include "models/numerics.h"

namespace saggio::experiments {
namespace {

// A learner that owns its task, and a trainer of it.
struct Probed {
  Probed(const LinkPredictionConfig& config, const harness::Context& context)
      : task(load(config.data)),
        learner(link_learner(task, config, context).value()),
        trainer(learner.parameters,
                trainer_options(learner, config.train),
                context.stream("init").split("trainer")) {}

  void step() {
    trainer.step([this] { return learner.batch(trainer.steps_done()); });
    learner.after_step();
  }

  LinkTask task;
  LinkLearner learner;
  models::Trainer trainer;
};

harness::ProbeStart probe_start(Probed& probed, const LinkPredictionConfig& config) {
  const std::span<const size_t> first = probed.learner.order->of(0);
  harness::ProbeStart start;
  start.weights = digests_of(probed.learner.parameters);
  start.data_order =
      digest_of(at::tensor(std::vector<int64_t>(first.begin(), first.end()), at::kLong));
  start.settings = {{"decay", config.train.optimizer.decay}, {"clip", 0}};
  return start;
}

// Rows of products are as long as vectors of nodes are, or, layer by layer, as what is known of them.
std::vector<harness::ProbePath> probe_paths(const std::shared_ptr<Probed>& probed,
                                            const LinkPredictionConfig& config) {
  const auto& layers = config.nbfnet.model.layers;
  const auto terms = static_cast<double>(
      config.model == "nbfnet" ? 13 * layers.width * layers.layers : 2 * config.embedding.width);
  return probe_threads(
      [probed] {
        const std::span<const data::Triple> facts = probed->task.inference().test;
        std::vector<int64_t> heads, relations;
        for (const data::Triple& fact : facts.first(std::min<size_t>(facts.size(), 8))) {
          heads.push_back(fact.head);
          relations.push_back(fact.relation);
        }
        return probed->learner.scorer()->scores(at::tensor(heads, at::kLong),
                                                at::tensor(relations, at::kLong));
      },
      terms);
}

// The mean reciprocal rank of held-out facts after training on the facts as they are, or with other
// facts' tails.
double trained_score(const LinkPredictionConfig& config, bool shuffle, uint64_t seed) {
  harness::Context context = harness::Context::in_memory(seed);
  LinkTask task = load(config.data);
  const data::Answers known = known_answers(task, config.data);
  if (shuffle) {
    std::vector<data::Triple>& facts = task.graphs.training.train;
    std::vector<int32_t> tails;
    for (const data::Triple& fact : facts) tails.push_back(fact.tail);
    results::Stream(seed).split("labels").shuffle(std::span(tails));
    for (size_t i = 0; i < facts.size(); ++i) facts[i].tail = tails[i];
  }
  const LinkLearner learner = link_learner(task, config, context).value();
  train(learner, config.train, context);
  const at::NoGradGuard no_gradients;
  const auto scorer = learner.scorer();
  return ranking_metrics(rank_facts(*scorer,
                                    evenly(task.inference().test, config.eval.facts),
                                    known,
                                    config.eval.batch),
                         results::Ties::Mean)
      .at("mrr");
}

}  // namespace

harness::Probe probe_link_prediction(const LinkPredictionConfig& config,
                                     harness::Context& context) {
  require_cpu(context);
  models::set_numerics(context.threads());
  if (!learns(config)) return {};
  // The functions of the probe share this and outlive this call.
  const auto probed = std::make_shared<Probed>(config, context);
  harness::Probe probe = trained_probe(
      probed->learner.parameters,
      [probed] { probed->step(); },
      [config](bool shuffle, uint64_t seed) { return trained_score(config, shuffle, seed); },
      count_elements(probed->learner.parameters));
  probe.start = [probed, config] { return probe_start(*probed, config); };
  probe.paths = probe_paths(probed, config);
  return probe;
}

}  // namespace saggio::experiments
