// SPDX-License-Identifier: MIT
// Lays out a graph for layout_peer.py: the number of nodes and then its edges, "a b" each, on
// stdin.
//
//   layout_sample force STEPS...     prints a line of JSON after so many steps each (ascending): the
//                                    steps, CPU seconds since the edges were read, and the positions
//   layout_sample force2d STEPS...   the same in a plane
//   layout_sample stress SWEEPS...   the same after so many sweeps each, every time from the beginning
#include <fmt/format.h>

#include <cstdio>
#include <ctime>
#include <iostream>
#include <string>
#include <vector>

#include "graph/layout/force.h"
#include "graph/layout/stress_layout.h"
#include "tests/graph/algorithms/edge_list.h"

namespace saggio::graph {
namespace {

double cpu_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

EdgeList read_edges() {
  NodeIndex nodes = 0, a = 0, b = 0;
  std::cin >> nodes;
  std::vector<Arc> arcs;
  while (std::cin >> a >> b) arcs.push_back({a, b});
  return edge_list("stdin", nodes, std::move(arcs));
}

void print(int steps, double cpu, std::span<const Point> points) {
  fmt::print("{{\"steps\": {}, \"cpu_s\": {:.6f}, \"points\": [", steps, cpu);
  for (size_t i = 0; i < points.size(); ++i)
    fmt::print("{}[{}, {}, {}]", i > 0 ? ", " : "", points[i].x, points[i].y, points[i].z);
  fmt::print("]}}\n");
}

void run_stress(const View& view, const std::vector<std::string>& arguments) {
  for (size_t i = 1; i < arguments.size(); ++i) {
    const double begin = cpu_seconds();
    const std::vector<Point> points = stress_layout(view, {.most_sweeps = std::stoi(arguments[i])});
    print(std::stoi(arguments[i]), cpu_seconds() - begin, points);
  }
}

void run(const std::vector<std::string>& arguments) {
  const View view = view_of(read_edges());
  if (arguments[0] == "stress") return run_stress(view, arguments);
  double begin = cpu_seconds();
  ForceLayout layout(view, {.dimensions = arguments[0] == "force2d" ? 2 : 3});
  int steps = 0;
  for (size_t i = 1; i < arguments.size(); ++i) {
    for (; steps < std::stoi(arguments[i]); ++steps) layout.step();
    const double before_printing = cpu_seconds();
    print(steps, before_printing - begin, layout.positions());
    begin += cpu_seconds() - before_printing;
  }
}

}  // namespace
}  // namespace saggio::graph

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.empty() ||
      (arguments[0] != "force" && arguments[0] != "force2d" && arguments[0] != "stress")) {
    std::cerr << "usage: layout_sample force|force2d STEPS... | stress SWEEPS...\n";
    return 2;
  }
  saggio::graph::run(arguments);
  return 0;
}
