// SPDX-License-Identifier: MIT
#include "models/transformer.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include <cmath>
#include <optional>
#include <span>
#include <stdexcept>

#include "models/dropout.h"
#include "models/rotary.h"

namespace saggio::models {
namespace {

constexpr double kEpsilon = 1e-5;

void check(const TransformerOptions& o) {
  check(o.activation);
  if (o.width % o.heads != 0)
    throw std::invalid_argument(
        fmt::format("model.width = {}, allowed multiples of model.heads = {}: change one of them",
                    o.width,
                    o.heads));
  if (o.position == "rotary" && o.width / o.heads % 2 != 0)
    throw std::invalid_argument(fmt::format(
        "model.width / model.heads = {}, allowed even numbers with model.position = 'rotary'",
        o.width / o.heads));
}

class SpecWriter {
 public:
  SpecWriter(const TransformerOptions& options, std::vector<ParameterSpec>& specs)
      : options_(options), specs_(specs) {}

  void matrix(std::string name,
              std::string component,
              int64_t rows,
              int64_t columns,
              double deviation = .02) {
    specs_.push_back({std::move(name), std::move(component), {rows, columns}, deviation, 0});
  }
  void linear(const std::string& name,
              const std::string& component,
              int64_t out,
              int64_t in,
              double deviation = .02) {
    matrix(name + ".weight", component, out, in, deviation);
    if (options_.bias) specs_.push_back({name + ".bias", component, {out}, 0, 0});
  }
  void norm(const std::string& name) {
    specs_.push_back({name + ".weight", "norm", {options_.width}, 0, 1});
    if (options_.norm == "layernorm")
      specs_.push_back({name + ".bias", "norm", {options_.width}, 0, 0});
  }
  void block(const std::string& name) {
    const int64_t width = options_.width, hidden = options_.ffn_width;
    const double residual = .02 / std::sqrt(2. * static_cast<double>(options_.layers));
    norm(name + ".attention.norm");
    linear(name + ".attention.qkv", "attention", 3 * width, width);
    linear(name + ".attention.out", "attention", width, width, residual);
    norm(name + ".ffn.norm");
    if (options_.activation.learned_temperature)
      specs_.push_back({name + ".ffn.temperature", "ffn", {}, 0, options_.activation.temperature});
    if (options_.activation.gated()) linear(name + ".ffn.gate", "ffn", hidden, width);
    linear(name + ".ffn.up", "ffn", hidden, width);
    linear(name + ".ffn.down", "ffn", width, hidden, residual);
  }

