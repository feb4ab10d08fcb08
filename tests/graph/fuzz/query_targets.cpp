// SPDX-License-Identifier: MIT
#include <cstdlib>

#include "graph/query/evaluate.h"
#include "graph/query/point.h"
#include "tests/graph/fuzz/targets.h"
#include "tests/graph/store/simulated_files.h"

namespace saggio::graph {
namespace {

// Two versions of a few nodes and edges, made once.
struct Small {
  SimulatedFiles files;
  Store store = Store::open("s", {.uuid = Uuid{}, .files = &files});
  Small() {
    const NodeId wet = store.add_node(NodeKind::Evidence, {.text = "The street is wet."}, "wet");
    const NodeId rain = store.add_node(NodeKind::Claim, {.text = "It rained."}, "rain");
    store.add_edge(wet, store.type("supports"), rain, {.weight = 0.5f});
    store.commit();
    store.add_edge(rain, store.type("contradicts"), wet);
    store.commit();
  }
};

}  // namespace

// What is taken must be printed so that it is read as the same, and be answered.
int fuzz_query(const uint8_t* bytes, size_t size) {
  static const Small small;
  const History& history = small.store.history();
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  try {
    const Query query = parse(text);
    if (parse(print(query)) != query) std::abort();
    const View view = View::build(history, point_of(query, history));
    evaluate(query, view, history, {});
  } catch (const QueryError& error) {
    if (error.offset() > text.size() || pointed(text, error).size() > 4000) std::abort();
  } catch (const std::invalid_argument&) {  // a node or a version that is not there
  }
  return 0;
}

}  // namespace saggio::graph
