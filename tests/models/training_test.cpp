// SPDX-License-Identifier: MIT
#include "models/training.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "models/checkpoint.h"
#include "models/transformer.h"
#include "tests/results/store/temporary_folder.h"

namespace saggio::models {
namespace {

namespace fs = std::filesystem;
constexpr int64_t kVocabulary = 13, kContext = 8;

// A whole run: model, trainer and the two streams that move.
struct Training {
  TransformerOptions model_options{
      .width = 16, .layers = 2, .heads = 2, .ffn_width = 24, .dropout = .1};
  TrainerOptions options{.steps = 30, .accumulation = 2, .schedule = {.warmup = 5}};
  Transformer model{model_options, kVocabulary, kContext, results::Stream(1)};
  Trainer trainer{model.parameters(), options, results::Stream(4)};
  results::Stream data{2}, dropout{3};

  BatchLoss batch() {
    at::Tensor window = at::empty({3, kContext + 1}, at::kLong);
    for (int64_t i = 0; i < window.numel(); ++i)
      window.mutable_data_ptr<int64_t>()[i] = static_cast<int64_t>(data.below(kVocabulary));
    const at::Tensor logits = model.forward(window.slice(1, 0, kContext), &dropout);
    return {cross_entropy(logits, window.slice(1, 1)), logits};
  }
  std::vector<double> steps(int64_t count) {
    std::vector<double> losses;
    for (int64_t i = 0; i < count; ++i)
      losses.push_back(trainer.step([&] { return batch(); }).loss);
    return losses;
  }
  void save(const fs::path& folder) const {
    save_checkpoint(
        folder,
        trainer.tensors(),
        {{"step", trainer.steps_done()}, {"data", to_json(data)}, {"dropout", to_json(dropout)}});
  }
  void load(const fs::path& folder) {
    const nlohmann::json state = load_checkpoint(folder, trainer.tensors());
    trainer.continue_from(state.at("step"));
    data = stream_from_json(state.at("data")), dropout = stream_from_json(state.at("dropout"));
  }
};

TEST(Checkpoint, AContinuedRunHasTheBitsOfOneThatNeverStopped) {
  const results::TemporaryFolder folder;
  Training whole, first, second;
  const std::vector<double> expected = whole.steps(30);

  std::vector<double> losses = first.steps(17);
  first.save(folder.path());
  second.load(folder.path());
  for (const double loss : second.steps(13)) losses.push_back(loss);

  EXPECT_EQ(losses, expected);
  for (size_t i = 0; i < whole.model.parameters().size(); ++i)
    EXPECT_TRUE(whole.model.parameters()[i].value.equal(second.model.parameters()[i].value))
        << whole.model.parameters()[i].name;
}

TEST(Checkpoint, RefusesAnotherModelAndLeavesItUntouched) {
  const results::TemporaryFolder folder;
  Training run;
  run.save(folder.path());
  const at::Tensor same = at::zeros({kVocabulary, 16}), other = at::zeros({3, 16});
  const NamedTensors too_few = {{"embedding.tokens", same}};
  NamedTensors misshapen = run.trainer.tensors();
  misshapen.back().value = other;

  EXPECT_THROW(load_checkpoint(folder.path(), too_few), std::runtime_error);
  try {
    load_checkpoint(folder.path(), misshapen);
    FAIL();
  } catch (const std::runtime_error& e) {
    EXPECT_THAT(e.what(),
                testing::HasSubstr("tensors.safetensors: tensor optimizer.square.norm.weight is "
                                   "F32 [16], expected F32 [3, 16]"));
  }
  EXPECT_FALSE(run.model.parameters()[0].value.eq(0).any().item<bool>());
}

// Two batches of weight one half are one batch: the gradients add up to the same step.
TEST(Trainer, AccumulatingIsTheMeanOverItsBatches) {
  const auto weight = [] { return NamedTensors{{"w", at::ones({2, 2}).requires_grad_()}}; };
  const NamedTensors one = weight(), two = weight();
  const TrainerOptions plain{.clip = 0, .optimizer = {.optimizer = "sgd", .lr = .25}},
      twice{.accumulation = 2, .clip = 0, .optimizer = {.optimizer = "sgd", .lr = .25}};
  Trainer a(one, plain, results::Stream(1)), b(two, twice, results::Stream(1));
  double scale = .5;

  const StepReport first = a.step([&] { return BatchLoss{2 * one[0].value.sum(), {}}; });
  const StepReport second = b.step([&] { return BatchLoss{++scale * two[0].value.sum(), {}}; });

  EXPECT_EQ(first.loss, 8);
  EXPECT_EQ(second.loss, 8);  // 1.5 and 2.5 times the sum
  EXPECT_TRUE(one[0].value.equal(two[0].value));
}

TEST(Trainer, ALossThatIsNoNumberChangesNothing) {
  Training run;
  run.steps(3);
  std::vector<at::Tensor> before;
  for (const NamedTensor& tensor : run.trainer.tensors())
    before.push_back(tensor.value.detach().clone());

  const StepReport report = run.trainer.step([&] {
    return BatchLoss{run.batch().loss * std::numeric_limits<double>::infinity(), {}};
  });

  EXPECT_FALSE(report.finite);
  EXPECT_EQ(run.trainer.steps_done(), 3);
  const NamedTensors after = run.trainer.tensors();
  for (size_t i = 0; i < after.size(); ++i)
    EXPECT_TRUE(after[i].value.equal(before[i])) << after[i].name;
}

// The last 3 of 10 steps: the mean of the weights after each of them.
TEST(Trainer, EvaluatesTheMeanOfTheLastWeightsAndTrainsWhereItWas) {
  const NamedTensors weight = {{"w", at::ones({2, 2}).requires_grad_()}};
  Trainer trainer(weight,
                  {.steps = 10,
                   .clip = 0,
                   .average = .3,
                   .optimizer = {.optimizer = "sgd", .lr = .25, .decay = 0}},
                  results::Stream(1));
  at::Tensor sum = at::zeros({2, 2});
  const auto batch = [&] { return BatchLoss{weight[0].value.square().sum(), {}}; };
  for (int step = 1; step <= 10; ++step) {
    trainer.step(batch);
    if (step > 7) sum += weight[0].value.detach();
  }
  const at::Tensor trained = weight[0].value.detach().clone();

  {
    const Evaluating evaluating(trainer);
    EXPECT_LT((weight[0].value - sum / 3).abs().max().item<double>(),
              4 * std::numeric_limits<float>::epsilon());
    EXPECT_THROW(trainer.step(batch), std::logic_error);
  }
  EXPECT_TRUE(weight[0].value.equal(trained));
}

// Of a uniform prediction 1, of a certain one 0, of one half each among four ln 2 / ln 4.
TEST(Entropy, IsAShareOfItsLargestValue) {
  EXPECT_NEAR(mean_entropy(at::zeros({2, 3, 7})), 1, 1e-6);
  EXPECT_NEAR(mean_entropy(at::tensor({100.F, 0.F, 0.F, 0.F}).view({1, 4})), 0, 1e-6);
  EXPECT_NEAR(mean_entropy(at::tensor({50.F, 50.F, 0.F, 0.F}).view({1, 4})), .5, 1e-6);
}

// Each of 13 symbols follows another with certainty: what is to be learned is a table, and the loss
// goes to nearly nothing.
TEST(Trainer, LearnsATableThatFits) {
  Training run;
  const at::Tensor text =
      (at::arange(3 * (kContext + 1)) * 5 % kVocabulary).view({3, kContext + 1});
  TrainerOptions options{.steps = 150, .optimizer = {.lr = .01}};
  Trainer trainer(run.model.parameters(), options, results::Stream(1));
  double loss = 0;

  for (int64_t i = 0; i < options.steps; ++i)
    loss = trainer
               .step([&] {
                 const at::Tensor logits = run.model.forward(text.slice(1, 0, kContext));
                 return BatchLoss{cross_entropy(logits, text.slice(1, 1)), logits};
               })
               .loss;

  EXPECT_LT(loss, .02);  // a guess costs ln 13 = 2.56
}

}  // namespace
}  // namespace saggio::models
