// SPDX-License-Identifier: MIT
//
// Question    Trained on stories of two to four facts, what answers questions that need ten?
// Hypothesis  A table of relations composed over all pairs of people, each cell written once, learned
//             from answers alone; it falls where rounds do not grow with the question.
// Baseline    symbolic: the composition table counted in the same stories, and a chart over the ways
//             from source to target. It is the bar, not the trophy. Below it, last_edge and majority.
// Reproduces  CLUTRR over edges (Sinha et al. 2019, arXiv:1908.06177), trained on k = 2, 3:
//             studies/clutrr_edges.toml, which has the published figures; and the same question on
//             generated families, where every length has as many stories as one asks for:
//             studies/kinship_composition.toml.
// Cost        CLUTRR: seconds. Kinship: half a minute, some of it for stories of ten facts.
#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "experiments/harness/module.h"
#include "experiments/modules/relations/graph.h"
#include "experiments/modules/relations/learner.h"
#include "experiments/modules/require_cpu.h"
#include "models/numerics.h"
#include "results/statistics/statistics.h"

namespace saggio::experiments {
namespace {

// By length, with Wilson's interval of each; and over the lengths beyond those of training.
std::map<std::string, double> metrics_of(const RelationSolver& solver,
                                         const RelationTask& task,
                                         harness::Context& context) {
  std::map<std::string, double> metrics;
  double lowest = 1, sum = 0;
  int longer = 0;
  for (const auto& [k, questions] : task.heldout) {
    const auto asked = static_cast<int64_t>(questions.size());
    const int64_t right = count_right(solver, questions);
    const double share = static_cast<double>(right) / static_cast<double>(asked);
    const results::Interval interval = results::wilson_interval(right, asked, .95);
    metrics[fmt::format("heldout/accuracy_k{:02}", k)] = share;
    metrics[fmt::format("heldout/wilson_low_k{:02}", k)] = interval.low;
    metrics[fmt::format("heldout/wilson_high_k{:02}", k)] = interval.high;
    context.log(k, "heldout/accuracy_by_k", share);
    if (k <= task.longest_train()) continue;
    lowest = std::min(lowest, share);
    sum += share;
    ++longer;
  }
  metrics["heldout/accuracy"] = sum / std::max(longer, 1);
  metrics["heldout/lowest_accuracy"] = lowest;
  if (!task.valid.empty())
    metrics["valid/accuracy"] = static_cast<double>(count_right(solver, task.valid)) /
                                static_cast<double>(task.valid.size());
  return metrics;
}

void tell_some(const RelationSolver& solver,
               const RelationTask& task,
               int64_t each,
               harness::Context& context) {
  std::vector<AskedRelation> asked;
  for (const auto& [k, all] : task.heldout) {
    const auto questions = std::span(all).first(std::min(all.size(), static_cast<size_t>(each)));
    const std::vector<SaidRelation> said = solver.answer(questions);
    for (size_t i = 0; i < said.size(); ++i) {
      const auto& [relation, probability] = said[i];
      std::vector<data::MadeRelation> steps;
      if (relation && solver.explain) steps = solver.explain(questions[i], *relation);
      asked.push_back({&questions[i], relation, probability, solver.method, std::move(steps)});
    }
  }
  if (!asked.empty()) tell(asked, context.seed(), context.graph());
}

results::Record scored(const RelationSolver& solver,
                       const RelationCompositionConfig& config,
                       const RelationTask& task,
                       harness::Context& context) {
  results::Record record;
  record.metrics = metrics_of(solver, task, context);
  tell_some(solver, task, config.told, context);
  return record;
}

results::Record learn(const RelationCompositionConfig& config,
                      const RelationTask& task,
                      harness::Context& context) {
  RelationLearner learner(config, task, context);
  context.ledger().set("", "parameters", count_relation_model(config).at("params"));
  if (auto early = learner.train(context)) return *early;
  const models::Evaluating evaluating(learner.trainer());
  return scored(learner.solver(context.stream("eval").split("names")), config, task, context);
}

struct RelationComposition {
  static constexpr std::string_view name = "relation_composition", version = "1";
  static constexpr std::string_view summary =
      "What somebody is to somebody, from more facts than in training: learned and counted tables "
      "of relations beside networks";

  using Config = RelationCompositionConfig;

  static results::Record run(const Config& config, harness::Context& context) {
    require_cpu(context);
    models::set_numerics(context.threads());
    const RelationTask task = make_relation_task(config.data, context.stream("data").split("task"));
    if (learns(config)) return learn(config, task, context);
    const RelationSolver solver = config.solver == "symbolic"
                                      ? counted_table(task, context.ledger())
                                      : guessing(config.solver, task);
    return scored(solver, config, task, context);
  }

  static harness::Counts count(const Config& config) { return count_relation_model(config); }

  static harness::Probe probe(const Config& config, harness::Context& context) {
    return probe_relation_composition(config, context);
  }
};

const harness::Register<RelationComposition> registered;

}  // namespace
}  // namespace saggio::experiments
