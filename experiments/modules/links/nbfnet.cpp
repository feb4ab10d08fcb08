// SPDX-License-Identifier: MIT
#include "experiments/modules/links/nbfnet.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <span>
#include <stdexcept>
#include <vector>

#include "experiments/modules/links/facts.h"
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

// Facts to be found again among wrong ones.
class FactQuestions {
 public:
  FactQuestions(const LinkTask& task,
                const LinkPredictionConfig& config,
                std::shared_ptr<EpochOrder> order,
                const results::Stream& negatives)
      : task_(task),
        options_(config.nbfnet),
        known_(task.relations(), {task.training().train}),
        facts_(fact_tensor(task.training().train)),
        nodes_(task.training().entities.size()),
        order_(std::move(order)),
        negatives_(negatives) {
    check_negatives();
  }

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
    results::Stream draws = negatives_.split(static_cast<uint64_t>(step));
    int64_t turn = order_->first(step) + order_->epoch(step);
    Questions questions;
    for (const size_t fact : order_->of(step))
      add(task_.training().train[fact], turn++ % 2 == 0, draws, questions);
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
  int64_t nodes_;
  std::shared_ptr<EpochOrder> order_;
  results::Stream negatives_;
};

}  // namespace

LinkLearner nbfnet_learner(const LinkTask& task,
                           const LinkPredictionConfig& config,
                           const harness::Context& context) {
  const results::Stream data = context.stream("data");
  const auto model = std::make_shared<models::Nbfnet>(
      config.nbfnet.model, task.relations(), context.stream("init"));
  const auto order = std::make_shared<EpochOrder>(
      task.training().train.size(), config.train.batch, data.split("order"));
  const auto questions =
      std::make_shared<FactQuestions>(task, config, order, data.split("negatives"));
  const auto scorer = [model, &task] {
    return std::make_unique<models::NbfnetScorer>(
        model,
        models::fact_graph(fact_tensor(task.inference().train), task.nodes(), task.relations()));
  };
  return {.parameters = model->parameters(),
          .order = order,
          .batch = [model, questions](int64_t step) { return questions->loss(*model, step); },
          .scorer = scorer};
}

}  // namespace saggio::experiments
