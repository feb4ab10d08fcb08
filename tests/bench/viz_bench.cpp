// SPDX-License-Identifier: MIT
// Frames of the viewer at 1280x720: the plan from a cast that stays, its labels, legend and caption,
// the picture and its ids, with a camera that turns; CPU time of all threads, without reading back.
// Graphs are communities with two edges a node. `calibrations` is a frame's cost in units of a fixed
// piece of work of the same run, which another machine's load and speed change alike.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <ctime>

#include "tests/viz/casts.h"
#include "viz/plan/overlay.h"
#include "viz/vulkan/renderer.h"

namespace saggio::viz {
namespace {

constexpr Viewport kPicture{1280, 720};

double cpu_ms() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
}

// The fixed piece of work: sorting half a million numbers, the best of five times.
double calibration_ms() {
  static const double found = [] {
    double best = INFINITY;
    for (int i = 0; i < 5; ++i) {
      results::Stream stream(1);
      std::vector<uint64_t> numbers(500'000);
      for (uint64_t& n : numbers) n = stream.below(UINT64_MAX);
      const double begin = cpu_ms();
      std::sort(numbers.begin(), numbers.end());
      benchmark::DoNotOptimize(numbers.data());
      best = std::min(best, cpu_ms() - begin);
    }
    return best;
  }();
  return found;
}

enum Ways : int64_t { kRaster, kDensity, kCompute };  // what is a crowd: nothing, edges, all

Cast cast_of(Slot nodes, int64_t way) {
  const float radius =
      3 * std::clamp(0.13f / std::sqrt(static_cast<float>(nodes)), 0.0025f, 0.018f);
  const Graph graph = communities(nodes, radius);
  return way == kRaster ? one_by_one(graph) : as_a_crowd(graph, way == kCompute);
}

Legend legend() {
  Legend legend{.title = "kind", .notes = {"opacity: confidence"}};
  for (size_t i = 0; i < 5; ++i)
    legend.nodes.push_back(
        {.text = "a kind of node", .count = 1'000 * i, .mark = Mark{colour_of_number(i)}});
  for (size_t i = 0; i < 3; ++i)
    legend.edges.push_back(
        {.text = "supports", .count = 1'000 * i, .stroke = Stroke{colour_of_number(i)}});
  return legend;
}

// state.range: nodes, way, edges drawn (0: all).
void BM_Frame(benchmark::State& state) {
  static vulkan::Renderer renderer({.device = "software"});
  static Font font = Font::standard(kTextHeight);
  const auto nodes = static_cast<Slot>(state.range(0));
  const int64_t way = state.range(1);
  const size_t threads = state.range(2) > 0 ? static_cast<size_t>(state.range(2)) : SIZE_MAX;
  const Cast cast = cast_of(nodes, way);
  const TextSizes text = text_sizes(font);
  const std::function<std::string(Slot)> label = [](Slot slot) {
    return "node " + std::to_string(slot);
  };
  const Legend words = legend();
  const std::string caption = "a graph of communities   version 1 of 1";
  Camera camera{.distance = 6.2f};
  const auto frame = [&] {
    camera.yaw += 0.02f;
    const RenderPlan plan =
        build_plan(cast, {}, camera, kPicture, {text, label, words, caption, 60}, threads);
    renderer.render(plan, overlay_of(plan, font));
  };
  frame();  // brings the cast to the device
  const double begin = cpu_ms();
  for (auto _ : state) frame();
  const double spent = (cpu_ms() - begin) / static_cast<double>(state.iterations());
  state.counters["calibrations"] = spent / calibration_ms();
}

void BM_Plan(benchmark::State& state) {
  static Font font = Font::standard(kTextHeight);
  const auto nodes = static_cast<Slot>(state.range(0));
  const Cast cast = cast_of(nodes, nodes > 20'000 ? kCompute : nodes > 2'500 ? kDensity : kRaster);
  const TextSizes text = text_sizes(font);
  const std::function<std::string(Slot)> label = [](Slot slot) {
    return "node " + std::to_string(slot);
  };
  const Legend words = legend();
  const std::string caption = "a graph of communities   version 1 of 1";
  Camera camera{.distance = 6.2f};
  for (auto _ : state) {
    camera.yaw += 0.02f;
    const RenderPlan plan =
        build_plan(cast, {}, camera, kPicture, {text, label, words, caption, 60});
    benchmark::DoNotOptimize(overlay_of(plan, font).vertices.data());
  }
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
