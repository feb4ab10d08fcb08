// SPDX-License-Identifier: MIT
#include "models/knowledge_graph/pna_linear.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "tests/kernels/noise.h"

namespace saggio::models {
namespace {

constexpr double kEps = std::numeric_limits<float>::epsilon();

// By the definition: all 12 D features written down.
at::Tensor by_features(const at::Tensor& statistics,
                       const at::Tensor& scalers,
                       const at::Tensor& weight,
                       int64_t queries) {
  const int64_t N = statistics.size(0), D = weight.size(1) / 12;
  const at::Tensor of_rows = statistics.view({N, 4, queries, D}).permute({0, 2, 3, 1});
  const at::Tensor features = of_rows.unsqueeze(-1) * scalers.view({N, 1, 1, 1, 3});
  return at::matmul(features.reshape({N * queries, 12 * D}), weight.t());
}

// The result, and the gradients of statistics and weight when `above` is the result's.
template <class Function>
std::vector<at::Tensor> with_gradients(const Function& of,
                                       at::Tensor statistics,
                                       at::Tensor weight,
                                       const at::Tensor& above) {
  statistics = statistics.detach().requires_grad_();
  weight = weight.detach().requires_grad_();
  const at::Tensor result = of(statistics, weight);
  result.backward(above);
  return {result.detach(), statistics.grad(), weight.grad()};
}

class PnaLinear : public testing::TestWithParam<std::pair<int64_t, int64_t>> {};

// Sums of up to 12 D + 3 products, and of as many as there are rows for the weights, against their
// magnitudes in double.
TEST_P(PnaLinear, IsThatOfAllFeaturesForwardAndBackwardOverManyBlocks) {
  const auto [N, B] = GetParam();
  constexpr int64_t kWidth = 5, kOut = 7;
  using kernels::noise;
  const at::Tensor statistics = noise({N, 4, B * kWidth}, 1), scalers = noise({N, 3}, 2),
                   weight = noise({kOut, 12 * kWidth}, 3), above = noise({N * B, kOut}, 4);
  const auto reference = [queries = B](const at::Tensor& of_scalers) {
    return [=](const at::Tensor& s, const at::Tensor& w) {
      return by_features(s, of_scalers, w, queries);
    };
  };
  const auto got = with_gradients(
      [&](const at::Tensor& s, const at::Tensor& w) { return pna_linear(s, scalers, w); },
      statistics,
      weight,
      above);
  const auto plain = [](const at::Tensor& x) { return x.to(at::kDouble); };
  const auto expected =
      with_gradients(reference(plain(scalers)), plain(statistics), plain(weight), plain(above));
  const auto magnitudes = with_gradients(reference(plain(scalers).abs()),
                                         plain(statistics).abs(),
                                         plain(weight).abs(),
                                         plain(above).abs());
  const int64_t terms[] = {12 * kWidth, 3 * kOut, N * B};
  for (size_t i = 0; i < got.size(); ++i) {
    ASSERT_EQ(got[i].sizes(), expected[i].sizes());
    const at::Tensor excess = (plain(got[i]) - expected[i]).abs() -
                              static_cast<double>(terms[i] + 3) * kEps * magnitudes[i];
    EXPECT_LE(excess.max().item<double>(), 0) << i;
  }
}

// Blocks of a part of the nodes, of one node with more queries than rows of a block, of all.
INSTANTIATE_TEST_SUITE_P(Nodes,
                         PnaLinear,
                         testing::Values(std::pair{3000L, 1L},
                                         std::pair{100L, 33L},
                                         std::pair{3L, 1100L},
                                         std::pair{4L, 3L}));

}  // namespace
}  // namespace saggio::models
