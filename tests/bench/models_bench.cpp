// SPDX-License-Identifier: MIT
#include <ATen/ATen.h>
#include <benchmark/benchmark.h>

#include "models/numerics.h"
#include "models/training.h"
#include "models/transformer.h"

// Training steps on one thread, in tokens and FLOPs per second, beside a product of large matrices,
// which bounds the latter.
namespace saggio::models {
namespace {

struct Setting {
  TransformerOptions model;
  int64_t vocabulary, batch, context;
};

// The demo's model and batch (studies/first.toml), the same tokens in short windows, and nanoGPT's
// CPU configuration.
Setting first(int64_t batch, int64_t context) {
  return {TransformerOptions{}, 256, batch, context};
}
Setting nano_char() {
  return {{.width = 128,
           .layers = 4,
           .heads = 4,
           .ffn_width = 512,
           .position = "learned",
           .activation = {.kind = "gelu"},
           .norm = "layernorm_nobias"},
          65,
          12,
          64};
}

void BM_TrainStep(benchmark::State& state, const Setting& setting) {
  set_numerics(1);
  const Transformer model(setting.model, setting.vocabulary, setting.context, results::Stream(1));
  Trainer trainer(model.parameters(), {.steps = int64_t{1} << 40}, results::Stream(1));
  const int64_t tokens = setting.batch * setting.context;
  const at::Tensor text = (at::arange(tokens + 1) * 7 % setting.vocabulary);
  const at::Tensor read = text.slice(0, 0, tokens).view({setting.batch, -1}),
                   targets = text.slice(0, 1).view({setting.batch, -1});
  for (auto _ : state)
    trainer.step([&] {
      const at::Tensor logits = model.forward(read);
      return BatchLoss{cross_entropy(logits, targets), logits};
    });
  const auto done = static_cast<double>(state.iterations() * tokens);
  const double flops = train_flops_per_token(setting.model, setting.vocabulary, setting.context);
  state.counters["tokens/s"] = benchmark::Counter(done, benchmark::Counter::kIsRate);
  state.counters["FLOP/s"] = benchmark::Counter(done * flops, benchmark::Counter::kIsRate);
}
BENCHMARK_CAPTURE(BM_TrainStep, first, first(2, 256))->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_TrainStep, first_short, first(8, 64))->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_TrainStep, nano_char, nano_char())->Unit(benchmark::kMillisecond);

void BM_MatrixProduct(benchmark::State& state) {
  set_numerics(1);
  const int64_t n = state.range(0);
  const at::Tensor a = at::ones({n, n}), b = at::ones({n, n});
  for (auto _ : state) benchmark::DoNotOptimize(at::mm(a, b));
  const auto flops = 2 * static_cast<double>(n) * static_cast<double>(n) * static_cast<double>(n);
  state.counters["FLOP/s"] =
      benchmark::Counter(flops, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_MatrixProduct)->ArgName("N")->Arg(1024)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace saggio::models
