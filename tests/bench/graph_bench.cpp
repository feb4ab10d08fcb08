// SPDX-License-Identifier: MIT
// The graph store by itself: edges in, a durable commit, opening, views, scanning. 2^17 nodes; the
// edges are drawn from a Kronecker graph (initiator 0.57, 0.19, 0.19, 0.05, as Graph500's).
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <filesystem>
#include <vector>

#include "graph/store/store.h"
#include "graph/view/segment.h"
#include "graph/view/view.h"
#include "results/random.h"

namespace saggio::graph {
namespace {

constexpr int kScale = 17;

struct EdgeList {
  std::vector<NodeId> sources, targets;
};

EdgeList kronecker(int64_t edges) {
  results::Stream stream(1);
  EdgeList list;
  for (int64_t i = 0; i < edges; ++i) {
    NodeId source = 0, target = 0;
    for (int bit = 0; bit < kScale; ++bit) {
      const double draw = stream.uniform();
      source = 2 * source + (draw >= 0.76);
      target = 2 * target + ((draw >= 0.57 && draw < 0.76) || draw >= 0.95);
    }
    list.sources.push_back(source);
    list.targets.push_back(target);
  }
  return list;
}

struct Folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("saggio_graph_bench_" + std::to_string(::getpid()));
  Folder() { std::filesystem::remove_all(path); }
  ~Folder() { std::filesystem::remove_all(path); }
};

Store store_of(const std::string& folder, const EdgeList& list) {
  Store store = Store::open(folder);
  for (int i = 0; i < 1 << kScale; ++i) store.add_node(NodeKind::Entity, {});
  store.add_edges(store.type("t"), list.sources, list.targets);
  store.commit(Durability::Visible);
  return store;
}

void BM_AddEdges(benchmark::State& state) {
  const EdgeList list = kronecker(state.range(0));
  for (auto _ : state) {
    state.PauseTiming();
    const Folder folder;
    Store store = store_of(folder.path, {});
    state.ResumeTiming();
    store.add_edges(store.type("t"), list.sources, list.targets);
    store.commit(Durability::Visible);
    state.PauseTiming();
    { const Store ended = std::move(store); }
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void BM_DurableCommitOfOneNode(benchmark::State& state) {
  const Folder folder;
  Store store = Store::open(folder.path);
  for (auto _ : state) {
    store.add_node(NodeKind::Claim, {});
    store.commit();
  }
}

void BM_Open(benchmark::State& state) {
  const Folder folder;
  store_of(folder.path, kronecker(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(Reader::open(folder.path).history().head());
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void BM_BuildView(benchmark::State& state) {
  const Folder folder;
  const Store store = store_of(folder.path, kronecker(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(View::build(store.history()).edges());
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void BM_Compact(benchmark::State& state) {
  const Folder folder;
  Store store = store_of(folder.path, kronecker(state.range(0)));
  for (auto _ : state) compact(store);
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

// Visits every row of a mapped segment through the accessor that verifies.
void BM_ScanMappedRows(benchmark::State& state) {
  const Folder folder;
  Store store = store_of(folder.path, kronecker(state.range(0)));
  compact(store);
  const View view = view_of(store);
  for (auto _ : state) {
    int64_t sum = 0;
    for (NodeIndex x = 0; x < view.nodes(); ++x)
      for (const NodeIndex target : view.out(x).targets) sum += target;
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

// The same of the arrays, verified once: a plain sparse matrix.
void BM_ScanArrays(benchmark::State& state) {
  const Folder folder;
  Store store = store_of(folder.path, kronecker(state.range(0)));
  compact(store);
  const View view = view_of(store);
  view.verify();
  const ViewArrays& arrays = view.arrays();
  for (auto _ : state) {
    int64_t sum = 0;
    for (size_t x = 0; x + 1 < arrays.out_ptr.size(); ++x)
      for (int64_t edge = arrays.out_ptr[x]; edge < arrays.out_ptr[x + 1]; ++edge)
        sum += arrays.out_target[static_cast<size_t>(edge)];
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

BENCHMARK(BM_AddEdges)->Arg(1 << 20)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_DurableCommitOfOneNode)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_Open)->Arg(1 << 20)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_BuildView)->Arg(1 << 20)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_Compact)->Arg(1 << 20)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_ScanMappedRows)->Arg(1 << 20)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_ScanArrays)->Arg(1 << 20)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace saggio::graph
