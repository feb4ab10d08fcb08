// SPDX-License-Identifier: MIT
//
// A worker without LibTorch whose one module misbehaves on demand: what the tests of the launcher
// and of the command line run.
#include <chrono>
#include <cmath>
#include <csignal>
#include <fstream>
#include <span>
#include <stdexcept>
#include <thread>

#include "experiments/harness/module.h"
#include "experiments/harness/worker.h"
#include "graph/store/store.h"
#include "results/store/run_dir.h"

namespace saggio::experiments {
namespace {

// A random walk with a checkpoint: its end depends on every step that it took.
struct Walk {
  static constexpr std::string_view name = "walk", version = "1",
                                    summary = "A random walk that can fail in many ways";
  static constexpr std::string_view match_by = "steps";

  struct Config {
    int64_t steps = 100, milliseconds = 0;
    double drift = 0;
    int64_t fail_at = 0, diverge_at = 0, crash_at = 0, hang_at = 0, thoughts = 0;
    std::string device = "cpu", path;
    void visit(auto& v) {
      v("steps", steps, "steps", {1, 1e9});
      v("milliseconds", milliseconds, "to sleep at each step", {0, 1e6});
      v("drift", drift, "added at each step", {-1, 1});
      v("fail_at", fail_at, "step at which it throws; 0: never", {0, 1e9});
      v("diverge_at", diverge_at, "step at which it diverges", {0, 1e9});
      v("crash_at", crash_at, "step at which it is killed", {0, 1e9});
      v("hang_at", hang_at, "step at which it no longer listens", {0, 1e9});
      v("thoughts", thoughts, "steps from one thought in the graph to the next; 0: none", {0, 1e9});
      v("device", device, "what it needs", {"cpu", "gpu"});
      v.file("path", path, "a text whose bytes are added up");
    }
  };

  static std::map<std::string, double> count(const Config& config) {
    return {{"params", static_cast<double>(config.steps) + bytes_of(config.path)}};
  }

  static results::Record run(const Config& config, harness::Context& context) {
    if (config.device == "gpu")
      throw harness::DeviceMissing("no GPU here; run it on a machine that has one");
    results::Stream stream = context.stream("data");
    double position = bytes_of(config.path);
    int64_t step = 0;
    if (const auto checkpoint = context.checkpoint()) {
      std::ifstream file(checkpoint->folder / "walk.bin", std::ios::binary);
      uint64_t drawn = 0;
      file.read(reinterpret_cast<char*>(&position), sizeof position);
      file.read(reinterpret_cast<char*>(&drawn), sizeof drawn);
      stream = results::Stream(stream.key(), drawn);
      step = checkpoint->step;
    }
    while (step < config.steps) {
      ++step;
      if (step == config.fail_at) throw std::runtime_error("failed as it was told to");
      if (step == config.crash_at) std::raise(SIGKILL);
      while (step == config.hang_at) std::this_thread::sleep_for(std::chrono::seconds(1));
      if (step == config.diverge_at)
        return {.outcome = results::Outcome::kDiverged,
                .message = "diverged at step " + std::to_string(step)};
      position += stream.normal() + config.drift;
      if (config.thoughts > 0 && step % config.thoughts == 0)
        think(context.graph(), step, position);
      context.log(step, "position", position);
      context.progress(step, config.steps);
      if (config.milliseconds > 0)
        std::this_thread::sleep_for(std::chrono::milliseconds(config.milliseconds));
      if (context.checkpoint_due()) save(context, step, position, stream.position());
      if (context.should_stop()) return context.stopped();
    }
    std::ofstream(context.artefact("end.txt")) << position;
    context.ledger().set("", "parameters", static_cast<double>(config.steps));
    results::Record record;
    record.metrics["heldout/position"] = position;
    return record;
  }

