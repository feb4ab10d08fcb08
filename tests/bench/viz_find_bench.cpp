// SPDX-License-Identifier: MIT
// Searching 2^20 labels a key at a time, in slices as the window does it; and what the viewer asks
// of a graph of 2^20 nodes and 2^21 edges when a person looks at the surroundings of a node or for a
// path: each case says p50_ms and max_ms of its calls.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "graph/store/store.h"
#include "results/random.h"
#include "tests/viz/measured.h"
#include "viz/find/finder.h"
#include "viz/state/marks.h"

namespace saggio::viz {
namespace {

constexpr graph::NodeId kNodes = graph::NodeId{1} << 20;

void add_nodes(graph::Store& store, results::Stream& stream) {
  const char* const words[] = {
      "street", "rain", "evidence", "model", "answer", "river", "tree", "cat"};
  const auto word = [&] { return std::string(words[stream.below(8)]); };
  for (graph::NodeId i = 0; i < kNodes; ++i)
    store.add_node(static_cast<graph::NodeKind>(stream.below(4)),
                   {.text = "The " + word() + " of " + word() + " " + std::to_string(i)},
                   word() + "-" + std::to_string(i));
}

// Two edges a node, most of them to near nodes, some anywhere.
void add_edges(graph::Store& store, results::Stream& stream) {
  std::vector<graph::NodeId> sources, targets;
  for (graph::NodeId i = 0; i < 2 * kNodes; ++i) {
    sources.push_back(i / 2);
    targets.push_back(stream.below(10) == 0 ? stream.below(kNodes)
                                            : (i / 2 + 1 + stream.below(50)) % kNodes);
  }
  store.add_edges(store.type("supports"), sources, targets);
}

struct Looked {
  std::string folder =
      (std::filesystem::temp_directory_path() / ("viz_find_bench." + std::to_string(::getpid())))
          .string();
  std::optional<graph::Store> store;
  std::optional<graph::View> view;
  graph::TextOf text_of = [this](const graph::Attributes& a) { return store->text(a); };
  Scene scene;

  Looked() {
    store.emplace(graph::Store::open(folder));
    results::Stream stream(1);
    add_nodes(*store, stream);
    add_edges(*store, stream);
    store->commit(graph::Durability::Visible);
    view = graph::View::build(store->history());
    scene.follow(store->history());
    scene.show(view->as_of());
  }
  ~Looked() { std::filesystem::remove_all(folder); }
};

Looked& looked() {
  static Looked it;
  return it;
}

// Calls act() until the benchmark has enough, and says how long each took.
template <typename Act>
void time_each(benchmark::State& state, const Act& act) {
  std::vector<double> ms;
  for (auto _ : state) {
    const auto start = std::chrono::steady_clock::now();
    act();
    ms.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
                     .count());
  }
  std::sort(ms.begin(), ms.end());
  state.counters["p50_ms"] = ms[ms.size() / 2];
  state.counters["max_ms"] = ms.back();
}

constexpr std::chrono::milliseconds kSlice{8};  // that a frame has for it

// What one key takes, a slice a frame, in CPU-ms: until something is found or all was looked at, and
// until all was looked at; and its longest slice.
struct Key {
  double first_ms = 0, all_ms = 0, slice_ms = 0;
};
Key press(Finder& finder, std::string_view typed) {
  Looked& it = looked();
  const Searched searched{it.store->history(), it.text_of, it.scene};
  Key key;
  finder.ask(typed, 12);
  while (!finder.done()) {
    const double begin = time_ms(CLOCK_THREAD_CPUTIME_ID);
    finder.look(searched, Finder::Clock::now() + kSlice);
    const double spent = time_ms(CLOCK_THREAD_CPUTIME_ID) - begin;
    key.slice_ms = std::max(key.slice_ms, spent);
    key.all_ms += spent;
    if (key.first_ms == 0 && finder.found().matches > 0) key.first_ms = key.all_ms;
  }
  if (key.first_ms == 0) key.first_ms = key.all_ms;
  return key;
}

void tell(benchmark::State& state, const std::vector<Key>& keys) {
  const auto put = [&](const char* name, double Key::*which) {
    std::vector<double> times;
    for (const Key& key : keys) times.push_back(key.*which);
    state.counters[std::string(name) + "_p50"] = share_of(times, 0.5);
    state.counters[std::string(name) + "_max"] = share_of(times, 1);
  };
  put("first", &Key::first_ms);
  put("all", &Key::all_ms);
  put("slice", &Key::slice_ms);
}

// The search box is opened, which reads all texts; or a key is pressed as soon as it is.
void BM_FirstKey(benchmark::State& state, bool reads_ahead) {
  looked();
  std::vector<Key> keys;
  std::vector<double> read;
  for (auto _ : state) {
    Finder finder;
    read.push_back(reads_ahead ? press(finder, "").all_ms : 0);
    keys.push_back(press(finder, "e"));
  }
  tell(state, keys);
  state.counters["read_p50"] = share_of(read, 0.5);
}
BENCHMARK_CAPTURE(BM_FirstKey, after_reading, true)->Unit(benchmark::kMillisecond)->Iterations(3);
BENCHMARK_CAPTURE(BM_FirstKey, at_once, false)->Unit(benchmark::kMillisecond)->Iterations(3);

// One call is one key: the beginnings of what is typed, each a little longer.
void BM_Find(benchmark::State& state, const char* typed) {
  static Finder finder;
  press(finder, "zebra");
  const std::string_view whole = typed;
  std::vector<Key> keys;
  size_t matches = 0;
  for (auto _ : state) {
    const size_t length = whole[0] == '/' ? whole.size() : 1 + keys.size() % whole.size();
    keys.push_back(press(finder, whole.substr(0, length)));
    matches = std::max(matches, finder.found().matches);
  }
  tell(state, keys);
  state.counters["matches"] = static_cast<double>(matches);
}
BENCHMARK_CAPTURE(BM_Find, words, "the river of rain")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_Find, key, "evidence-77")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_Find, everywhere, "e")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_Find, nowhere, "zebra")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_Find, expression_rare, "/^rain-[0-9]*77$/")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_Find, expression_often, "/ra.n|tree/")->Unit(benchmark::kMillisecond);

void time_marks(benchmark::State& state, ViewState (*draw)(results::Stream&)) {
  Looked& it = looked();
  results::Stream stream(2);
  time_each(state, [&] {
    const ViewState asked = draw(stream);
    benchmark::DoNotOptimize(
        marks_of(asked, it.scene, {*it.view, it.store->history(), it.text_of}).nodes_shown);
  });
}

void BM_Focus(benchmark::State& state) {
  time_marks(state, [](results::Stream& stream) {
    ViewState asked;
    asked.focus = Focus{{stream.below(kNodes)}, static_cast<int32_t>(1 + stream.below(6))};
    return asked;
  });
}
BENCHMARK(BM_Focus)->Unit(benchmark::kMillisecond);

void BM_Path(benchmark::State& state) {
  time_marks(state, [](results::Stream& stream) {
    ViewState asked;
    asked.highlight = Highlight{"path", stream.below(kNodes), stream.below(kNodes)};
    return asked;
  });
}
BENCHMARK(BM_Path)->Unit(benchmark::kMillisecond);

void BM_Collapse(benchmark::State& state) {
  time_marks(state, [](results::Stream& stream) {
    ViewState asked;
    asked.folds = {{stream.below(kNodes), false}};
    return asked;
  });
}
BENCHMARK(BM_Collapse)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace saggio::viz
