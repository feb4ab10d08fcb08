// SPDX-License-Identifier: MIT
// Writes the Kronecker graph of the benchmarks for whoever wants to measure on the same one:
//
//   kronecker_edges SCALE FILE      pairs of i32, source and target, ascending, in the machine's order
#include <fmt/format.h>

#include <cstdlib>
#include <fstream>

#include "tests/graph/algorithms/edge_list.h"

int main(int argc, char** argv) {
  const int scale = argc == 3 ? std::atoi(argv[1]) : 0;
  if (scale < 1 || scale > 26) {
    fmt::print(stderr, "error: kronecker_edges SCALE FILE, SCALE allowed 1 to 26\n");
    return 2;
  }
  std::ofstream file(argv[2], std::ios::binary);
  for (const saggio::graph::Arc& arc : saggio::graph::kronecker(scale, 16).arcs) {
    const saggio::graph::NodeIndex pair[] = {arc.source, arc.target};
    file.write(reinterpret_cast<const char*>(pair), sizeof pair);
  }
  file.close();
  if (!file) fmt::print(stderr, "error: {}: cannot be written\n", argv[2]);
  return file ? 0 : 1;
}
