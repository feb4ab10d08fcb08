// SPDX-License-Identifier: MIT
// The kernels beside their peers in one process, taking turns, on two threads: milliseconds (least
// and median), bytes that must move per second, the share of a copy's bandwidth, and how many times
// as long a peer takes. Every contest runs with malloc as shipped and then told to keep freed
// memory, because eager chains of operations ask for megabytes at every step.
//
//   kernels_compare [--smoke] [REPETITIONS]      --smoke: small sizes, to see that all of it runs
#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <malloc.h>
#include <torch/torch.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "kernels/activation.h"
#include "kernels/adamw.h"
#include "kernels/gradient_norm.h"
#include "tests/bench/contest.h"

namespace saggio::kernels {
namespace {

using Tensors = std::vector<at::Tensor>;

Tensors filled(int64_t tensors, int64_t elements, double value) {
  Tensors result;
  for (int64_t i = 0; i < tensors; ++i) result.push_back(at::full({elements}, value));
  return result;
}

Contender our_adamw(int64_t tensors, int64_t elements) {
  std::vector<AdamwTensor> state;
  for (int64_t i = 0; i < tensors; ++i)
    state.push_back({at::ones({elements}),
                     at::full({elements}, .01),
                     at::zeros({elements}),
                     at::zeros({elements}),
                     .1});
  return {"ours",
          [state] { adamw_step(state, {.lr = 1e-3, .correction1 = .1, .correction2 = .1}); }};
}

Contender fused_adamw(int64_t tensors, int64_t elements) {
  const Tensors p = filled(tensors, elements, 1), g = filled(tensors, elements, .01),
                m = filled(tensors, elements, 0), v = filled(tensors, elements, 0),
                counts(static_cast<size_t>(tensors), at::ones({}));
  return {"at::_fused_adamw_", [=] {
            at::_fused_adamw_(p, g, m, v, {}, counts, 1e-3, .9, .999, .1, 1e-8, false, false);
          }};
}

Contender class_adamw(int64_t tensors, int64_t elements) {
  Tensors p = filled(tensors, elements, 1);
  for (at::Tensor& x : p) {
    x.requires_grad_();
    x.mutable_grad() = at::full({elements}, .01);
  }
  const auto peer = std::make_shared<torch::optim::AdamW>(p, torch::optim::AdamWOptions(1e-3));
  return {"torch::optim::AdamW", [peer] { peer->step(); }};
}

Contest adamw_contest(int64_t tensors, int64_t elements) {
  const double bytes = 28. * static_cast<double>(tensors * elements);
  return {fmt::format("AdamW step, {} x {} parameters, 28 B each", tensors, elements),
          bytes,
          {copy_of(bytes),
           our_adamw(tensors, elements),
           fused_adamw(tensors, elements),
           class_adamw(tensors, elements)}};
}

// A norm above the limit at every turn, so that all scale; ours does not need to, because the step
// takes the factor: "ours, norm alone" is what clipping adds to a step.
Contest clip_contest(int64_t tensors, int64_t elements) {
  const double bytes = 12. * static_cast<double>(tensors * elements), limit = 1e-3;
  const Tensors ours = filled(tensors, elements, 1), theirs = filled(tensors, elements, 1);
  const auto norm_and_scale = [ours, limit] {
    scale_gradients(ours, clip_factor(gradient_norm(ours), limit) * 1e4);
  };
  const auto eager = [theirs, limit] {
    const double norm =
        at::linalg_vector_norm(at::stack(at::_foreach_norm(theirs, 2))).item<double>();
    at::_foreach_mul_(theirs, limit / norm * 1e4);
  };
  return {fmt::format("norm and clip, {} x {} gradients, 12 B each", tensors, elements),
          bytes,
          {copy_of(bytes),
           {"ours, scaled in place", norm_and_scale},
           {"ours, norm alone", [ours] { gradient_norm(ours); }},
           {"at::_foreach_norm, _mul_", eager}}};
}

Contest gate_contest(int64_t rows, int64_t F) {
  const double bytes = 32. * static_cast<double>(rows * F);
  const at::Tensor joint = at::linspace(-4, 4, rows * 2 * F, at::kFloat).view({rows, 2 * F});
  const at::Tensor dy = at::ones({rows, F}), leaf = joint.clone().requires_grad_();
  const auto ours = [joint, dy, F] {
    const at::Tensor a = joint.narrow(-1, 0, F), b = joint.narrow(-1, F, F);
    const at::Tensor y = gate({}, a, b), both = gate_backward({}, dy, a, b);
  };
  const auto eager = [leaf, dy, F] {
    const at::Tensor y = at::silu(leaf.narrow(-1, 0, F)) * leaf.narrow(-1, F, F);
    leaf.mutable_grad().reset();
    y.backward(dy);
  };
  const auto in_two = [leaf, dy, F] {  // the two gradients apart, where narrow's would be summed
    const at::Tensor a = leaf.detach().narrow(-1, 0, F).requires_grad_(),
                     b = leaf.detach().narrow(-1, F, F).requires_grad_();
    (at::silu(a) * b).backward(dy);
  };
  return {
      fmt::format("SwiGLU forward + backward, {} x {} gates, 32 B each", rows, F),
      bytes,
      {copy_of(bytes), {"ours", ours}, {"eager, halves of one", eager}, {"eager, apart", in_two}}};
}

void print(const Contest& contest,
           const std::vector<Times>& shipped,
           const std::vector<Times>& tuned) {
  fmt::print("\n{}\n{:26}{:^44}{:^44}\n", contest.title, "", "malloc as shipped", "malloc tuned");
  fmt::print("{:26}", "");
  for (int i = 0; i < 2; ++i)
    fmt::print("{:>9}{:>9}{:>8}{:>9}{:>9}", "least ms", "median", "GB/s", "of copy", "/ ours");
  for (size_t i = 0; i < contest.contenders.size(); ++i) {
    fmt::print("\n{:26}", contest.contenders[i].name);
    for (const std::vector<Times>* times : {&shipped, &tuned}) {
      const Times mine = (*times)[i];
      fmt::print("{:9.2f}{:9.2f}{:8.1f}{:8.0f}%{:8.2f}x",
                 mine.least_ms,
                 mine.median_ms,
                 contest.bytes / mine.least_ms / 1e6,
                 100 * (*times)[0].least_ms / mine.least_ms,
                 mine.least_ms / (*times)[1].least_ms);
    }
  }
  fmt::print("\n");
}

using MakeContest = std::function<Contest()>;  // one at a time is in memory

std::vector<MakeContest> contests(bool smoke) {
  const int64_t large = (int64_t{33} << 20) / (smoke ? 256 : 1), many = smoke ? 8 : 2000;
  return {[=] { return adamw_contest(1, large); },
          [=] { return adamw_contest(many, 512); },
          [=] { return clip_contest(1, large); },
          [=] { return clip_contest(many, 512); },
          [=] { return gate_contest(smoke ? 8 : 2048, 4096); }};
}

void compare(bool smoke, int repetitions) {
  at::set_num_threads(2);
  std::vector<std::vector<Times>> shipped;
  for (const MakeContest& make : contests(smoke)) shipped.push_back(measure(make(), repetitions));
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  for (size_t i = 0; i < shipped.size(); ++i) {
    const Contest contest = contests(smoke)[i]();
    print(contest, shipped[i], measure(contest, repetitions));
  }
}

}  // namespace
}  // namespace saggio::kernels

int main(int argc, char** argv) {
  const bool smoke = argc > 1 && std::string(argv[1]) == "--smoke";
  const int repetitions = argc > 1 + smoke ? std::atoi(argv[1 + smoke]) : smoke ? 1 : 9;
  if (repetitions < 1) {
    fmt::print(stderr, "error: {} repetitions, allowed 1 and above\n", repetitions);
    return 2;
  }
  saggio::kernels::compare(smoke, repetitions);
  return 0;
}
