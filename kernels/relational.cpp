// SPDX-License-Identifier: MIT
#include "kernels/relational.h"

#include <ATen/ops/empty.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "kernels/csr_edges.h"

namespace saggio::kernels {
namespace {

constexpr int64_t kChunk = 2048;

void check_types(const Adjacency& adjacency, const at::Tensor& type, int64_t types) {
  if (adjacency.rows() != adjacency.columns())
    throw std::invalid_argument(fmt::format("relational: {} rows and {} columns, expected as many",
                                            adjacency.rows(),
                                            adjacency.columns()));
  if (!type.defined() || type.scalar_type() != at::kInt || !type.device().is_cpu() ||
      type.dim() != 1 || type.numel() != adjacency.edges())
    throw std::invalid_argument(fmt::format(
        "relational: type is {}, expected int [{}] on cpu",
        type.defined() ? fmt::format("{} [{}]", type.toString(), fmt::join(type.sizes(), ", "))
                       : "undefined",
        adjacency.edges()));
  const at::Tensor plain = type.contiguous();
  for (int64_t e = 0; e < plain.numel(); ++e)
    if (const int32_t t = plain.const_data_ptr<int32_t>()[e]; !(t >= 0 && t < types))
      throw std::invalid_argument(
          fmt::format("relational: type[{}] = {}, allowed 0 to {}", e, t, types - 1));
}

}  // namespace

RelationalGraph::RelationalGraph(Adjacency adjacency, const at::Tensor& type, int64_t types)
    : adjacency_(std::move(adjacency)), types_(types) {
  check_types(adjacency_, type, types);
  type_ = type.contiguous();
  const int32_t* of = type_.const_data_ptr<int32_t>();
  std::vector<int64_t> next(static_cast<size_t>(types) + 1);
  for (int64_t e = 0; e < type_.numel(); ++e) ++next[static_cast<size_t>(of[e]) + 1];
  for (int64_t t = 0; t < types; ++t) {
    const auto at = static_cast<size_t>(t);
    next[at + 1] += next[at];
    for (int64_t begin = next[at]; begin < next[at + 1]; begin += kChunk)
      chunks_.push_back({t, begin, std::min(begin + kChunk, next[at + 1])});
  }
  by_type_.resize(static_cast<size_t>(type_.numel()));
  for_edges(adjacency_.by_row(), [&](int64_t e, int64_t row, int64_t col) {
    by_type_[static_cast<size_t>(next[static_cast<size_t>(of[e])]++)] = {
        static_cast<int32_t>(row), static_cast<int32_t>(col), static_cast<int32_t>(e)};
  });
}

at::Tensor degree_scalers(const Adjacency& adjacency) {
  const int64_t rows = adjacency.rows();
  at::Tensor result = at::empty({rows, 3}, at::kDouble);
  const int64_t* offsets = adjacency.by_row().row_ptr.const_data_ptr<int64_t>();
  const auto log_of = [&](int64_t row) {
    return std::log1p(static_cast<double>(offsets[row + 1] - offsets[row]));
  };
  double sum = 0;
  for (int64_t i = 0; i < rows; ++i) sum += log_of(i);
  for (int64_t i = 0; i < rows; ++i) {
    const double g = sum > 0 ? log_of(i) * static_cast<double>(rows) / sum : 0;
    double* of = result.mutable_data_ptr<double>() + 3 * i;
    of[0] = 1;
    of[1] = g;
    of[2] = 1 / std::max(g, .01);
  }
  return result;
}

}  // namespace saggio::kernels
