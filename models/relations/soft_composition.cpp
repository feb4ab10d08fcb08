// SPDX-License-Identifier: MIT
#include "models/relations/soft_composition.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <stdexcept>

namespace saggio::models {
namespace {

constexpr double kFloor = 1e-4;  // an answer that has no mass costs -log of this

at::Tensor mass(const at::Tensor& cells) { return cells.sum(-1, /*keepdim=*/true); }

// What left cells and right cells make over all people between:
//   left [B, I, N, R], right [B, N, J, R], table [R * R, R] -> [B, I, J, R]
at::Tensor made_of(const at::Tensor& left, const at::Tensor& right, const at::Tensor& table) {
  const int64_t B = left.size(0), I = left.size(1), N = left.size(2), R = left.size(3),
                J = right.size(2);
  const at::Tensor pairs =
      left.transpose(2, 3).reshape({B, I * R, N}).bmm(right.reshape({B, N, J * R}));
  const at::Tensor made = pairs.view({B, I, R, J, R})
                              .transpose(2, 3)
                              .reshape({B * I * J, R * R})
                              .matmul(table)
                              .view({B, I, J, R});
  return made / mass(made).clamp_min(1);
}

at::Tensor written(const at::Tensor& cells, const at::Tensor& made) {
  return cells + (1 - mass(cells)).clamp_min(0) * made;
}

// One round over all cells. Nobody is kin to themselves.
at::Tensor round_of(const at::Tensor& cells, const at::Tensor& flat_table) {
  const int64_t N = cells.size(1);
  const at::Tensor others = 1 - at::eye(N, cells.options()).view({1, N, N, 1});
  return written(cells, made_of(cells, cells, flat_table) * others);
}

// Follows mass back to what was stated, through the cells after each round.
class Tracer {
 public:
  Tracer(std::vector<at::Tensor> rounds, const at::Tensor& table)
      : rounds_(std::move(rounds)), table_(table) {}

  // v is r to u, by cells after at most `last` rounds; false if no mass says so.
  bool trace(int64_t u, int64_t v, int64_t r, size_t last, std::vector<ComposedRelation>& out) {
    const auto at_round = [&](size_t i) { return rounds_[i].accessor<float, 3>()[u][v][r]; };
    if (at_round(0) > 0) return true;
    size_t brought = 0;  // by which round most
    double most = 0;
    for (size_t i = 1; i <= last; ++i)
      if (at_round(i) - at_round(i - 1) > most) {
        most = at_round(i) - at_round(i - 1);
        brought = i;
      }
    if (brought == 0) return false;
    const ComposedRelation made = best(u, v, r, rounds_[brought - 1], at_round(last));
    trace(u, made.via, made.first, brought - 1, out);
    trace(made.via, v, made.second, brought - 1, out);
    out.push_back(made);
    return true;
  }

 private:
  // Of all ways to make r from cells, the heaviest.
  ComposedRelation best(
      int64_t u, int64_t v, int64_t r, const at::Tensor& cells, double confidence) const {
    // [N, R, R]: P[u, w, first] P[w, v, second] C[first, second, r]
    const at::Tensor ways =
        cells[u].unsqueeze(2) * cells.select(1, v).unsqueeze(1) * table_.select(2, r).unsqueeze(0);
    const int64_t R = cells.size(2), index = ways.argmax().item<int64_t>();
    return {u, index / (R * R), v, index / R % R, index % R, r, confidence};
  }

  std::vector<at::Tensor> rounds_;  // [N, N, R] each
  at::Tensor table_;
};

}  // namespace

at::Tensor compose(const at::Tensor& cells,
                   const at::Tensor& source,
                   const at::Tensor& target,
                   const at::Tensor& table,
                   int64_t rounds) {
  const int64_t B = cells.size(0), R = cells.size(3);
  const at::Tensor flat = table.reshape({R * R, R});
  at::Tensor now = cells;
  for (int64_t i = 1; i < rounds; ++i) now = round_of(now, flat);
  const at::Tensor questions = at::arange(B, at::kLong);
  const at::Tensor from = now.index({questions, source});  // [B, N, R]
  const at::Tensor to = now.transpose(1, 2).index({questions, target});
  const at::Tensor asked = now.index({questions, source, target});
  return written(asked, made_of(from.unsqueeze(1), to.unsqueeze(2), flat).view({B, R}));
}

SoftComposition::SoftComposition(const SoftCompositionOptions& options, const results::Stream& init)
    : options_(options) {
  const int64_t R = latent();
  Leaves leaves(init);
  free_ = leaves.normal("free", {R, R, R + 1}, .3);
  embedding_ = leaves.normal("embedding", {R, options.width}, 1);
  first_ = leaves.linear("first", 2 * options.width, options.hidden);
  second_ = leaves.linear("second", options.hidden, R + 1);
  parameters_ = leaves.take();
}

at::Tensor SoftComposition::table() const {
  const int64_t R = latent(), width = options_.width;
  const at::Tensor first = embedding_.unsqueeze(1).expand({R, R, width});
  const at::Tensor second = embedding_.unsqueeze(0).expand({R, R, width});
  const at::Tensor logits = free_ + second_(at::gelu(first_(at::cat({first, second}, -1))));
  return logits.softmax(-1).narrow(-1, 0, R);
}

at::Tensor SoftComposition::stated(const RelationBatch& batch) const {
  return at::constant_pad_nd(batch.stated, {0, options_.spare});
}

at::Tensor SoftComposition::logits(const RelationBatch& batch, int64_t rounds) const {
  const at::Tensor asked = compose(stated(batch), batch.source, batch.target, table(), rounds);
  return (asked.narrow(-1, 0, options_.relations) + kFloor).log();
}

std::vector<ComposedRelation> SoftComposition::derivation(const RelationGraph& graph,
                                                          int64_t answer,
                                                          int64_t rounds) const {
  const at::NoGradGuard no_gradients;
  results::Stream names(0);  // which this model does not read
  const RelationGraph* one = &graph;
  at::Tensor cells = stated(make_batch({&one, 1}, options_.relations, names));
  const at::Tensor learned = table().contiguous();
  std::vector<at::Tensor> after = {cells[0]};
  for (int64_t i = 0; i < rounds; ++i) {
    cells = round_of(cells, learned.reshape({latent() * latent(), latent()}));
    after.push_back(cells[0].contiguous());
  }
  std::vector<ComposedRelation> steps;
  Tracer(std::move(after), learned)
      .trace(graph.source, graph.target, answer, static_cast<size_t>(rounds), steps);
  return steps;
}

}  // namespace saggio::models
