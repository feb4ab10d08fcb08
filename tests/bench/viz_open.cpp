// SPDX-License-Identifier: MIT
// What it takes to open a large store and to plan the first picture of it: scale-free, two edges a
// node.
//
//   viz_open NODES      prints the seconds of each part and the memory at its most
//   viz_open --smoke    the same for a small one, and fails if the picture is not of all of it
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <iostream>
#include <string>

#include "tests/results/store/temporary_folder.h"
#include "tests/viz/measured.h"
#include "tests/viz/stored_graph.h"
#include "viz/session.h"

namespace saggio::viz {
namespace {

// Seconds since the last part, and the CPU time of this thread in them.
class Parts {
 public:
  void print(const char* part) {
    const double now = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_THREAD_CPUTIME_ID);
    fmt::print("{:<12}{:7.2f} s {:7.2f} CPU-s\n", part, now - now_, cpu - cpu_);
    now_ = now;
    cpu_ = cpu;
  }

 private:
  static double seconds(clockid_t clock) { return 1e-3 * time_ms(clock); }
  double now_ = seconds(CLOCK_MONOTONIC), cpu_ = seconds(CLOCK_THREAD_CPUTIME_ID);
};

bool open_store(const std::string& folder, graph::NodeIndex nodes) {
  Parts parts;
  Session session(folder, {1280, 720}, Placing::Live);
  parts.print("open");
  session.perform({Fit{}});
  parts.print("fit");
  Font font = Font::standard(15);
  const RenderPlan plan = session.plan(font, false);
  parts.print("first plan");
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  fmt::print("at most     {:7.2f} GB\n", static_cast<double>(used.ru_maxrss) / (1 << 20));
  fmt::print("{}\n", plan.caption);
  std::fflush(stdout);
  return session.marks().nodes_shown == static_cast<size_t>(nodes);
}

// The store is written by another process, whose memory does not count.
int run(graph::NodeIndex nodes) {
  const results::TemporaryFolder temporary;
  const std::string folder = (temporary / "store").string();
  const pid_t writer = ::fork();
  if (writer == 0) {
    write_scale_free(folder, nodes);
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(writer, &status, 0);
  return status == 0 && open_store(folder, nodes) ? 0 : 1;
}

}  // namespace
}  // namespace saggio::viz

int main(int argc, char** argv) {
  const std::string argument = argc == 2 ? argv[1] : "";
  const int nodes = argument == "--smoke" ? 10'000 : std::atoi(argument.c_str());
  if (nodes > 0) return saggio::viz::run(nodes);
  std::cerr << "usage: viz_open NODES | --smoke\n";
  return 2;
}
