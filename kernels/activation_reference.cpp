// SPDX-License-Identifier: MIT
#include <ATen/core/Tensor.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty_like.h>

#include <algorithm>
#include <cmath>

#include "kernels/activation.h"
#include "kernels/reference.h"

namespace saggio::kernels {
namespace {

struct Point {
  double value, slope;
};

// At |z| = 800 the double exp(-|z|) is 0 too.
Point swish(double x, double T, double lambda) {
  if (std::isnan(x)) return {x, x};
  const double z = std::clamp(x / T, -800.0, 800.0), e = std::exp(-std::abs(z));
  const double p = z < 0 ? e / (1 + e) : 1 / (1 + e), q = z < 0 ? 1 / (1 + e) : e / (1 + e);
  const double entropy = std::log1p(e) + std::abs(z) * e / (1 + e);
  const double value = (p == 0 ? 0 : x * p) * (1 + lambda * entropy);
  return {value, p * (1 + lambda * entropy) * (1 + z * q) - lambda * z * z * p * p * q};
}

Point point(const Activation& f, double x) {
  if (f.kind == Activation::Kind::ReluSquared) {
    const double r = x < 0 ? 0 : x;
    return {r * r, 2 * r};
  }
  return swish(x, f.temperature, f.kind == Activation::Kind::EmSwish ? f.lambda : 0);
}

// One value per element of x, by the point of the curve there.
template <class Pick>
at::Tensor map(const Activation& f, const at::Tensor& x, const Pick& pick) {
  const at::Tensor from = plain(x);
  at::Tensor to = at::empty_like(from);
  std::transform(from.const_data_ptr<double>(),
                 from.const_data_ptr<double>() + from.numel(),
                 to.mutable_data_ptr<double>(),
                 [&](double value) { return pick(point(f, value)); });
  return to;
}

at::Tensor value(const Activation& f, const at::Tensor& x) {
  return map(f, x, [](Point p) { return p.value; });
}
at::Tensor slope(const Activation& f, const at::Tensor& x) {
  return map(f, x, [](Point p) { return p.slope; });
}

}  // namespace

at::Tensor activate_reference(const Activation& f, const at::Tensor& x) { return value(f, x); }

at::Tensor activate_backward_reference(const Activation& f,
                                       const at::Tensor& dy,
                                       const at::Tensor& x) {
  return plain(dy).mul(slope(f, x));
}

at::Tensor gate_reference(const Activation& f, const at::Tensor& a, const at::Tensor& b) {
  return value(f, a).mul(plain(b));
}

at::Tensor gate_backward_reference(const Activation& f,
                                   const at::Tensor& dy,
                                   const at::Tensor& a,
                                   const at::Tensor& b) {
  return at::cat({plain(dy).mul(plain(b)).mul(slope(f, a)), plain(dy).mul(value(f, a))}, -1);
}

}  // namespace saggio::kernels
