// SPDX-License-Identifier: MIT
#include "models/relations/edge_attention.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <stdexcept>

namespace saggio::models {

EdgeAttention::EdgeAttention(const EdgeAttentionOptions& options, const results::Stream& init)
    : options_(options) {
  const int64_t D = options.width, R = options.relations;
  if (D % options.heads != 0)
    throw std::invalid_argument(fmt::format(
        "edge attention of {} heads and width {}: the heads must divide it", options.heads, D));
  Leaves leaves(init);
  relations_ = leaves.normal("relations", {R, D}, 1);
  nothing_ = leaves.normal("nothing", {D}, 1);
  self_ = leaves.normal("self", {D}, 1);
  attention_norm_ = leaves.norm("attention_norm", D);
  queries_ = leaves.linear("queries", D, D);
  keys_ = leaves.linear("keys", D, D);
  left_ = leaves.linear("left", D, D);
  right_ = leaves.linear("right", D, D);
  out_ = leaves.linear("out", D, D);
  ffn_norm_ = leaves.norm("ffn_norm", D);
  up_ = leaves.linear("up", D, 2 * D);
  down_ = leaves.linear("down", 2 * D, D);
  head_norm_ = leaves.norm("head_norm", D);
  head_ = leaves.linear("head", D, R);
  parameters_ = leaves.take();
}

at::Tensor EdgeAttention::embed(const RelationBatch& batch) const {
  const int64_t N = batch.people();
  const at::Tensor same = at::eye(N, batch.stated.options()).view({1, N, N, 1});
  const at::Tensor stated = batch.stated.sum(-1, /*keepdim=*/true);
  return batch.stated.matmul(relations_) + same * self_ + (1 - same) * (1 - stated) * nothing_;
}

at::Tensor EdgeAttention::attend(const at::Tensor& pairs, const at::Tensor& absent) const {
  const int64_t B = pairs.size(0), N = pairs.size(1), H = options_.heads, Dh = options_.width / H;
  const at::Tensor x = attention_norm_(pairs);
  const auto heads = [&](const Linear& of) { return of(x).view({B, N, N, H, Dh}); };
  // by middle person w: q [B, H, w, u, Dh], k [B, H, w, Dh, v]
  const at::Tensor queries = heads(queries_).permute({0, 3, 2, 1, 4});
  const at::Tensor keys = heads(keys_).permute({0, 3, 1, 4, 2});
  const at::Tensor scores = queries.matmul(keys) / std::sqrt(static_cast<double>(Dh));
  const at::Tensor weights = (scores + absent).softmax(2);  // [B, H, w, u, v]
  // by first person u and number d of a head: (a v1) [.., w, v] against v2 [.., w, v]
  const at::Tensor left = heads(left_).permute({0, 3, 2, 1, 4});    // [B, H, w, u, Dh]
  const at::Tensor right = heads(right_).permute({0, 3, 1, 2, 4});  // [B, H, w, v, Dh]
  const at::Tensor values =
      (weights.unsqueeze(-1) * left.unsqueeze(4) * right.unsqueeze(3)).sum(2);  // [B, H, u, v, Dh]
  return out_(values.permute({0, 2, 3, 1, 4}).reshape({B, N, N, options_.width}));
}

at::Tensor EdgeAttention::logits(const RelationBatch& batch, int64_t rounds) const {
  const int64_t B = batch.size(), N = batch.people();
  // People who are not there are nobody's middle.
  const at::Tensor absent = at::zeros({B, 1, N, 1, 1})
                                .masked_fill(batch.exists.view({B, 1, N, 1, 1}).eq(0),
                                             -std::numeric_limits<float>::infinity());
  at::Tensor pairs = embed(batch);
  for (int64_t i = 0; i < rounds; ++i) {
    pairs = pairs + attend(pairs, absent);
    pairs = pairs + down_(up_(ffn_norm_(pairs)).relu());
  }
  const at::Tensor asked = pairs.index({at::arange(B, at::kLong), batch.source, batch.target});
  return head_(head_norm_(asked));
}

}  // namespace saggio::models
