// SPDX-License-Identifier: MIT
#include "experiments/modules/links/nbfnet.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <span>
#include <stdexcept>
#include <vector>

#include "experiments/modules/links/facts.h"
#include "experiments/modules/links/training.h"
#include "models/knowledge_graph/nbfnet.h"

namespace saggio::experiments {
namespace {

using data::Query;
using data::Triple;

// The questions of a batch and what the model may choose from.
struct Questions {
  std::vector<int64_t> heads, relations, candidates;  // candidates: the truth, then wrong ones
  std::vector<Triple> hidden;
};

class FactBatches {
 public:
  FactBatches(const LinkTask& task,
              const LinkPredictionConfig& config,
              const results::Stream& stream)
      : task_(task),
        options_(config.nbfnet),
        known_(task.relations(), {task.training().train}),
        facts_(fact_tensor(task.training().train)),
        nodes_(task.training().entities.size()),
        batch_(std::min<int64_t>(config.train.batch, facts_.size(0))),
        stream_(stream),
        order_(task.training().train.size()) {
    check_negatives();
  }

  int64_t per_epoch() const { return (static_cast<int64_t>(order_.size()) + batch_ - 1) / batch_; }

  models::BatchLoss loss(const models::Nbfnet& model, int64_t step) {
    const Questions questions = of(step);
    const auto count = static_cast<int64_t>(questions.heads.size());
    const auto removal =
        options_.hidden == "pairs" ? models::Removal::Pairs : models::Removal::Facts;
    const models::SharedGraph graph = models::fact_graph(
        models::without(facts_, fact_tensor(questions.hidden), removal), nodes_, task_.relations());
    const at::Tensor scores =
        model.forward(graph,
                      at::tensor(questions.heads, at::kLong),
                      at::tensor(questions.relations, at::kLong),
                      at::tensor(questions.candidates, at::kLong).view({count, -1}));
    return {models::sampled_loss(scores, options_.temperature), scores};
  }

 private:
  // A question that all nodes answer has no wrong answer to draw.
  void check_negatives() const {
    for (size_t question = 0; question < known_.queries().size(); ++question)
      if (static_cast<int64_t>(known_.of(question).size()) >= nodes_)
        throw std::invalid_argument(fmt::format(
            "model = 'nbfnet': relation '{}' has every node as an answer, needs a wrong one",
            task_.training().relations[known_.queries()[question].relation % task_.relations()]));
  }

  Questions of(int64_t step) {
    const int64_t epoch = step / per_epoch(), first = step % per_epoch() * batch_;
    if (epoch != epoch_) {
      std::iota(order_.begin(), order_.end(), size_t{0});
      results::Stream stream = stream_.split("order").split(static_cast<uint64_t>(epoch));
      stream.shuffle(std::span(order_));
      epoch_ = epoch;
    }
    results::Stream draws = stream_.split("negatives").split(static_cast<uint64_t>(step));
    const int64_t last = std::min(first + batch_, static_cast<int64_t>(order_.size()));
    Questions questions;
    for (int64_t i = first; i < last; ++i)
      add(task_.training().train[order_[static_cast<size_t>(i)]],
          (i + epoch) % 2 == 0,
          draws,
          questions);
    return questions;
  }

  void add(const Triple& fact, bool tail, results::Stream& draws, Questions& questions) const {
    const Query query = tail ? data::tail_query(fact) : data::head_query(fact, task_.relations());
    questions.heads.push_back(query.node);
    questions.relations.push_back(query.relation);
    const auto offer = [&](int32_t node) {
      questions.candidates.push_back(node);
      questions.hidden.push_back(tail ? Triple{fact.head, fact.relation, node}
                                      : Triple{node, fact.relation, fact.tail});
    };
    offer(tail ? fact.tail : fact.head);
    const std::span<const int32_t> right = known_.of(query);
    for (int64_t i = 0; i < options_.negatives; ++i) {
      int32_t node = 0;
      do node = static_cast<int32_t>(draws.below(static_cast<uint64_t>(nodes_)));
      while (std::binary_search(right.begin(), right.end(), node));
      offer(node);
    }
  }

  const LinkTask& task_;
  NbfnetTrainOptions options_;
  data::Answers known_;
  at::Tensor facts_;
  int64_t nodes_, batch_;
  results::Stream stream_;
  std::vector<size_t> order_;  // of this epoch
  int64_t epoch_ = -1;
};

}  // namespace

LinkModel trained_nbfnet(const LinkTask& task,
                         const LinkPredictionConfig& config,
                         harness::Context& context) {
  const auto model = std::make_shared<models::Nbfnet>(
      config.nbfnet.model, task.relations(), context.stream("init"));
  enter_parameters(model->parameters(), context.ledger());
  FactBatches batches(task, config, context.stream("data"));
  const LinkTraining training{.parameters = model->parameters(),
                              .options = {.steps = config.train.epochs * batches.per_epoch(),
                                          .clip = 0,
                                          .optimizer = config.train.optimizer,
                                          .schedule = config.train.schedule},
                              .batch = [&](int64_t step) { return batches.loss(*model, step); }};
  std::optional<results::Record> early = train(training, context);
  return {
      std::make_unique<models::NbfnetScorer>(
          model,
          models::fact_graph(fact_tensor(task.inference().train), task.nodes(), task.relations())),
      std::move(early)};
}

}  // namespace saggio::experiments
