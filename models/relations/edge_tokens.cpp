// SPDX-License-Identifier: MIT
#include "models/relations/edge_tokens.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <stdexcept>

namespace saggio::models {

EdgeTokens::EdgeTokens(const EdgeTokensOptions& options, const results::Stream& init)
    : options_(options) {
  const int64_t D = options.width, F = options.ffn_width;
  if (D % options.heads != 0)
    throw std::invalid_argument(fmt::format(
        "edge tokens of {} heads and width {}: the heads must divide it", options.heads, D));
  Leaves leaves(init);
  relations_ = leaves.normal("relations", {options.relations + 1, D}, 1);
  as_first_ = leaves.normal("as_first", {kNames, D}, 1);
  as_second_ = leaves.normal("as_second", {kNames, D}, 1);
  for (int64_t i = 0; i < options.layers; ++i) {
    const std::string name = fmt::format("block.{}.", i);
    Block block;
    block.attention_norm = leaves.norm(name + "attention_norm", D);
    block.qkv = leaves.linear(name + "qkv", D, 3 * D);
    block.out = leaves.linear(name + "out", D, D);
    block.ffn_norm = leaves.norm(name + "ffn_norm", D);
    block.up = leaves.linear(name + "up", D, F);
    block.down = leaves.linear(name + "down", F, D);
    blocks_.push_back(std::move(block));
  }
  head_norm_ = leaves.norm("head_norm", D);
  head_ = leaves.linear("head", D, options.relations);
  parameters_ = leaves.take();
}

at::Tensor EdgeTokens::embed(const RelationBatch& batch) const {
  const int64_t B = batch.size();
  const at::Tensor asked =
      at::stack({batch.source, batch.target, at::full({B}, options_.relations, at::kLong)}, 1);
  const at::Tensor tokens =
      at::cat({asked.unsqueeze(1), batch.edges.clamp_min(0)}, 1);  // [B, M+1, 3]
  const at::Tensor from = batch.names.gather(1, tokens.select(2, 0));
  const at::Tensor to = batch.names.gather(1, tokens.select(2, 1));
  return at::embedding(relations_, tokens.select(2, 2)) + at::embedding(as_first_, from) +
         at::embedding(as_second_, to);
}

at::Tensor EdgeTokens::attend(const Block& block,
                              const at::Tensor& x,
                              const at::Tensor& mask) const {
  const int64_t B = x.size(0), T = x.size(1), D = options_.width, H = options_.heads;
  const at::Tensor qkv =
      block.qkv(block.attention_norm(x)).view({B, T, 3, H, D / H}).permute({2, 0, 3, 1, 4});
  const at::Tensor mixed =
      at::scaled_dot_product_attention(qkv[0], qkv[1], qkv[2], mask);  // [B, H, T, Dh]
  return block.out(mixed.transpose(1, 2).reshape({B, T, D}));
}

at::Tensor EdgeTokens::logits(const RelationBatch& batch, int64_t /*rounds*/) const {
  const int64_t B = batch.size();
  const at::Tensor is_edge = batch.edges.select(2, 0).ge(0);  // [B, M]
  const at::Tensor mask =
      at::cat({at::ones({B, 1}, at::kBool), is_edge}, 1).unsqueeze(1).unsqueeze(1);
  at::Tensor x = embed(batch);
  const at::Tensor shown = mask.expand({B, options_.heads, x.size(1), x.size(1)});
  for (const Block& block : blocks_) {
    x = x + attend(block, x, shown);
    x = x + block.down(at::gelu(block.up(block.ffn_norm(x))));
  }
  return head_(head_norm_(x.select(1, 0)));
}

}  // namespace saggio::models