 private:
  const TransformerOptions& options_;
  std::vector<ParameterSpec>& specs_;
};

int64_t elements(const ParameterSpec& spec) {
  int64_t count = 1;
  for (const int64_t dim : spec.shape) count *= dim;
  return count;
}

at::Tensor make(const ParameterSpec& spec, results::Stream stream) {
  at::Tensor value = at::full(spec.shape, spec.mean, at::kFloat);
  if (spec.deviation > 0) {
    stream.fill_normal({value.mutable_data_ptr<float>(), static_cast<size_t>(value.numel())});
    value.mul_(spec.deviation);
  }
  return value.requires_grad_();
}

at::Tensor linear(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
  return bias.defined() ? at::linear(x, weight, bias) : at::linear(x, weight);
}

// Which of the positions `start` .. `start + count` may look at which of 0 .. start + count; none
// is needed for one position.
std::optional<at::Tensor> mask(int64_t start, int64_t count) {
  if (start == 0 || count == 1) return std::nullopt;
  return at::ones({count, start + count}, at::kBool).tril(start);
}

// Stores the keys and values of new positions and gives back all so far.
//   key, value [B, H, T, Dh] -> [B, H, cache.length + T, Dh]
std::array<at::Tensor, 2> remember(std::array<at::Tensor, 2>& stored,
                                   int64_t start,
                                   int64_t context,
                                   const at::Tensor& key,
                                   const at::Tensor& value) {
  const int64_t count = key.size(2);
  if (!stored[0].defined())
    for (at::Tensor& part : stored)
      part = at::empty({key.size(0), key.size(1), context, key.size(3)}, key.options());
  stored[0].narrow(2, start, count).copy_(key);
  stored[1].narrow(2, start, count).copy_(value);
  return {stored[0].narrow(2, 0, start + count), stored[1].narrow(2, 0, start + count)};
}

}  // namespace

std::vector<ParameterSpec> parameter_specs(const TransformerOptions& options,
                                           int64_t vocabulary,
                                           int64_t context) {
  check(options);
  std::vector<ParameterSpec> specs;
  SpecWriter write(options, specs);
  write.matrix("embedding.tokens", "embedding", vocabulary, options.width);
  if (options.position == "learned")
    write.matrix("embedding.positions", "embedding", context, options.width);
  for (int64_t i = 0; i < options.layers; ++i) write.block(fmt::format("block.{}", i));
  write.norm("norm");
  if (!options.tied_head) write.matrix("head.weight", "head", vocabulary, options.width);
  return specs;
}

std::map<std::string, int64_t> parameter_counts(const TransformerOptions& options,
                                                int64_t vocabulary,
                                                int64_t context) {
  std::map<std::string, int64_t> counts;
  for (const ParameterSpec& spec : parameter_specs(options, vocabulary, context))
    counts[spec.component] += elements(spec);
  return counts;
}

double train_flops_per_token(const TransformerOptions& options,
                             int64_t vocabulary,
                             int64_t context) {
  double weights =
      static_cast<double>(vocabulary * options.width);  // the head multiplies, tied or not
  for (const ParameterSpec& spec : parameter_specs(options, vocabulary, context))
    if ((spec.component == "attention" || spec.component == "ffn") && spec.shape.size() == 2)
      weights += static_cast<double>(elements(spec));
  return 6 * weights + 14 * static_cast<double>(options.layers * context * options.width);
}

struct Transformer::Pass {
  int64_t start = 0;  // positions before the first token
  KvCache* cache = nullptr;
  results::Stream* stream = nullptr;  // of dropout
  double dropout = 0;

