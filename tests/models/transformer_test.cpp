// SPDX-License-Identifier: MIT
#include "models/transformer.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "kernels/flop_counter.h"
#include "models/dropout.h"
#include "models/generate.h"
#include "models/rotary.h"

namespace saggio::models {
namespace {

constexpr int64_t kVocabulary = 11, kContext = 12;
const results::Stream kInit(7);

TransformerOptions small() {
  TransformerOptions options;
  options.width = 16, options.layers = 2, options.heads = 2, options.ffn_width = 24;
  return options;
}

// Every value of every switch at least once, and dropout on (it must not act outside training).
std::vector<TransformerOptions> variants() {
  std::vector<TransformerOptions> all(8, small());
  all[1].position = "learned", all[1].activation.kind = "gelu", all[1].norm = "layernorm_nobias",
  all[1].dropout = .1;
  all[2].position = "none", all[2].activation.kind = "silu", all[2].norm = "layernorm",
  all[2].bias = true;
  all[3].activation.kind = "relu", all[3].tied_head = false;
  all[4].activation.kind = "relu2", all[5].activation.kind = "gelu_tanh";
  all[6].activation = {.kind = "emswish", .temperature = .5, .learned_temperature = true};
  all[7].activation = {.kind = "emglu", .temperature = 2, .entropy = .25};
  return all;
}

Transformer model_of(const TransformerOptions& options) {
  return {options, kVocabulary, kContext, kInit};
}

at::Tensor tokens(int64_t batch, int64_t count) {
  return (at::arange(batch * count) * 7 % kVocabulary).view({batch, count});
}

const at::Tensor& parameter(const Transformer& model, const std::string& name) {
  for (const NamedTensor& p : model.parameters())
    if (p.name == name) return p.value;
  throw std::out_of_range(name);
}

int64_t total(const std::map<std::string, int64_t>& counts) {
  int64_t sum = 0;
  for (const auto& [component, count] : counts) sum += count;
  return sum;
}

TEST(Transformer, GivesLogitsForEveryPosition) {
  for (const TransformerOptions& options : variants())
    EXPECT_EQ(model_of(options).forward(tokens(3, 5)).sizes(),
              at::IntArrayRef({3, 5, kVocabulary}));
}

TEST(Transformer, AnEarlierPositionNeverSeesALaterToken) {
  for (const TransformerOptions& options : variants()) {
    const Transformer model = model_of(options);
    const at::Tensor before = tokens(2, kContext), after = before.clone();
    after.select(1, 7).add_(1).remainder_(kVocabulary);

    const at::Tensor a = model.forward(before), b = model.forward(after);

    EXPECT_TRUE(a.slice(1, 0, 7).equal(b.slice(1, 0, 7))) << options.position;
    EXPECT_FALSE(a.select(1, 7).equal(b.select(1, 7)));
  }
}

TEST(Transformer, TheCountedParametersAreTheTensorsThatExist) {
  for (const TransformerOptions& options : variants()) {
    const Transformer model = model_of(options);
    int64_t exist = 0;
    for (const NamedTensor& p : model.parameters()) exist += p.value.numel();

    EXPECT_EQ(total(parameter_counts(options, kVocabulary, kContext)), exist);
  }
}

// By hand: nanoGPT's CPU configuration with 65 characters. Embeddings 65 128 + 64 128; a block has
// 3 128^2 + 128^2 for attention, 2 128 512 for the feed-forward part, 2 128 for its norms; one more
// norm at the end; the head is tied.
TEST(Transformer, NanoGptOnShakespeareCharactersHasThePublishedSize) {
  TransformerOptions o{.width = 128, .layers = 4, .heads = 4, .ffn_width = 512};
  o.position = "learned", o.activation.kind = "gelu", o.norm = "layernorm_nobias";

  const auto counts = parameter_counts(o, 65, 64);

  EXPECT_EQ(counts.at("embedding"), 8320 + 8192);
  EXPECT_EQ(counts.at("attention"), 4 * 65536);
  EXPECT_EQ(counts.at("ffn"), 4 * 131072);
  EXPECT_EQ(counts.at("norm"), 4 * 256 + 128);
  EXPECT_EQ(counts.contains("head"), false);
  EXPECT_EQ(total(counts) - 8192, 795904);  // nanoGPT prints 0.80M: it leaves the positions out
}

TEST(Transformer, TheFormulaForTrainingFlopsIsWhatTheCounterCounts) {
  for (TransformerOptions options : variants()) {
    const Transformer model = model_of(options);
    const at::Tensor x = tokens(3, kContext);

    const kernels::FlopCount count =
        kernels::count_flops([&] { cross_entropy(model.forward(x), x).backward(); });

    EXPECT_EQ(count.flops, 3. * kContext * train_flops_per_token(options, kVocabulary, kContext));
    EXPECT_TRUE(count.uncounted.empty()) << count.uncounted.begin()->first;
  }
}

// Kaplan et al. 2020 (arXiv:2001.08361): 6 N per token, as long as the context is short beside the
// width. Here N is what multiplies; attention's 14 L T D is 14/(6*12) * T/D of 72 L D^2, 4.9 % at T
// = D/4.
TEST(Transformer, TrainingCostsSixFlopsPerParameterAndToken) {
  const TransformerOptions options{.width = 128, .layers = 3, .heads = 4, .ffn_width = 344};
  const Transformer model(options, 256, 32, kInit);
  const at::Tensor x = at::arange(64).view({2, 32});

  const double flops =
      kernels::count_flops([&] { cross_entropy(model.forward(x), x).backward(); }).flops;

  const double six_n = 6. * 64 * static_cast<double>(total(parameter_counts(options, 256, 32)));
  EXPECT_GT(flops / six_n, 1);
  EXPECT_LT(flops / six_n, 1.05);
}

TEST(Transformer, TheCacheGivesTheSameLogitsAsTheWholeText) {
  for (const TransformerOptions& options : variants()) {
    const Transformer model = model_of(options);
    const at::Tensor text = tokens(2, kContext), whole = model.forward(text);
    KvCache cache;

    std::vector<at::Tensor> pieces;
    const std::vector<int64_t> ends = {
        5, 8, 9, 10, 11, kContext};  // a prompt, several more, then one by one
    for (const int64_t end : ends)
      pieces.push_back(model.forward(text.slice(1, cache.length, end), cache));

    // Logits are sums of D = 16 products after two blocks; other kernels sum in another order.
    EXPECT_LT((at::cat(pieces, 1) - whole).abs().max().item<double>(), 1e-5) << options.position;
    EXPECT_EQ(cache.length, kContext);
  }
}

// One pair turns by its position in radians; of two pairs the second turns 10000^(-1/2) as fast.
TEST(Rotary, TurnsEachPairByItsAngle) {
  const at::Tensor x = at::tensor({1., 0., 0., 2.}, at::kFloat).view({1, 1, 4}).repeat({1, 3, 1});

  const at::Tensor y = rotate(x, rotations(3, 4))[0][2];

  EXPECT_NEAR(y[0].item<double>(), std::cos(2), 1e-6);
  EXPECT_NEAR(y[1].item<double>(), std::sin(2), 1e-6);
  EXPECT_NEAR(y[2].item<double>(), -2 * std::sin(.02), 1e-6);
  EXPECT_NEAR(y[3].item<double>(), 2 * std::cos(.02), 1e-6);
}

TEST(Rotary, AProductOfQueryAndKeyDependsOnTheirDistanceOnly) {
  results::Stream stream(1);
  at::Tensor qk = at::empty({2, 8});
  stream.fill_normal({qk.mutable_data_ptr<float>(), 16});
  const at::Tensor turned = rotate(qk.view({2, 1, 8}).repeat({1, 20, 1}), rotations(20, 8));

  const auto product = [&](int64_t i, int64_t j) {
    return at::dot(turned[0][i], turned[1][j]).item<double>();
  };

  for (int64_t shift = 1; shift < 15; ++shift)
    EXPECT_NEAR(product(5, 2), product(5 + shift, 2 + shift), 1e-5);
  EXPECT_GT(std::abs(product(5, 2) - product(5, 3)), 1e-3);
}

// The cache fills at 12 positions: both before and after, the greedy choice is that of the text
// that is read at that moment.
TEST(Generate, TakesTheMostProbableTokenAtTemperatureZeroBeyondTheContextToo) {
  const Transformer model = model_of(small());
  results::Stream stream(1);
  std::vector<int32_t> text = {3, 1};

  const std::vector<int32_t> more = generate(model, text, 25, 0, stream);

  size_t begin = 0;
  for (const int32_t token : more) {
    if (text.size() - begin == kContext + 1) begin = text.size() - kContext / 2;
    const at::Tensor read = at::tensor(
        std::vector<int32_t>(text.begin() + static_cast<std::ptrdiff_t>(begin), text.end()),
        at::kLong);
    ASSERT_EQ(token, model.forward(read.view({1, -1}))[0][-1].argmax().item<int64_t>())
        << text.size();
    text.push_back(token);
  }
}

TEST(Generate, DrawsTokensAsOftenAsTheirProbability) {
  const Transformer model = model_of(small());
  const std::vector<int32_t> prompt = {5};
  const at::Tensor p = at::softmax(model.forward(at::full({1, 1}, 5, at::kLong))[0][0] / .01, 0);
  results::Stream stream(8);
  std::vector<double> counts(kVocabulary);
  const int draws = 1000;

  for (int i = 0; i < draws; ++i)
    ++counts[static_cast<size_t>(generate(model, prompt, 1, .01, stream)[0])];

  for (int64_t v = 0; v < kVocabulary;
       ++v) {  // four standard errors each, and one draw for the rarest
    const double expected = p[v].item<double>();
    EXPECT_NEAR(counts[static_cast<size_t>(v)] / draws,
                expected,
                4 * std::sqrt(expected * (1 - expected) / draws) + 1. / draws)
        << v;
  }
}

TEST(Transformer, ArmsThatDifferElsewhereShareTheirInitialValues) {
  TransformerOptions plain = small(), other = small();
  other.position = "learned", other.tied_head = false, other.ffn_width = 40, other.layers = 2;
  const Transformer a = model_of(plain), b = model_of(other);

  for (const char* name :
       {"embedding.tokens", "block.1.attention.qkv.weight", "block.0.attention.out.weight"})
    EXPECT_TRUE(parameter(a, name).equal(parameter(b, name))) << name;
  const at::Tensor up_a = parameter(a, "block.0.ffn.up.weight"),
                   up_b = parameter(b, "block.0.ffn.up.weight");
  EXPECT_TRUE(up_a.equal(up_b.slice(0, 0, 24)));  // rows that both have
}

TEST(Transformer, InitialValuesHaveTheDeviationsOfGpt2) {
  const TransformerOptions options{.width = 64, .layers = 8, .heads = 2, .ffn_width = 256};
  const Transformer model(options, 256, 8, kInit);

  const at::Tensor qkv = parameter(model, "block.3.attention.qkv.weight"),
                   out = parameter(model, "block.3.ffn.down.weight");

  // Four standard errors of a deviation: 4 / sqrt(2 n), n = 12288 and 16384.
  EXPECT_NEAR(qkv.std().item<double>() / .02, 1, .026);
  EXPECT_NEAR(out.std().item<double>() / (.02 / 4), 1, .023);
  EXPECT_TRUE(parameter(model, "norm.weight").eq(1).all().item<bool>());
}

TEST(Transformer, DropoutActsInTrainingOnlyAndFollowsItsStream) {
  TransformerOptions with = small(), without = small();
  with.dropout = .25;
  const Transformer model = model_of(with);
  results::Stream one(3), same(3), other(4);
  const at::Tensor x = tokens(2, 5), noisy = model.forward(x, &one);

  EXPECT_TRUE(model.forward(x).equal(model_of(without).forward(x)));
  EXPECT_TRUE(noisy.equal(model.forward(x, &same)));
  EXPECT_FALSE(noisy.equal(model.forward(x, &other)));
  EXPECT_EQ(one.position(), 5U * 2 * 5 * 16);  // the embedding and two parts in each of two blocks
}

TEST(Dropout, KeepsTheMeanAndDropsTheShareItIsTold) {
  results::Stream stream(5);
  const int64_t n = 100000;

  const at::Tensor y = dropout(at::ones({n}), .3, stream);

  const double dropped = y.eq(0).sum().item<double>() / n;
  EXPECT_NEAR(dropped, .3, 4 * std::sqrt(.3 * .7 / n));  // four standard errors
  EXPECT_NEAR(y.max().item<double>(), 1 / .7, 1e-6);
}

TEST(Transformer, RefusesWhatContradictsItself) {
  TransformerOptions odd = small();
  odd.heads = 3;
  EXPECT_THROW(parameter_specs(odd, 256, 8), std::invalid_argument);
  odd.width = 9;
  try {
    parameter_specs(odd, 256, 8);
    FAIL();
  } catch (const std::invalid_argument& e) {
    EXPECT_STREQ(
        e.what(),
        "model.width / model.heads = 3, allowed even numbers with model.position = 'rotary'");
  }
  EXPECT_THROW(model_of(small()).forward(tokens(1, kContext + 1)), c10::Error);
}

}  // namespace
}  // namespace saggio::models
