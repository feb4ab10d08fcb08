// SPDX-License-Identifier: MIT
#include "tests/graph/fuzz/targets.h"

#include <cstdlib>

#include "tests/graph/formats/imported.h"

namespace saggio::graph {
namespace {

// What is refused must leave no version. What is taken is read again: that must change nothing,
// except of records, which may contradict each other, so that the second time they say something
// else.
int read_twice(Format format, const uint8_t* bytes, size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  Imported graph;
  Version head = 0;
  try {
    graph.read(text, format);
    head = graph.store.history().head();
    graph.records();
    graph.read(text, format);
  } catch (const std::invalid_argument&) {
    if (graph.store.history().head() != head || (head != 0 && format != Format::Records))
      std::abort();
    return 0;
  } catch (const std::runtime_error&) {
    return 0;
  }
  if (format != Format::Records && graph.store.history().head() != head) std::abort();
  return 0;
}

}  // namespace

int fuzz_edge_list(const uint8_t* bytes, size_t size) {
  return read_twice(Format::Edges, bytes, size);
}
int fuzz_triples(const uint8_t* bytes, size_t size) {
  return read_twice(Format::Triples, bytes, size);
}
int fuzz_node_link(const uint8_t* bytes, size_t size) {
  return read_twice(Format::NodeLink, bytes, size);
}
int fuzz_records(const uint8_t* bytes, size_t size) {
  return read_twice(Format::Records, bytes, size);
}
int fuzz_graphml(const uint8_t* bytes, size_t size) {
  return read_twice(Format::GraphMl, bytes, size);
}
int fuzz_gexf(const uint8_t* bytes, size_t size) { return read_twice(Format::Gexf, bytes, size); }
int fuzz_dot(const uint8_t* bytes, size_t size) { return read_twice(Format::Dot, bytes, size); }
int fuzz_ntriples(const uint8_t* bytes, size_t size) {
  return read_twice(Format::NTriples, bytes, size);
}
int fuzz_csv(const uint8_t* bytes, size_t size) { return read_twice(Format::Csv, bytes, size); }

}  // namespace saggio::graph