  at::Tensor drop(const at::Tensor& x) {
    return stream != nullptr && dropout > 0 ? models::dropout(x, dropout, *stream) : x;
  }
};

Transformer::Transformer(const TransformerOptions& options,
                         int64_t vocabulary,
                         int64_t context,
                         const results::Stream& init)
    : options_(options), vocabulary_(vocabulary), context_(context) {
  for (const ParameterSpec& spec : parameter_specs(options, vocabulary, context))
    parameters_.push_back({spec.name, make(spec, init.split(spec.name))});
  for (int64_t i = 0; i < options.layers; ++i) {
    const std::string name = fmt::format("block.{}.", i);
    blocks_.push_back({affine(name + "attention.norm"),
                       affine(name + "attention.qkv"),
                       affine(name + "attention.out"),
                       affine(name + "ffn.norm"),
                       affine(name + "ffn.gate"),
                       affine(name + "ffn.up"),
                       affine(name + "ffn.down"),
                       find(name + "ffn.temperature")});
  }
  final_norm_ = affine("norm");
  embedding_ = find("embedding.tokens");
  positions_ = find("embedding.positions");
  head_ = options.tied_head ? embedding_ : find("head.weight");
  if (options.position == "rotary") rotation_ = rotations(context, options.width / options.heads);
}

at::Tensor Transformer::find(const std::string& name) const {
  for (const NamedTensor& parameter : parameters_)
    if (parameter.name == name) return parameter.value;
  return {};
}

Transformer::Affine Transformer::affine(const std::string& name) const {
  return {find(name + ".weight"), find(name + ".bias")};
}

at::Tensor Transformer::normalise(const at::Tensor& x, const Affine& norm) const {
  if (options_.norm == "rmsnorm") return at::rms_norm(x, {options_.width}, norm.weight, kEpsilon);
  return at::layer_norm(x, {options_.width}, norm.weight, norm.bias, kEpsilon);
}

at::Tensor Transformer::embed(const at::Tensor& tokens, int64_t start) const {
  const at::Tensor x = at::embedding(embedding_, tokens);
  return positions_.defined() ? x + positions_.slice(0, start, start + tokens.size(1)) : x;
}

at::Tensor Transformer::attend(const at::Tensor& x, size_t layer, Pass& pass) const {
  const Block& block = blocks_[layer];
  const int64_t batch = x.size(0), count = x.size(1), heads = options_.heads;
  at::Tensor qkv = linear(x, block.qkv.weight, block.qkv.bias).view({batch, count, 3, heads, -1});
  at::Tensor query, key, value;  // [B, T, H, Dh], then [B, H, T, Dh]
  if (rotation_.defined()) {
    const auto parts = qkv.split_with_sizes({2, 1}, 2);
    const at::Tensor turned = rotate(parts[0], rotation_.slice(0, pass.start, pass.start + count));
    query = turned.select(2, 0), key = turned.select(2, 1), value = parts[1].select(2, 0);
  } else {
    const auto parts = qkv.unbind(2);
    query = parts[0], key = parts[1], value = parts[2];
  }
  query = query.transpose(1, 2), key = key.transpose(1, 2), value = value.transpose(1, 2);
  if (pass.cache != nullptr) {
    auto all = remember(pass.cache->layers.at(layer), pass.start, context_, key, value);
    key = all[0], value = all[1];
  }
  const std::optional<at::Tensor> visible = mask(pass.start, count);
  const at::Tensor mixed =
      at::scaled_dot_product_attention(query, key, value, visible, 0, pass.start == 0);
  return linear(mixed.transpose(1, 2).reshape({batch, count, options_.width}),
                block.out.weight,
                block.out.bias);
}

at::Tensor Transformer::feed_forward(const at::Tensor& x, const Block& block) const {
  const at::Tensor up = linear(x, block.up.weight, block.up.bias);  // [B, T, F]
  const at::Tensor hidden = options_.activation.gated()
                                ? gate(options_.activation,
                                       linear(x, block.gate.weight, block.gate.bias),
                                       up,
                                       block.temperature)
                                : activate(options_.activation, up, block.temperature);
  return linear(hidden, block.down.weight, block.down.bias);
}

at::Tensor Transformer::run(const at::Tensor& tokens, Pass& pass) const {
  TORCH_CHECK(tokens.dim() == 2, "tokens is ", tokens.sizes(), ", expected [B, T]");
  TORCH_CHECK(pass.start + tokens.size(1) <= context_,
              "tokens end at position ",
              pass.start + tokens.size(1),
              ", allowed up to context = ",
              context_);
  at::Tensor x = pass.drop(embed(tokens, pass.start));
  for (size_t layer = 0; layer < blocks_.size(); ++layer) {
    const Block& block = blocks_[layer];
    x = x + pass.drop(attend(normalise(x, block.attention_norm), layer, pass));
    x = x + pass.drop(feed_forward(normalise(x, block.ffn_norm), block));
  }
  return at::linear(normalise(x, final_norm_), head_);
}

at::Tensor Transformer::forward(const at::Tensor& tokens, results::Stream* dropout) const {
  Pass pass{.stream = dropout, .dropout = options_.dropout};
  return run(tokens, pass);
}

at::Tensor Transformer::forward(const at::Tensor& tokens, KvCache& cache) const {
  const at::NoGradGuard no_gradients;
  cache.layers.resize(blocks_.size());
  Pass pass{.start = cache.length, .cache = &cache};
  const at::Tensor logits = run(tokens, pass);
  cache.length += tokens.size(1);
  return logits;
}

at::Tensor cross_entropy(const at::Tensor& logits, const at::Tensor& targets) {
  return at::cross_entropy_loss(logits.reshape({-1, logits.size(-1)}), targets.reshape({-1}));
}

double mean_entropy(const at::Tensor& logits) {
  const at::NoGradGuard no_gradients;
  const at::Tensor logs = logits.log_softmax(-1);
  return -logs.exp().mul_(logs).sum(-1).mean().item<double>() /
         std::log(static_cast<double>(logits.size(-1)));
}

}  // namespace saggio::models
