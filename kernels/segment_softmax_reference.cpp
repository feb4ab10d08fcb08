// SPDX-License-Identifier: MIT
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/full.h>
#include <ATen/ops/zeros.h>

#include <cmath>
#include <limits>

#include "kernels/csr_edges.h"
#include "kernels/reference.h"
#include "kernels/segment_softmax.h"

namespace saggio::kernels {
namespace {

// visit(entry of the edge and head, entry of the row and head) for all.
template <class Visit>
void for_entries(const Adjacency& a, const at::Tensor& like, const Visit& visit) {
  const int64_t H = like.dim() == 1 ? 1 : like.size(1);
  for_edges(a.by_row(), [&](int64_t e, int64_t row, int64_t) {
    for (int64_t h = 0; h < H; ++h) visit(e * H + h, row * H + h);
  });
}

int64_t sums(const Adjacency& a, const at::Tensor& like) {
  return a.rows() * (like.dim() == 1 ? 1 : like.size(1));
}

}  // namespace

at::Tensor segment_softmax_reference(const Adjacency& a, const at::Tensor& scores) {
  const at::Tensor from = plain(scores);
  at::Tensor alpha = at::empty_like(from);
  const at::Tensor top =
      at::full({sums(a, from)}, -std::numeric_limits<double>::infinity(), at::kDouble);
  const at::Tensor sum = at::zeros({sums(a, from)}, at::kDouble);
  const double* s = from.const_data_ptr<double>();
  double *p = alpha.mutable_data_ptr<double>(), *largest = top.mutable_data_ptr<double>(),
         *total = sum.mutable_data_ptr<double>();
  for_entries(a, from, [&](int64_t e, int64_t i) { largest[i] = std::fmax(largest[i], s[e]); });
  for_entries(a, from, [&](int64_t e, int64_t i) {
    p[e] = std::exp(s[e] - largest[i]);
    total[i] += p[e];
  });
  for_entries(a, from, [&](int64_t e, int64_t i) { p[e] /= total[i]; });
  return alpha;
}

at::Tensor segment_softmax_backward_reference(const Adjacency& a,
                                              const at::Tensor& dalpha,
                                              const at::Tensor& alpha) {
  const at::Tensor from = plain(alpha), gradient = plain(dalpha);
  at::Tensor dscores = at::empty_like(from);
  const at::Tensor sum = at::zeros({sums(a, from)}, at::kDouble);
  const double *p = from.const_data_ptr<double>(), *g = gradient.const_data_ptr<double>();
  double *ds = dscores.mutable_data_ptr<double>(), *total = sum.mutable_data_ptr<double>();
  for_entries(a, from, [&](int64_t e, int64_t i) { total[i] += p[e] * g[e]; });
  for_entries(a, from, [&](int64_t e, int64_t i) { ds[e] = p[e] * (g[e] - total[i]); });
  return dscores;
}

}  // namespace saggio::kernels