  // A step after the one before.
  static void think(graph::Store& graph, int64_t step, double position) {
    const graph::NodeId before = graph.history().node_count();
    const graph::NodeId now = graph.add_node(
        graph::NodeKind::Step, {.weight = static_cast<float>(position)}, std::to_string(step));
    if (before > 0) graph.add_edge(before - 1, graph.type("next"), now);
    graph.commit(graph::Durability::Visible);
  }

  static double bytes_of(const std::string& path) {
    if (path.empty()) return 0;
    double sum = 0;
    for (const char c : results::read_file(path)) sum += static_cast<unsigned char>(c);
    return sum;
  }

  static void save(harness::Context& context, int64_t step, double position, uint64_t drawn) {
    context.save(step, [&](const std::filesystem::path& folder) {
      std::ofstream file(folder / "walk.bin", std::ios::binary);
      file.write(reinterpret_cast<const char*>(&position), sizeof position);
      file.write(reinterpret_cast<const char*>(&drawn), sizeof drawn);
    });
  }
};

const harness::Register<Walk> registered;

// A model of one weight per token, with a probe that shows every gate what it asks for; each flag
// plants the fault that one gate must catch.
struct Probed {
  static constexpr std::string_view name = "probed", version = "1",
                                    summary = "A tiny model whose probe tells all";

  struct Config {
    double weight = 1, decay = .1;
    bool leak = false, idle = false, slip = false, boast = false;
    void visit(auto& v) {
      v("weight", weight, "what each token is multiplied by", {-10, 10});
      v("decay", decay, "the optimizer's", {0, 1});
      v("leak", leak, "G6: scores the same with shuffled labels");
      v("idle", idle, "G9: its bias is always 0");
      v("slip", slip, "G12: two threads give something else");
      v("boast", boast, "G8: counts more FLOPs than there are");
    }
  };

  static results::Record run(const Config& config, harness::Context& context) {
    results::Record record;
    for (int64_t step = 1; step <= 20; ++step)
      context.log(step, "train/loss", 1 / static_cast<double>(step));
    context.ledger().set("", "train_flops", config.boast ? 1e30 : 1e3);
    record.metrics["heldout/position"] = config.weight + context.stream("data").normal();
    return record;
  }

  using Tokens = std::span<const int32_t>;
  static std::vector<float> forward(Tokens tokens, double weight, double bias) {
    std::vector<float> out;
    double sum = 0;
    for (const int32_t token : tokens) {
      sum += weight * token + bias;
      out.push_back(static_cast<float>(sum));
    }
    return out;
  }

  static harness::Probe probe(const Config& config, harness::Context&) {
    harness::Probe probe{.sequence_length = 16, .vocabulary = 30};
    const double weight = config.weight, bias = config.idle ? 0 : .5;
    probe.forward = [=](Tokens tokens) { return forward(tokens, weight, bias); };
    probe.without["bias"] = [=](Tokens tokens) { return forward(tokens, weight, 0); };
    probe.step = [] { return std::vector<harness::ProbeParameter>{{"weight", 1, true, 1, .1}}; };
    probe.claimed = {{"parameters", 1}};
    probe.start = [decay = config.decay] {
      return harness::ProbeStart{
          .weights = {{"weight [1]", "00"}}, .data_order = "01", .settings = {{"decay", decay}}};
    };
    probe.labels = harness::ProbeLabels{
        .score =
            [leak = config.leak](bool shuffled, uint64_t seed) {
              return (shuffled && !leak ? .5 : .9) +
                     .01 * results::Stream(seed).split(shuffled ? 1 : 0).uniform();
            },
        .chance = .6};
    for (const int threads : {1, 2}) {
      const double slip = config.slip && threads == 2 ? .1 : 0;
      probe.paths.push_back({std::to_string(threads) + " threads", [=] {
                               const std::vector<int32_t> tokens = {1, 2, 3};
                               return forward(tokens, weight, bias + slip);
                             }});
    }
    return probe;
  }
};

const harness::Register<Probed> probed;

}  // namespace
}  // namespace saggio::experiments

int main(int argc, char** argv) { return saggio::harness::worker_main(argc, argv, {}); }
