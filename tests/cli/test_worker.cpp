// SPDX-License-Identifier: MIT
//
// A worker without LibTorch whose one module misbehaves on demand: what the tests of the launcher
// and of the command line run.
#include <chrono>
#include <cmath>
#include <csignal>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "experiments/harness/module.h"
#include "experiments/harness/worker.h"
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
    int64_t fail_at = 0, diverge_at = 0, crash_at = 0, hang_at = 0;
    std::string device = "cpu", path;
    void visit(auto& v) {
      v("steps", steps, "steps", {1, 1e9});
      v("milliseconds", milliseconds, "to sleep at each step", {0, 1e6});
      v("drift", drift, "added at each step", {-1, 1});
      v("fail_at", fail_at, "step at which it throws; 0: never", {0, 1e9});
      v("diverge_at", diverge_at, "step at which it diverges", {0, 1e9});
      v("crash_at", crash_at, "step at which it is killed", {0, 1e9});
      v("hang_at", hang_at, "step at which it no longer listens", {0, 1e9});
      v("device", device, "what it needs", {"cpu", "gpu"});
      v.file("path", path, "a text whose bytes are added up");
    }
  };

  static std::map<std::string, double> count(const Config& config) {
    return {{"params", static_cast<double>(config.steps)}};
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

}  // namespace
}  // namespace saggio::experiments

int main(int argc, char** argv) { return saggio::harness::worker_main(argc, argv, {}); }
