// SPDX-License-Identifier: MIT
// What the thread that draws has to do while the layout runs beside it: CPU time of that thread
// alone, a frame. In each it takes the newest positions and makes the plan; in some a person turns
// the camera, selects a node, or drags one. And what it takes to open a store.
#include <benchmark/benchmark.h>

#include <thread>

#include "tests/results/store/temporary_folder.h"
#include "tests/viz/measured.h"
#include "tests/viz/stored_graph.h"
#include "viz/session.h"

namespace saggio::viz {
namespace {

double thread_ms() { return time_ms(CLOCK_THREAD_CPUTIME_ID); }

// A store in a folder of its own.
struct Stored {
  explicit Stored(graph::NodeIndex nodes) { write_scale_free(folder(), nodes, true); }
  std::string folder() const { return (temporary / "store").string(); }
  results::TemporaryFolder temporary;
};

template <typename Act>
void while_the_layout_runs(benchmark::State& state, const Act& act) {
  const Stored stored(static_cast<graph::NodeIndex>(state.range(0)));
  Font font = Font::standard(15);
  Session session(stored.folder(), {1280, 720}, Placing::Live);
  session.set_font(font);
  session.perform({Fit{}});
  std::vector<double> times;
  size_t published = 0, number = 0;
  for (auto _ : state) {
    const double begin = thread_ms();
    published += session.advance();
    act(session, number++);
    benchmark::DoNotOptimize(session.plan(font, false).balls.data());
    times.push_back(thread_ms() - begin);
    state.SetIterationTime(times.back() / 1e3);
    std::this_thread::sleep_for(std::chrono::milliseconds(8));  // the rest of the frame
  }
  state.counters["p50_ms"] = share_of(times, 0.5);
  state.counters["p99_ms"] = share_of(times, 0.99);
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

// A step of live follow: twenty events of a commit are read and planned, while the layout runs. Also
// what of it each part takes, and the longest step.
void BM_Follow(benchmark::State& state) {
  const auto nodes = static_cast<graph::NodeId>(state.range(0));
  const Stored stored(static_cast<graph::NodeIndex>(nodes));
  graph::Store store = graph::Store::open(stored.folder());
  const graph::TypeId supports = store.type("supports");
  Font font = Font::standard(15);
  Session session(stored.folder(), {1280, 720}, Placing::Live);
  session.set_font(font);
  session.perform({Fit{}});
  session.plan(font);
  std::vector<double> follows, advances, plans, steps;
  size_t shown = 0;
  for (auto _ : state) {
    for (graph::NodeId event = 0; event < 20; ++event) {
      const graph::NodeId node = store.add_node(graph::NodeKind::Step, {});
      store.add_edge(node, supports, (node * 7919 + event) % nodes);
    }
    store.commit(graph::Durability::Visible);
    const double begin = thread_ms();
    session.follow();
    const double followed = thread_ms();
    shown += session.advance();
    const double advanced = thread_ms();
    benchmark::DoNotOptimize(session.plan(font, false).balls.data());
    const double planned = thread_ms();
    follows.push_back(followed - begin);
    advances.push_back(advanced - followed);
    plans.push_back(planned - advanced);
    steps.push_back(planned - begin);
    state.SetIterationTime(1e-3 * steps.back());
    std::this_thread::sleep_for(std::chrono::milliseconds(8));  // the rest of the frame
  }
  state.counters["follow_p50_ms"] = share_of(follows, 0.5);
  state.counters["advance_p50_ms"] = share_of(advances, 0.5);
  state.counters["plan_p50_ms"] = share_of(plans, 0.5);
  state.counters["p99_ms"] = share_of(steps, 0.99);
  state.counters["most_ms"] = share_of(steps, 1);
  state.counters["shown"] = static_cast<double>(shown);  // layouts
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
BENCHMARK(BM_Follow)
    ->Unit(benchmark::kMillisecond)
    ->UseManualTime()
    ->Iterations(500)
    ->Arg(10'000)
    ->Arg(100'000)
    ->Arg(1'000'000);
BENCHMARK(BM_Open)->Unit(benchmark::kMillisecond)->Arg(1'000)->Arg(100'000)->Arg(1'000'000);

}  // namespace
}  // namespace saggio::viz
