// SPDX-License-Identifier: MIT
#include <benchmark/benchmark.h>

#include <random>
#include <vector>

#include "results/random.h"

// Random streams beside the standard library's generator: what counter-based draws cost.
namespace saggio::results {
namespace {

void BM_StreamFillNormal(benchmark::State& state) {
  Stream stream(1);
  std::vector<float> values(static_cast<size_t>(state.range(0)));
  for (auto _ : state) {
    stream.fill_normal(values);
    benchmark::DoNotOptimize(values.data());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_StreamFillNormal)->ArgName("N")->Arg(65536);

void BM_StandardFillNormal(benchmark::State& state) {
  std::mt19937_64 generator(1);
  std::normal_distribution<float> normal;
  std::vector<float> values(static_cast<size_t>(state.range(0)));
  for (auto _ : state) {
    for (float& value : values) value = normal(generator);
    benchmark::DoNotOptimize(values.data());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_StandardFillNormal)->ArgName("N")->Arg(65536);

void BM_StreamBelow(benchmark::State& state) {
  Stream stream(1);
  for (auto _ : state) benchmark::DoNotOptimize(stream.below(1000));
}
BENCHMARK(BM_StreamBelow);

void BM_StandardBelow(benchmark::State& state) {
  std::mt19937_64 generator(1);
  std::uniform_int_distribution<uint64_t> below(0, 999);
  for (auto _ : state) benchmark::DoNotOptimize(below(generator));
}
BENCHMARK(BM_StandardBelow);

}  // namespace
}  // namespace saggio::results
