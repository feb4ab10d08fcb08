// SPDX-License-Identifier: MIT
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty_like.h>
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "kernels/graph_input.h"
#include "kernels/loops/loops.h"
#include "kernels/segment_softmax.h"

namespace saggio::kernels {
namespace {

int64_t heads_of(const Adjacency& a, const char* name, const at::Tensor& x) {
  if (!x.defined() || x.dim() < 1 || x.dim() > 2 || x.size(0) != a.edges())
    throw std::invalid_argument(
        fmt::format("segment_softmax: {} has {} dimensions and {} rows, expected [{}] or [{}, H]",
                    name,
                    x.defined() ? x.dim() : 0,
                    x.defined() && x.dim() > 0 ? x.size(0) : 0,
                    a.edges(),
                    a.edges()));
  return x.dim() == 1 ? 1 : x.size(1);
}

void run(const Adjacency& a, SegmentArrays arrays, RowLoop<SegmentArrays> loop) {
  constexpr int64_t kExponential = 8;  // as much work as that many additions
  arrays.graph = arrays_of(a.by_row());
  parallel_rows(a.by_row(), kExponential * arrays.heads, [&](int64_t begin, int64_t end) {
    int64_t longest = 0;
    for (int64_t row = begin; row < end; ++row)
      longest = std::max(longest, arrays.graph.row_ptr[row + 1] - arrays.graph.row_ptr[row]);
    std::vector<float> scratch(static_cast<size_t>((longest + 2) * arrays.heads));
    SegmentArrays mine = arrays;
    mine.scratch = scratch.data();
    loop(mine, begin, end);
  });
}

}  // namespace

at::Tensor segment_softmax(const Adjacency& a, const at::Tensor& scores) {
  const int64_t H = heads_of(a, "scores", scores);
  const at::Tensor from = graph_input("segment_softmax", "scores", scores, scores.sizes());
  at::Tensor alpha = at::empty_like(from);
  run(a,
      {{}, from.const_data_ptr<float>(), nullptr, alpha.mutable_data_ptr<float>(), nullptr, H},
      loops().segment_softmax);
  return alpha;
}

at::Tensor segment_softmax_backward(const Adjacency& a,
                                    const at::Tensor& dalpha,
                                    const at::Tensor& alpha) {
  const int64_t H = heads_of(a, "alpha", alpha);
  const at::Tensor from = graph_input("segment_softmax", "alpha", alpha, alpha.sizes());
  const at::Tensor gradient = graph_input("segment_softmax", "dalpha", dalpha, alpha.sizes());
  at::Tensor dscores = at::empty_like(from);
  run(a,
      {{},
       from.const_data_ptr<float>(),
       gradient.const_data_ptr<float>(),
       dscores.mutable_data_ptr<float>(),
       nullptr,
       H},
      loops().segment_softmax_backward);
  return dscores;
}

}  // namespace saggio::kernels
