// SPDX-License-Identifier: MIT
// Frames of the viewer at 1280x720: the plan from a cast that stays, its labels, legend and caption,
// the picture and its ids, with a camera that turns; CPU time of all threads, without reading back.
// `calibrations` is a frame's cost in units of a fixed piece of work of the same run.
#include <benchmark/benchmark.h>

#include "tests/viz/frames.h"
#include "tests/viz/measured.h"

namespace saggio::viz {
namespace {

// state.range: nodes, way, edges drawn (0: all).
void BM_Frame(benchmark::State& state) {
  static vulkan::Renderer renderer({.device = "software"});
  static Font font = Font::standard(kTextHeight);
  static const double calibration = [] {
    double best = INFINITY;
    for (int i = 0; i < 5; ++i) best = std::min(best, calibration_ms());
    return best;
  }();
  const size_t threads = state.range(2) > 0 ? static_cast<size_t>(state.range(2)) : SIZE_MAX;
  Frames frames(font, static_cast<Slot>(state.range(0)), state.range(1), threads);
  frames.draw(renderer);  // brings the cast to the device
  const double begin = time_ms(CLOCK_PROCESS_CPUTIME_ID);
  for (auto _ : state) frames.draw(renderer);
  const double spent =
      (time_ms(CLOCK_PROCESS_CPUTIME_ID) - begin) / static_cast<double>(state.iterations());
  state.counters["calibrations"] = spent / calibration;
}

void BM_Plan(benchmark::State& state) {
  static Font font = Font::standard(kTextHeight);
  const auto nodes = static_cast<Slot>(state.range(0));
  Frames frames(font, nodes, nodes > 20'000 ? kCompute : nodes > 2'500 ? kDensity : kRaster);
  for (auto _ : state) benchmark::DoNotOptimize(overlay_of(frames.plan(), font).vertices.data());
}

BENCHMARK(BM_Frame)
    ->ArgNames({"nodes", "way", "edges"})
    ->Args({1'000, kRaster, 0})
    ->Args({10'000, kRaster, 0})
    ->Args({10'000, kDensity, 0})
    ->Args({10'000, kCompute, 0})
    ->Args({20'000, kDensity, 0})
    ->Args({20'000, kCompute, 0})
    ->Args({100'000, kCompute, 0})
    ->Args({100'000, kCompute, 100'000})
    ->Args({1'000'000, kCompute, 200'000})
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime();
BENCHMARK(BM_Plan)
    ->Arg(1'000)
    ->Arg(10'000)
    ->Arg(100'000)
    ->Arg(1'000'000)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime();

}  // namespace
}  // namespace saggio::viz
