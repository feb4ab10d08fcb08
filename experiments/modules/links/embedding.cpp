// SPDX-License-Identifier: MIT
#include "experiments/modules/links/embedding.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <span>
#include <stdexcept>

#include "experiments/modules/links/training.h"

namespace saggio::experiments {
namespace {

// The questions in batches, each epoch in another order.
class Batches {
 public:
  Batches(const LinkTask& task, int64_t batch, const results::Stream& stream)
      : answers_(task.relations(), {task.training().train}),
        nodes_(task.nodes()),
        batch_(std::min(batch, static_cast<int64_t>(answers_.queries().size()))),
        stream_(stream),
        order_(answers_.queries().size()) {}

  int64_t per_epoch() const { return (static_cast<int64_t>(order_.size()) + batch_ - 1) / batch_; }

  models::BatchLoss loss(const models::Embedding& model, int64_t step) {
    const std::span<const size_t> questions = of(step);
    const auto count = static_cast<int64_t>(questions.size());
    const at::Tensor heads = at::empty({count}, at::kLong),
                     relations = at::empty({count}, at::kLong),
                     truths = at::zeros({count, nodes_}, at::kFloat);
    for (int64_t i = 0; i < count; ++i) {
      const size_t question = questions[static_cast<size_t>(i)];
      const data::Query& query = answers_.queries()[question];
      heads.data_ptr<int64_t>()[i] = query.node;
      relations.data_ptr<int64_t>()[i] = query.relation;
      for (const int32_t node : answers_.of(question))
        truths.data_ptr<float>()[i * nodes_ + node] = 1;
    }
    const at::Tensor scores = model.forward(heads, relations);
    return {models::answer_loss(scores, truths), scores};
  }

 private:
  std::span<const size_t> of(int64_t step) {
    const int64_t epoch = step / per_epoch(), first = step % per_epoch() * batch_;
    if (epoch != epoch_) {
      std::iota(order_.begin(), order_.end(), size_t{0});
      results::Stream stream = stream_.split(static_cast<uint64_t>(epoch));
      stream.shuffle(std::span(order_));
      epoch_ = epoch;
    }
    const auto begin = static_cast<size_t>(first);
    return std::span<const size_t>(order_).subspan(
        begin, std::min(static_cast<size_t>(batch_), order_.size() - begin));
  }

  data::Answers answers_;
  int64_t nodes_, batch_;
  results::Stream stream_;
  std::vector<size_t> order_;  // of this epoch
  int64_t epoch_ = -1;
};

}  // namespace

LinkModel trained_embedding(const LinkTask& task,
                            const LinkPredictionConfig& config,
                            harness::Context& context) {
  if (task.inductive)
    throw std::invalid_argument(fmt::format(
        "model = '{}' with data.inference: a node that was not trained on has no vector; allowed: "
        "models that read the graph, or no data.inference",
        config.model));
  auto model = std::make_unique<models::Embedding>(
      config.model, config.embedding, task.nodes(), task.relations(), context.stream("init"));
  enter_parameters(model->parameters(), context.ledger());
  Batches batches(task, config.train.batch, context.stream("data").split("order"));
  const LinkTraining training{.parameters = model->parameters(),
                              .options = {.steps = config.train.epochs * batches.per_epoch(),
                                          .clip = 0,
                                          .optimizer = config.train.optimizer,
                                          .schedule = config.train.schedule},
                              .batch = [&](int64_t step) { return batches.loss(*model, step); },
                              .after_step = [&] { model->constrain(); }};
  std::optional<results::Record> early = train(training, context);
  return {std::move(model), std::move(early)};
}

}  // namespace saggio::experiments
