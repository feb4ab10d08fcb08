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
#include <functional>
#include <memory>
#include <span>

#include "experiments/data/relations/composition_table.h"
#include "experiments/data/relations/last_edge.h"
#include "experiments/harness/module.h"
#include "experiments/modules/relation_graph.h"
#include "experiments/modules/relation_task.h"
#include "experiments/modules/require_cpu.h"
#include "kernels/flop_counter.h"
#include "models/numerics.h"
#include "models/relations/bellman_ford.h"
#include "models/relations/edge_attention.h"
#include "models/relations/edge_tokens.h"
#include "models/relations/soft_composition.h"
#include "results/statistics/statistics.h"

namespace saggio::experiments {
namespace {

using data::RelationQuestion;

struct Config {
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

// What is said to one question.
struct Said {
  std::optional<int32_t> relation;
  double probability = 0;
};

// Somebody who answers.
struct Solver {
  std::function<std::vector<Said>(std::span<const RelationQuestion>)> answer;
  std::string method;  // of its probabilities
  // How an answer came about; empty: it cannot tell.
  std::function<std::vector<data::MadeRelation>(const RelationQuestion&, int32_t)> explain;
};

std::vector<models::RelationGraph> graphs_of(std::span<const RelationQuestion> questions) {
  std::vector<models::RelationGraph> graphs;
  for (const RelationQuestion& question : questions) {
    models::RelationGraph graph{static_cast<int64_t>(question.people.size()),
                                {},
                                question.source,
                                question.target,
                                question.answer};
    for (const auto& [from, to, relation] : question.edges)
      graph.edges.push_back({from, to, relation});
    graphs.push_back(std::move(graph));
  }
  return graphs;
}

bool is_learned(const std::string& solver) {
  return solver != "symbolic" && solver != "last_edge" && solver != "majority";
}

std::unique_ptr<models::RelationModel> make_model(const Config& config,
                                                  const results::Stream& init) {
  if (config.solver == "bellman_ford")
    return std::make_unique<models::BellmanFord>(config.bellman_ford, init);
  if (config.solver == "edge_attention")
    return std::make_unique<models::EdgeAttention>(config.edge_attention, init);
  if (config.solver == "edge_tokens")
    return std::make_unique<models::EdgeTokens>(config.edge_tokens, init);
  return std::make_unique<models::SoftComposition>(config.soft, init);
}

double parameter_count(const models::RelationModel& model) {
  double parameters = 0;
  for (const models::NamedTensor& parameter : model.parameters())
    parameters += static_cast<double>(parameter.value.numel());
  return parameters;
}

// The number of right answers to some questions.
int64_t count_right(const Solver& solver, std::span<const RelationQuestion> questions) {
  const std::vector<Said> said = solver.answer(questions);
  int64_t right = 0;
  for (size_t i = 0; i < said.size(); ++i) right += said[i].relation == questions[i].answer;
  return right;
}

// By length, with Wilson's interval of each; and over the lengths beyond those of training.
std::map<std::string, double> metrics_of(const Solver& solver,
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

void tell_some(const Solver& solver,
               const RelationTask& task,
               int64_t each,
               harness::Context& context) {
  std::vector<AskedRelation> asked;
  for (const auto& [k, all] : task.heldout) {
    const auto questions = std::span(all).first(std::min(all.size(), static_cast<size_t>(each)));
    const std::vector<Said> said = solver.answer(questions);
    for (size_t i = 0; i < said.size(); ++i) {
      const auto& [relation, probability] = said[i];
      std::vector<data::MadeRelation> steps;
      if (relation && solver.explain) steps = solver.explain(questions[i], *relation);
      asked.push_back({&questions[i], relation, probability, solver.method, std::move(steps)});
    }
  }
  if (!asked.empty()) tell(asked, context.seed(), context.graph());
}

Solver guessing(const std::string& name, const RelationTask& task) {
  const auto guess = std::make_shared<data::LastEdgeGuess>(task.train);
  const bool by_edge = name == "last_edge";
  return {[guess, by_edge](std::span<const RelationQuestion> questions) {
            std::vector<Said> said;
            for (const RelationQuestion& question : questions)
              said.push_back({by_edge ? guess->guess(question) : guess->most_frequent(), 1});
            return said;
          },
          "guess",
          {}};
}

Solver counted(const RelationTask& task, results::Ledger& ledger) {
  const auto table =
      std::make_shared<data::CompositionTable>(data::CompositionTable::learn(task.train));
  ledger.set("", "rules", table->pairs());
  return {[table](std::span<const RelationQuestion> questions) {
            std::vector<Said> said;
            for (const RelationQuestion& question : questions) {
              const data::CompositionTable::Answer answer = table->answer(question);
              said.push_back({answer.relation, answer.share});
            }
            return said;
          },
          "share",
          [table](const RelationQuestion& question, int32_t relation) {
            return table->derivation(question, relation);
          }};
}

// The model that a trainer trains; both borrowed.
Solver learned(const Config& config,
               const models::RelationModel& model,
               const results::Stream& names) {
  Solver solver{
      [&config, &model, names](std::span<const RelationQuestion> questions) {
        results::Stream drawn = names;  // the same names whenever they are asked
        std::vector<Said> said;
        for (const models::RelationAnswer& answer : models::answers_of(model,
                                                                       graphs_of(questions),
                                                                       data::kinship::kRelations,
                                                                       config.heldout_rounds,
                                                                       config.batch,
                                                                       drawn))
          said.push_back({static_cast<int32_t>(answer.relation), answer.probability});
        return said;
      },
      "softmax",
      {}};
  const auto* soft = dynamic_cast<const models::SoftComposition*>(&model);
  if (soft == nullptr) return solver;
  solver.explain = [soft, &config](const RelationQuestion& question, int32_t relation) {
    std::vector<data::MadeRelation> steps;
    for (const auto& [from, via, to, first, second, made, confidence] :
         soft->derivation(graphs_of({&question, 1})[0], relation, config.heldout_rounds))
      steps.push_back({static_cast<int32_t>(from),
                       static_cast<int32_t>(via),
                       static_cast<int32_t>(to),
                       static_cast<int32_t>(first),
                       static_cast<int32_t>(second),
                       static_cast<int32_t>(made),
                       confidence});
    return steps;
  };
  return solver;
}

results::Record diverged(int64_t step, double loss) {
  results::Record record;
  record.outcome = results::Outcome::kDiverged;
  record.message = fmt::format("step {}: loss {}", step, loss);
  return record;
}

// The first step is counted and stands for all: the largest story of a batch is not always as large.
models::StepReport counted_step(models::Trainer& trainer,
                                const std::function<models::BatchLoss()>& loss,
                                int64_t steps,
                                results::Ledger& ledger) {
  if (trainer.steps_done() > 0) return trainer.step(loss);
  models::StepReport report;
  const kernels::FlopCount count = kernels::count_flops([&] { report = trainer.step(loss); });
  ledger.set("", "train_flops", count.flops * static_cast<double>(steps));
  for (const auto& [operation, times] : count.uncounted) ledger.uncounted[operation] += times;
  return report;
}

// Trains until the last step, or until something ends it early; that is then the answer.
std::optional<results::Record> train(const Config& config,
                                     const models::RelationModel& model,
                                     models::Trainer& trainer,
                                     std::span<const models::RelationGraph> graphs,
                                     harness::Context& context) {
  results::Stream batches = context.stream("data").split("batches"),
                  names = context.stream("data").split("names");
  const int64_t interval = std::max<int64_t>(1, config.train.steps / 50);
  double sum = 0;
  for (int64_t step = 1; step <= config.train.steps; ++step) {
    std::vector<const models::RelationGraph*> drawn;
    for (int64_t i = 0; i < config.batch; ++i)
      drawn.push_back(&graphs[batches.below(graphs.size())]);
    const models::RelationBatch batch = models::make_batch(drawn, data::kinship::kRelations, names);
    const models::StepReport report = counted_step(
        trainer,
        [&] { return models::loss_of(model, batch, config.train_rounds); },
        config.train.steps,
        context.ledger());
    if (!report.finite) return diverged(step, report.loss);
    sum += report.loss;
    if (step % interval == 0) {
      context.log(step, "train/nats", sum / static_cast<double>(interval));
      sum = 0;
    }
    context.progress(step, config.train.steps);
    if (context.should_stop()) return context.stopped();
  }
  return std::nullopt;
}

results::Record scored(const Solver& solver,
                       const Config& config,
                       const RelationTask& task,
                       harness::Context& context) {
  results::Record record;
  record.metrics = metrics_of(solver, task, context);
  tell_some(solver, task, config.told, context);
  return record;
}

results::Record learn(const Config& config, const RelationTask& task, harness::Context& context) {
  const std::unique_ptr<models::RelationModel> model = make_model(config, context.stream("init"));
  context.ledger().set("", "parameters", parameter_count(*model));
  models::Trainer trainer(
      model->parameters(), config.train, context.stream("init").split("trainer"));
  const std::vector<models::RelationGraph> graphs = graphs_of(task.train);
  if (auto early = train(config, *model, trainer, graphs, context)) return *early;
  const models::Evaluating evaluating(trainer);
  const results::Stream names = context.stream("eval").split("names");
  return scored(learned(config, *model, names), config, task, context);
}

struct RelationComposition {
  static constexpr std::string_view name = "relation_composition", version = "1";
  static constexpr std::string_view summary =
      "What somebody is to somebody, from more facts than in training: learned and counted tables "
      "of relations beside networks";

  using Config = experiments::Config;

  static results::Record run(const Config& config, harness::Context& context) {
    require_cpu(context);
    models::set_numerics(context.threads());
    const RelationTask task = make_relation_task(config.data, context.stream("data").split("task"));
    if (is_learned(config.solver)) return learn(config, task, context);
    const Solver solver = config.solver == "symbolic" ? counted(task, context.ledger())
                                                      : guessing(config.solver, task);
    return scored(solver, config, task, context);
  }

  static harness::Counts count(const Config& config) {
    if (!is_learned(config.solver)) return {{"params", 0}};
    return {{"params", parameter_count(*make_model(config, results::Stream(0)))}};
  }
};

const harness::Register<RelationComposition> registered;

}  // namespace
}  // namespace saggio::experiments
