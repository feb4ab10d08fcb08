// SPDX-License-Identifier: MIT
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "kernels/activation.h"
#include "kernels/loops/loops.h"
#include "kernels/parallel.h"

namespace saggio::kernels {
namespace {

constexpr int64_t kGrain = int64_t{1} << 13;  // elements; below, a second thread costs more

Element element_of(const at::Tensor& x) {
  switch (x.scalar_type()) {
    case at::kFloat:
      return Element::F32;
    case at::kBFloat16:
      return Element::Bf16;
    case at::kHalf:
      return Element::F16;
    default:
      TORCH_CHECK(false, "activation: x is ", x.scalar_type(), ", allowed float, bfloat16, half");
  }
}

ActivationConstants constants_of(const Activation& f, const at::Tensor& x) {
  const double T = f.temperature, lowest = std::numeric_limits<float>::min();
  TORCH_CHECK(T >= lowest && T <= 1 / lowest,
              "activation: temperature = ",
              T,
              ", allowed ",
              lowest,
              " to ",
              1 / lowest);
  TORCH_CHECK(std::isfinite(static_cast<float>(f.lambda)),
              "activation: lambda = ",
              f.lambda,
              ", allowed any finite number");
  TORCH_CHECK(f.kind == Activation::Kind::EmSwish || f.lambda == 0,
              "activation: lambda = ",
              f.lambda,
              ", allowed 0 except for em-swish");
  const Curve curve = f.kind == Activation::Kind::ReluSquared ? Curve::ReluSquared
                      : f.lambda == 0                         ? Curve::Swish
                                                              : Curve::EmSwish;
  return {curve,
          element_of(x),
          static_cast<float>(T),
          static_cast<float>(1 / T),
          static_cast<float>(f.lambda)};
}

// A tensor as rows of contiguous elements, `stride` elements apart.
struct Rows {
  at::Tensor held;  // a copy where the layout has no such rows
  char* data = nullptr;
  int64_t stride = 0;
};

constexpr int64_t kNoRows = -1;

// The distance between rows where the last dimension is contiguous and the others form one line.
int64_t row_stride(const at::Tensor& x) {
  const int64_t last = x.dim() - 1;
  if (last < 0) return 1;
  if (x.size(last) != 1 && x.stride(last) != 1) return kNoRows;
  int64_t stride = kNoRows, next = 0;
  for (int64_t i = last - 1; i >= 0; --i) {
    if (x.size(i) == 1) continue;
    if (stride == kNoRows)
      stride = x.stride(i);
    else if (x.stride(i) != next)
      return kNoRows;
    next = x.stride(i) * x.size(i);
  }
  return stride == kNoRows ? x.size(last) : stride;
}

Rows rows_of(const at::Tensor& x) {
  const int64_t stride = row_stride(x);
  if (stride == kNoRows) return rows_of(x.contiguous());
  return {x, static_cast<char*>(x.data_ptr()), stride};
}

Rows input(const at::Tensor& x, const at::Tensor& like, const char* name) {
  TORCH_CHECK(x.device().is_cpu(), "activation: ", name, " is on ", x.device(), ", allowed cpu");
  TORCH_CHECK(x.sizes() == like.sizes() && x.scalar_type() == like.scalar_type(),
              "activation: ",
              name,
              " is ",
              x.scalar_type(),
              " ",
              x.sizes(),
              ", expected ",
              like.scalar_type(),
              " ",
              like.sizes(),
              " as the others");
  return rows_of(x);
}

// What a pass reads and writes; those that it does not have are empty.
struct Operands {
  Rows dy, a, b, y, da, db;
};

void run(const Activation& f, const at::Tensor& shape, const Operands& all) {
  const ActivationConstants constants = constants_of(f, shape);
  const int64_t total = shape.numel();
  if (total == 0) return;
  int64_t width = shape.dim() == 0 ? 1 : shape.size(-1);
  const auto apart = [&](const Rows* rows) {
    return rows->data != nullptr && rows->stride != width;
  };
  const std::array operands = {&all.dy, &all.a, &all.b, &all.y, &all.da, &all.db};
  if (std::none_of(operands.begin(), operands.end(), apart)) width = total;  // one long row
  const int64_t bytes = shape.element_size();
  const Loops& table = loops();
  parallel_ranges(total, kGrain, [&](int64_t begin, int64_t end) {
    while (begin < end) {
      const int64_t row = begin / width, column = begin % width;
      const int64_t count = std::min(end - begin, width - column);
      const auto place = [&](const Rows& rows) -> void* {
        return rows.data == nullptr ? nullptr : rows.data + (row * rows.stride + column) * bytes;
      };
      table.activation(
          {place(all.dy), place(all.a), place(all.b), place(all.y), place(all.da), place(all.db)},
          constants,
          count);
      begin += count;
    }
  });
}

}  // namespace

at::Tensor activate(const Activation& f, const at::Tensor& x) {
  const at::Tensor y = at::empty(x.sizes(), x.options().requires_grad(false));
  Operands all;
  all.a = input(x, x, "x");
  all.y = rows_of(y);
  run(f, x, all);
  return y;
}

at::Tensor activate_backward(const Activation& f, const at::Tensor& dy, const at::Tensor& x) {
  const at::Tensor dx = at::empty(x.sizes(), x.options().requires_grad(false));
  Operands all;
  all.dy = input(dy, x, "dy");
  all.a = input(x, x, "x");
  all.da = rows_of(dx);
  run(f, x, all);
  return dx;
}

at::Tensor gate(const Activation& f, const at::Tensor& a, const at::Tensor& b) {
  const at::Tensor y = at::empty(a.sizes(), a.options().requires_grad(false));
  Operands all;
  all.a = input(a, a, "a");
  all.b = input(b, a, "b");
  all.y = rows_of(y);
  run(f, a, all);
  return y;
}

at::Tensor gate_backward(const Activation& f,
                         const at::Tensor& dy,
                         const at::Tensor& a,
                         const at::Tensor& b) {
  TORCH_CHECK(a.dim() >= 1, "activation: a is a single number, expected [*, F]");
  const int64_t F = a.size(-1);
  std::vector<int64_t> sizes = a.sizes().vec();
  sizes.back() = 2 * F;
  const at::Tensor both = at::empty(sizes, a.options().requires_grad(false));
  Operands all;
  all.dy = input(dy, a, "dy");
  all.a = input(a, a, "a");
  all.b = input(b, a, "b");
  all.da = rows_of(both.narrow(-1, 0, F));
  all.db = rows_of(both.narrow(-1, F, F));
  run(f, a, all);
  return both;
}

}  // namespace saggio::kernels
