// SPDX-License-Identifier: MIT
// Queries on 2^20 nodes and 4 * 2^20 edges drawn from a Kronecker graph (initiator 0.57, 0.19, 0.19,
// 0.05, as Graph500's); every node has a key and a text of a sentence, every fourth a confidence.
// Parsing and evaluating are timed; the view stands. One argument: which query of kQueries.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "graph/query/evaluate.h"
#include "graph/view/segment.h"
#include "results/random.h"

namespace saggio::graph {
namespace {

constexpr int kScale = 20;

const char* const kQueries[] = {
    "kind = claim",
    "kind = claim and confidence < 0.5 and not status = open",
    "degree > 10 or in_degree = 0",
    "valid_from < 2024-01-01",
    "weight > 0.5",
    "label = red",
    "rule = r3 or qualifier.unit = mm",
    "key ^= n12345",
    "text has street",
    "text ~ 'n[0-9]+7 '",
    "kind = claim and confidence < 0.02 and text has street",
    "within 2 of n1",
    "within 2 of n12345",
    "within 2 of n12345 out via supports",
    "supports n12345",
    "contradicts n12345",
    "edges where weight < 0.5 and type = supports",
    "edges where within 2 of n12345",
};

// Where a draw of that many bits falls.
NodeId end_of(results::Stream& stream, NodeId& target) {
  NodeId source = 0;
  target = 0;
  for (int bit = 0; bit < kScale; ++bit) {
    const double draw = stream.uniform();
    source = 2 * source + (draw >= 0.76);
    target = 2 * target + ((draw >= 0.57 && draw < 0.76) || draw >= 0.95);
  }
  return source;
}

void add_nodes(Store& store, results::Stream& stream) {
  const char* const words[] = {
      "street", "rain", "evidence", "model", "answer", "river", "tree", "cat"};
  for (int i = 0; i < 1 << kScale; ++i) {
    Attributes a;
    a.text = "n" + std::to_string(i) + " says that the " + words[stream.below(8)] +
             " is near the " + words[stream.below(8)];
    if (i % 4 == 0) a.confidence.probability = static_cast<float>(stream.uniform());
    if (i % 5 == 0) a.labels = {i % 10 ? "red" : "green"};
    if (i % 7 == 0) a.status = Status::Supported;
    if (i % 3 == 0) a.rule = "r" + std::to_string(i % 9);
    if (i % 6 == 0) a.qualifiers = {{"unit", i % 12 ? "mm" : "m"}};
    store.add_node(static_cast<NodeKind>(stream.below(kNodeKinds)), a, "n" + std::to_string(i));
  }
}

void add_edges(Store& store, results::Stream& stream) {
  for (const char* const type : {"supports", "derives", "contradicts", "mentions"}) {
    std::vector<NodeId> sources, targets;
    std::vector<float> weights;
    for (int i = 0; i < 1 << kScale; ++i) {
      NodeId target = 0;
      sources.push_back(end_of(stream, target));
      targets.push_back(target);
      weights.push_back(static_cast<float>(stream.uniform()));
    }
    store.add_edges(store.type(type), sources, targets, weights);
  }
}

// One graph for all of them, made at the first use.
struct Graph {
  std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("saggio_query_bench_" + std::to_string(::getpid()));
  std::optional<Reader> reader;
  std::optional<View> view;

  Graph() {
    std::filesystem::remove_all(folder);
    {
      results::Stream stream(1);
      Store store = Store::open(folder);
      add_nodes(store, stream);
      add_edges(store, stream);
      store.commit(Durability::Visible);
    }
    reader.emplace(Reader::open(folder));
    view.emplace(View::build(reader->history()));
  }
  ~Graph() { std::filesystem::remove_all(folder); }
};

void BM_Query(benchmark::State& state) {
  static Graph graph;
  const char* const text = kQueries[state.range(0)];
  size_t found = 0;
  for (auto _ : state) {
    const Selection selection =
        evaluate(parse(text), *graph.view, graph.reader->history(), [](const Attributes& a) {
          return graph.reader->text(a);
        });
    found = selection.count();
  }
  state.SetLabel(text);
  state.counters["found"] = static_cast<double>(found);
}

BENCHMARK(BM_Query)->DenseRange(0, std::size(kQueries) - 1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace saggio::graph
