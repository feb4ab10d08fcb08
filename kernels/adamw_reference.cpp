// SPDX-License-Identifier: MIT
#include <ATen/ops/ones_like.h>

#include <bit>
#include <cmath>

#include "kernels/adamw.h"
#include "kernels/adamw_check.h"
#include "results/random.h"

namespace saggio::kernels {
namespace {

at::Tensor in_double(const at::Tensor& x) { return x.detach().to(at::kDouble, false, true); }

// A copy of `x` in double for reading and writing, and the way back.
struct Doubles {
  explicit Doubles(const at::Tensor& x) : origin(x.detach()), copy(in_double(x)) {}
  double& operator[](int64_t i) const { return copy.mutable_data_ptr<double>()[i]; }
  void write_back() const { origin.copy_(copy); }
  at::Tensor origin, copy;
};

bool floating(const at::Tensor& x) { return at::isFloatingType(x.scalar_type()); }

void check_types(const AdamwTensor& tensor, size_t index) {
  const bool half = tensor.parameter.scalar_type() == at::kBFloat16;
  const auto check = [&](const at::Tensor& part, const char* name) {
    if (!floating(part)) refuse_type(part, name, index, "a floating type");
  };
  check(tensor.parameter, "parameter");
  check(tensor.gradient, "gradient");
  check(tensor.mean, "mean");
  check(tensor.square, "square");
  if (tensor.master.defined() && !half)
    refuse_type(tensor.master, "master", index, "none beside a parameter that is not bfloat16");
}

// One of the two bf16 neighbours of x, up with the probability that makes x the mean: adding 16
// random bits below the last that stays carries into it exactly that often.
double round_at_random(double x, uint32_t bits16) {
  const auto single = static_cast<float>(x);
  if (!std::isfinite(single)) return single;
  return std::bit_cast<float>((std::bit_cast<uint32_t>(single) + bits16) & 0xFFFF0000U);
}

void round_at_random(const Doubles& parameter, const double* trainable, results::Stream stream) {
  uint32_t draw = 0;
  for (int64_t i = 0; i < parameter.copy.numel(); ++i) {
    draw = i % 2 == 0 ? stream.next() : draw >> 16;
    if (trainable[i] != 0) parameter[i] = round_at_random(parameter[i], draw & 0xFFFFU);
  }
}

void step_one(const AdamwTensor& tensor, const AdamwStep& c, const results::Stream& stream) {
  const bool has_master = tensor.master.defined();
  const Doubles p(has_master ? tensor.master : tensor.parameter), m(tensor.mean), v(tensor.square);
  const Doubles gradient(tensor.gradient);
  const at::Tensor mask =
      tensor.trainable.defined() ? in_double(tensor.trainable) : at::ones_like(p.copy);
  const double* trainable = mask.const_data_ptr<double>();
  for (int64_t i = 0; i < p.copy.numel(); ++i) {
    if (trainable[i] == 0) continue;
    const double g = c.gradient_scale * gradient[i];
    m[i] = c.beta1 * m[i] + (1 - c.beta1) * g;
    v[i] = c.beta2 * v[i] + (1 - c.beta2) * g * g;
    p[i] = p[i] * (1 - c.lr * tensor.decay) -
           c.lr / c.correction1 * m[i] / (std::sqrt(v[i] / c.correction2) + c.epsilon);
  }
  if (!has_master && tensor.parameter.scalar_type() == at::kBFloat16)
    round_at_random(p, trainable, stream);
  for (const Doubles& state : {p, m, v}) state.write_back();
  if (has_master) tensor.parameter.detach().copy_(tensor.master);
}

}  // namespace

void adamw_step_reference(std::span<const AdamwTensor> tensors, const AdamwStep& step) {
  check_constants(step);
  for (size_t i = 0; i < tensors.size(); ++i) {
    check_layout(tensors[i], i);
    check_types(tensors[i], i);
  }
  for (size_t i = 0; i < tensors.size(); ++i)
    step_one(tensors[i], step, results::Stream(step.rounding_key).split(i));
}

}  // namespace saggio::kernels
