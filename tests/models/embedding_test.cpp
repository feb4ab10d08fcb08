// SPDX-License-Identifier: MIT
#include "models/embedding.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <limits>

namespace saggio::models {
namespace {

constexpr int64_t kNodes = 7, kRelations = 3, kWidth = 5;
constexpr double kEps = std::numeric_limits<float>::epsilon();

Embedding embedding(const std::string& kind) {
  return Embedding(
      kind, {.width = kWidth, .deviation = .5}, kNodes, kRelations, results::Stream(11));
}

at::Tensor indices(std::vector<int64_t> values) { return at::tensor(values, at::kLong); }

using Vector = std::vector<std::complex<double>>;

// A row of a parameter as complex numbers; real ones where it has as many columns as its width.
Vector row(const Embedding& model, size_t parameter, int64_t index) {
  const at::Tensor values = model.parameters()[parameter].value[index].detach();
  const bool pairs = values.numel() == 2 * kWidth;
  Vector result;
  for (int64_t i = 0; i < kWidth; ++i)
    result.emplace_back(values[i].item<double>(), pairs ? values[i + kWidth].item<double>() : 0);
  return result;
}

// The formulas of the papers, a fact at a time in double precision.
double reference(const std::string& kind, const Vector& h, const Vector& r, const Vector& t) {
  double absolute = 0, square = 0, product = 0;
  for (size_t i = 0; i < h.size(); ++i) {
    absolute += std::abs(h[i] + r[i] - t[i]);
    square += std::norm(h[i] * r[i] - t[i]);
    product += (h[i] * r[i] * std::conj(t[i])).real();
  }
  return kind == "transe" ? -absolute : kind == "rotate" ? -std::sqrt(square) : product;
}

class EveryKind : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Embeddings,
                         EveryKind,
                         testing::Values("transe", "distmult", "complex", "rotate"));

TEST_P(EveryKind, ScoresAsItsPaperSays) {
  Embedding model = embedding(GetParam());
  const at::Tensor scores = model.scores(indices({0, 4, 6}), indices({0, 2, 5}));

  ASSERT_EQ(scores.sizes(), (std::vector<int64_t>{3, kNodes}));
  EXPECT_FALSE(scores.requires_grad());
  for (const auto& [query, head, relation] :
       {std::array<int64_t, 3>{0, 0, 0}, {1, 4, 2}, {2, 6, 5}})
    for (int64_t tail = 0; tail < kNodes; ++tail) {
      const double expected =
          reference(GetParam(), row(model, 0, head), row(model, 1, relation), row(model, 0, tail));
      // at most 2 D terms, each of size < 8 and with a handful of roundings
      EXPECT_NEAR(scores[query][tail].item<double>(), expected, 2 * kWidth * 8 * 8 * kEps);
    }
}

TEST_P(EveryKind, GradientsAreThoseOfFiniteDifferences) {
  const Embedding model = embedding(GetParam());
  const at::Tensor heads = indices({1, 3}), relations = indices({1, 4});
  at::Tensor truths = at::zeros({2, kNodes});
  truths[0][2] = 1, truths[0][5] = 1, truths[1][0] = 1;
  const auto loss = [&] { return answer_loss(model.forward(heads, relations), truths); };
  loss().backward();

  // Central differences with step s are wrong by O(s^2) of the third derivative and eps / s of the
  // loss, which is some 2: with s = 1e-2 both stay under 1e-3.
  constexpr double kStep = 1e-2;
  for (const NamedTensor& parameter : model.parameters()) {
    const at::Tensor values = parameter.value.detach().view(-1);
    const at::Tensor gradient = parameter.value.grad().view(-1);
    for (int64_t i = 0; i < values.numel(); i += 7) {
      const double before = values[i].item<double>();
      values[i] = before + kStep;
      const double above = loss().item<double>();
      values[i] = before - kStep;
      const double below = loss().item<double>();
      values[i] = before;
      EXPECT_NEAR(gradient[i].item<double>(), (above - below) / (2 * kStep), 1e-3)
          << parameter.name << " " << i;
    }
  }
}

TEST(Embedding, RotationsKeepTheirLength) {
  Embedding model = embedding("rotate");
  const at::Tensor relations = model.parameters()[1].value.detach();
  const auto moduli = [&] {
    return (relations.narrow(1, 0, kWidth).square() + relations.narrow(1, kWidth, kWidth).square())
        .sqrt();
  };
  EXPECT_LE((moduli() - 1).abs().max().item<double>(), 4 * kEps);
  relations.mul_(3);

  model.constrain();

  EXPECT_LE((moduli() - 1).abs().max().item<double>(), 4 * kEps);
}

TEST(Embedding, AgreesAcrossKindsOnWhatItsStreamDraws) {
  const at::Tensor transe = embedding("transe").parameters()[0].value,
                   distmult = embedding("distmult").parameters()[0].value;

  EXPECT_TRUE(at::equal(transe, distmult));
  EXPECT_FALSE(at::equal(embedding("transe").parameters()[1].value.narrow(0, 0, kRelations),
                         transe.narrow(0, 0, kRelations)));
}

TEST(Embedding, RefusesAKindThatItDoesNotKnow) {
  try {
    embedding("rescal");
    FAIL();
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(),
                 "an embedding of the kind 'rescal', allowed transe, distmult, complex, rotate");
  }
}

// Two answers share: -(log p1 + log p2) / 2 with p from softmax; one answer: -log p.
TEST(AnswerLoss, SharesEquallyAmongTheAnswers) {
  const at::Tensor scores = at::tensor({0.F, 1.F, 2.F, 3.F, 3.F, 3.F}).view({2, 3});
  const at::Tensor truths = at::tensor({1.F, 0.F, 1.F, 0.F, 1.F, 0.F}).view({2, 3});
  const double log_sum = std::log(1 + std::exp(1.) + std::exp(2.));

  EXPECT_NEAR(answer_loss(scores, truths).item<double>(),
              ((log_sum - 0 + log_sum - 2) / 2 + std::log(3.)) / 2,
              8 * kEps);
}

}  // namespace
}  // namespace saggio::models
