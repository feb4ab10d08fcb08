// SPDX-License-Identifier: MIT
// What the thread that draws has to do while the layout runs beside it: CPU time of that thread
// alone, a frame. In each it takes the newest positions and makes the plan; in some a person turns
// the camera, selects a node, or drags one. And what it takes to open a store.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <ctime>
#include <thread>

#include "graph/store/store.h"
#include "tests/graph/layout/shapes.h"
#include "tests/results/store/temporary_folder.h"
#include "viz/session.h"

namespace saggio::viz {
namespace {

double thread_ms() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
}

// Two edges a node, scale-free, in a folder of its own.
class Stored {
 public:
  explicit Stored(graph::NodeIndex nodes) {
    const graph::EdgeList list = graph::scale_free(nodes, 2);
    graph::Store store = graph::Store::open(folder());
    for (graph::NodeIndex x = 0; x < nodes; ++x)
      store.add_node(static_cast<graph::NodeKind>(x % 4),
                     {.confidence = {.probability = static_cast<float>(x % 100) / 100}},
                     std::to_string(x));
    std::vector<graph::NodeId> sources, targets;
    for (const graph::Arc& arc : list.arcs) {
      sources.push_back(static_cast<graph::NodeId>(arc.source));
      targets.push_back(static_cast<graph::NodeId>(arc.target));
    }
    store.add_edges(store.type("supports"), sources, targets);
    store.commit(graph::Durability::Visible);
  }
  std::string folder() const { return (temporary_ / "store").string(); }

 private:
  results::TemporaryFolder temporary_;
};

struct Frames {
  std::vector<double> ms;
  double share(double of) {
    const auto nth = static_cast<std::ptrdiff_t>(of * static_cast<double>(ms.size() - 1));
    std::nth_element(ms.begin(), ms.begin() + nth, ms.end());
    return ms[static_cast<size_t>(nth)];
  }
};

template <typename Act>
void while_the_layout_runs(benchmark::State& state, const Act& act) {
  const Stored stored(static_cast<graph::NodeIndex>(state.range(0)));
  Font font = Font::standard(15);
  Session session(stored.folder(), {1280, 720}, Placing::Live);
  session.set_font(font);
  session.perform({Fit{}});
  Frames frames;
  size_t published = 0, number = 0;
  for (auto _ : state) {
    const double begin = thread_ms();
    published += session.advance();
    act(session, number++);
    benchmark::DoNotOptimize(session.plan(font, false).balls.data());
    frames.ms.push_back(thread_ms() - begin);
    state.SetIterationTime(frames.ms.back() / 1e3);
    std::this_thread::sleep_for(std::chrono::milliseconds(8));  // the rest of the frame
  }
  state.counters["p50_ms"] = frames.share(0.5);
  state.counters["p99_ms"] = frames.share(0.99);
  state.counters["published"] = static_cast<double>(published);
}

void BM_FrameStill(benchmark::State& state) {
  while_the_layout_runs(state, [](Session&, size_t) {});
}

void BM_FrameTurning(benchmark::State& state) {
  while_the_layout_runs(state, [](Session& session, size_t) {
    session.perform({Orbit{0.01f, 0}, 1});
  });
}

void BM_FrameSelecting(benchmark::State& state) {
  while_the_layout_runs(state,
                        [](Session& session, size_t n) { session.perform({Select{{n % 1000}}}); });
}

void BM_FrameDragging(benchmark::State& state) {
  while_the_layout_runs(state, [](Session& session, size_t n) {
    session.perform({MoveNode{5, 0.1f * static_cast<float>(n), 0, 0}, 1});
  });
}

void BM_Open(benchmark::State& state) {
  const Stored stored(static_cast<graph::NodeIndex>(state.range(0)));
  Font font = Font::standard(15);
  for (auto _ : state) {
    Session session(stored.folder(), {1280, 720}, Placing::Live);
    session.perform({Fit{}});
    benchmark::DoNotOptimize(session.plan(font).balls.data());
  }
}

#define SAGGIO_FRAME_BENCHMARK(name) \
  BENCHMARK(name)->Unit(benchmark::kMillisecond)->UseManualTime()->Arg(10'000)->Arg(100'000)
SAGGIO_FRAME_BENCHMARK(BM_FrameStill)->Iterations(300);
SAGGIO_FRAME_BENCHMARK(BM_FrameTurning)->Iterations(300);
SAGGIO_FRAME_BENCHMARK(BM_FrameSelecting)->Iterations(300);
SAGGIO_FRAME_BENCHMARK(BM_FrameDragging)->Iterations(300);
BENCHMARK(BM_Open)->Unit(benchmark::kMillisecond)->Arg(1'000)->Arg(100'000)->Arg(1'000'000);

}  // namespace
}  // namespace saggio::viz
