// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "models/activations.h"
#include "models/named_tensors.h"
#include "results/random.h"

// A causal decoder over bytes or characters: pre-norm blocks of attention and feed-forward on a
// residual stream (GPT-2's layout, Radford et al. 2019), with the parts that small studies switch:
// positions, activation, norm, biases, tied head. It holds parameters and nothing else: randomness
// comes in as streams, the cache for sampling is the caller's, and training lives in training.h.
// The same tokens give the same logits, bit for bit.
namespace saggio::models {

struct TransformerOptions {
  int64_t width = 64;
  int64_t layers = 2;
  int64_t heads = 2;
  int64_t ffn_width = 176;
  std::string position = "rotary";
  ActivationOptions activation;
  std::string norm = "rmsnorm";
  bool bias = false;
  bool tied_head = true;
  double dropout = 0;

  void visit(auto& v) {
    v("width", width, "size of the residual stream", {2, 8192});
    v("layers", layers, "blocks", {1, 128});
    v("heads", heads, "attention heads; divides the width", {1, 128});
    v("ffn_width", ffn_width, "hidden units of each feed-forward part", {1, 65536});
    v("position", position, "how a token knows where it is", {"rotary", "learned", "none"});
    activation.visit(v);
    v("norm",
      norm,
      "before each part and before the head",
      {"rmsnorm", "layernorm", "layernorm_nobias"});
    v("bias", bias, "linear layers have biases (the head never has)");
    v("tied_head", tied_head, "the head uses the token embedding");
    v("dropout",
      dropout,
      "of the embedding and of what each part adds to the residual stream",
      {0, 0.9});
  }
};

// One parameter as it will be made; `deviation` is that of its normal initial values, 0 for biases
// and 1-valued norm weights.
struct ParameterSpec {
  std::string name;       // "block.0.attention.qkv.weight"
  std::string component;  // embedding, attention, ffn, norm or head
  std::vector<int64_t> shape;
  double deviation = 0;
  double mean = 0;
};

// All parameters in the order in which they are made. Normal(0, .02), the projections back onto the
// residual stream divided by sqrt(2 layers), as in GPT-2. Throws std::invalid_argument if the
// options contradict each other.
std::vector<ParameterSpec> parameter_specs(const TransformerOptions& options,
                                           int64_t vocabulary,
                                           int64_t context);

// Elements by component. Makes no tensor.
std::map<std::string, int64_t> parameter_counts(const TransformerOptions& options,
                                                int64_t vocabulary,
                                                int64_t context);

// Training FLOPs for one token of a full context, by the convention of kernels/flop_counter.h: 6
// per element of every weight matrix that multiplies, and 14 T D per block for attention (2
// products forward, 5 backward).
double train_flops_per_token(const TransformerOptions& options,
                             int64_t vocabulary,
                             int64_t context);

// Keys and values of the positions seen so far; empty at first. Only ever given to the same model.
struct KvCache {
  std::vector<std::array<at::Tensor, 2>> layers;  // keys, values: [B, H, context, Dh]
  int64_t length = 0;                             // positions filled
};

class Transformer {
 public:
  // Each parameter is drawn from init.split(its name): two models agree wherever their shapes do.
  Transformer(const TransformerOptions& options,
              int64_t vocabulary,
              int64_t context,
              const results::Stream& init);

  // Logits of the next token at every position.
  //   tokens  [B, T] i64 in [0, V), T <= context
  // Returns   [B, T, V] f32
  // With `dropout` the options' dropout is applied, drawn from it; without, none.
  at::Tensor forward(const at::Tensor& tokens, results::Stream* dropout = nullptr) const;

  // The same for tokens that follow what `cache` has seen (length + T <= context), without
  // gradients; extends the cache.
  at::Tensor forward(const at::Tensor& tokens, KvCache& cache) const;

  const NamedTensors& parameters() const {
    return parameters_;
  }  // trainable leaves, in the order of parameter_specs
  int64_t vocabulary() const { return vocabulary_; }
  int64_t context() const { return context_; }

 private:
  struct Affine {
    at::Tensor weight, bias;  // bias may be undefined
  };
  struct Block {
    Affine attention_norm, qkv, out, ffn_norm, gate, up, down;  // gate may be undefined
    at::Tensor temperature;  // of the activation, if it is learned
  };
  struct Pass;  // what one forward carries along

  at::Tensor find(const std::string& name) const;  // undefined if there is none
  Affine affine(const std::string& name) const;
  at::Tensor normalise(const at::Tensor& x, const Affine& norm) const;
  at::Tensor embed(const at::Tensor& tokens, int64_t start) const;
  at::Tensor attend(const at::Tensor& x, size_t layer, Pass& pass) const;
  at::Tensor feed_forward(const at::Tensor& x, const Block& block) const;
  at::Tensor run(const at::Tensor& tokens, Pass& pass) const;

  TransformerOptions options_;
  int64_t vocabulary_, context_;
  NamedTensors parameters_;
  std::vector<Block> blocks_;
  Affine final_norm_;
  at::Tensor embedding_, positions_, head_;
  at::Tensor rotation_;  // undefined unless rotary
};

// Mean over all positions of -log p(target).
//   logits  [*, V] f32, targets [*] i64 in [0, V)
at::Tensor cross_entropy(const at::Tensor& logits, const at::Tensor& targets);

// Mean over all positions of the entropy of softmax(logits), over its largest value ln V: in [0, 1].
//   logits  [*, V] f32, V >= 2; no gradient flows
double mean_entropy(const at::Tensor& logits);

}  // namespace saggio::models
