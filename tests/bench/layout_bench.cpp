// SPDX-License-Identifier: MIT
// The layouts by themselves, on scale-free graphs with two edges a node; CPU time of all threads. A
// step of the force layout is the mean of one whole run, from hot to cold (up to 10^5 nodes).
#include <benchmark/benchmark.h>

#include "graph/layout/force.h"
#include "graph/layout/layered.h"
#include "graph/layout/stress.h"
#include "graph/layout/tree.h"
#include "tests/graph/layout/shapes.h"

namespace saggio::graph {
namespace {

View view_of_size(const benchmark::State& state) {
  return view_of(scale_free(static_cast<NodeIndex>(state.range(0)), 2));
}

void BM_ForceStart(benchmark::State& state) {
  const View view = view_of_size(state);
  for (auto _ : state) benchmark::DoNotOptimize(ForceLayout(view).positions().data());
}

void BM_ForceStep(benchmark::State& state) {
  const View view = view_of_size(state);
  ForceLayout layout(view, {.dimensions = static_cast<int>(state.range(1))});
  for (auto _ : state) {
    if (layout.at_rest()) layout.reheat();
    layout.step();
  }
}

void BM_Stress(benchmark::State& state) {
  const View view = view_of_size(state);
  const Neighbours neighbours = neighbours_of(view);
  const ForceLayout layout(view);
  for (auto _ : state) benchmark::DoNotOptimize(stress_of(neighbours, layout.positions()).stress);
}

void BM_Layered(benchmark::State& state) {
  const View view = view_of_size(state);
  for (auto _ : state) benchmark::DoNotOptimize(layered_layout(view).crossings);
}

void BM_Tree(benchmark::State& state) {
  const View view = view_of_size(state);
  for (auto _ : state) benchmark::DoNotOptimize(tree_layout(view).points.data());
}

#define SAGGIO_LAYOUT_BENCHMARK(name) \
  BENCHMARK(name)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()

SAGGIO_LAYOUT_BENCHMARK(BM_ForceStart)->Arg(10'000)->Arg(100'000);
SAGGIO_LAYOUT_BENCHMARK(BM_ForceStep)
    ->Args({1'000, 3})
    ->Args({10'000, 2})
    ->Args({10'000, 3})
    ->Args({100'000, 3})
    ->Args({1'000'000, 3});
SAGGIO_LAYOUT_BENCHMARK(BM_Stress)->Arg(10'000);
SAGGIO_LAYOUT_BENCHMARK(BM_Layered)->Arg(1'000)->Arg(10'000);
SAGGIO_LAYOUT_BENCHMARK(BM_Tree)->Arg(10'000)->Arg(1'000'000);

}  // namespace
}  // namespace saggio::graph
