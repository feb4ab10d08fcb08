// SPDX-License-Identifier: MIT
#include "models/embedding.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include <numbers>
#include <span>
#include <stdexcept>

namespace saggio::models {
namespace {

std::span<float> floats(const at::Tensor& tensor) {
  return {tensor.data_ptr<float>(), static_cast<size_t>(tensor.numel())};
}

at::Tensor normal(int64_t rows, int64_t columns, double deviation, results::Stream stream) {
  const at::Tensor values = at::empty({rows, columns}, at::kFloat);
  stream.fill_normal(floats(values));
  return values.mul_(deviation);
}

// Uniform on the unit circle, as pairs in two halves.
at::Tensor phases(int64_t rows, int64_t pairs, results::Stream stream) {
  const at::Tensor angles = at::empty({rows, pairs}, at::kFloat);
  stream.fill_uniform(floats(angles));
  angles.mul_(2 * std::numbers::pi);
  return at::cat({angles.cos(), angles.sin()}, 1);
}

struct Complex {
  at::Tensor real, imaginary;
};

Complex halves(const at::Tensor& rows) {
  const std::vector<at::Tensor> parts = rows.chunk(2, 1);
  return {parts[0], parts[1]};
}

at::Tensor product(const at::Tensor& a, const at::Tensor& b) {
  const Complex x = halves(a), y = halves(b);
  return at::cat(
      {x.real * y.real - x.imaginary * y.imaginary, x.real * y.imaginary + x.imaginary * y.real},
      1);
}

// Never by a matrix product, whose rounding near 0 the square root would blow up.
at::Tensor distances(const at::Tensor& from, const at::Tensor& to, double p) {
  constexpr int64_t kNoProduct = 2;
  return at::cdist(from, to, p, kNoProduct);
}

}  // namespace

Embedding::Kind Embedding::kind_of(const std::string& name) {
  if (name == "transe") return Kind::Transe;
  if (name == "distmult") return Kind::Distmult;
  if (name == "complex") return Kind::Complex;
  if (name == "rotate") return Kind::Rotate;
  throw std::invalid_argument(fmt::format(
      "an embedding of the kind '{}', allowed transe, distmult, complex, rotate", name));
}

Embedding::Embedding(const std::string& kind,
                     const EmbeddingOptions& options,
                     int64_t nodes,
                     int64_t relations,
                     const results::Stream& init)
    : kind_(kind_of(kind)) {
  const bool pairs = kind_ == Kind::Complex || kind_ == Kind::Rotate;
  const int64_t columns = pairs ? 2 * options.width : options.width;
  const results::Stream node_stream = init.split("nodes"), stream = init.split("relations");
  nodes_ = normal(nodes, columns, options.deviation, node_stream);
  relations_ = kind_ == Kind::Rotate ? phases(2 * relations, options.width, stream)
                                     : normal(2 * relations, columns, options.deviation, stream);
  nodes_.requires_grad_();
  relations_.requires_grad_();
}

at::Tensor Embedding::scores(const at::Tensor& heads, const at::Tensor& relations) {
  const at::NoGradGuard no_gradients;
  return forward(heads, relations);
}

at::Tensor Embedding::forward(const at::Tensor& heads, const at::Tensor& relations) const {
  const at::Tensor h = at::embedding(nodes_, heads), r = at::embedding(relations_, relations);
  switch (kind_) {
    case Kind::Transe:
      return -distances(h + r, nodes_, 1);
    case Kind::Distmult:
      return at::matmul(h * r, nodes_.t());
    case Kind::Complex:  // Re(x conj(t)) is the product of x's and t's pairs as real vectors
      return at::matmul(product(h, r), nodes_.t());
    case Kind::Rotate:
      return -distances(product(h, r), nodes_, 2);
  }
  throw std::logic_error("an embedding of no kind");
}

NamedTensors Embedding::parameters() const {
  return {{"nodes", nodes_}, {"relations", relations_}};
}

void Embedding::constrain() {
  if (kind_ != Kind::Rotate) return;
  const at::NoGradGuard no_gradients;
  const Complex r = halves(relations_);
  const at::Tensor modulus = (r.real * r.real + r.imaginary * r.imaginary).sqrt();
  r.real.div_(modulus);
  r.imaginary.div_(modulus);
}

at::Tensor answer_loss(const at::Tensor& scores, const at::Tensor& truths) {
  const at::Tensor shares = truths / truths.sum(1, true);
  return -(at::log_softmax(scores, 1) * shares).sum() / scores.size(0);
}

}  // namespace saggio::models
