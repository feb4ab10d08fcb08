// SPDX-License-Identifier: MIT
// Listing and loading a study of 10,000 runs through the index. Aims: a listing with nothing new
// under 200 ms, all records parsed under 500 ms.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "results/random.h"
#include "results/store/index.h"
#include "results/store/record_json.h"

namespace saggio::results {
namespace {

namespace fs = std::filesystem;

constexpr int kRuns = 10'000;

void write(const fs::path& file, const std::string& text) { std::ofstream(file) << text; }

// As large as those of a real study: 40 config values, 12 metrics, a ledger of six components.
nlohmann::json spec_of(int seed) {
  nlohmann::json spec = {{"module", "language_model"},
                         {"version", "1"},
                         {"seed", seed},
                         {"threads", 1},
                         {"device", "cpu"}};
  for (int i = 0; i < 40; ++i)
    spec["config"][fmt::format("section_{}", i % 5)][fmt::format("value_{}", i)] = .1 * i;
  return spec;
}

Record record_of(Stream& stream) {
  Record record;
  for (int i = 0; i < 12; ++i)
    record.metrics[fmt::format("heldout/metric_{}", i)] = stream.normal();
  for (const char* component : {"", "embedding", "attention", "feed_forward", "router", "head"})
    for (const char* quantity :
         {"parameters", "active_parameters", "train_flops", "eval_flops", "seconds"})
      record.ledger.set(component, quantity, 1e6 * stream.uniform());
  record.ledger.uncounted["aten::cumsum"] = 12;
  return record;
}

// Written once for all benchmarks, and removed at the end.
class Study {
 public:
  Study() : folder_(fs::temp_directory_path() / fmt::format("saggio-bench-{}", ::getpid())) {
    Stream stream(1);
    const std::string env =
        compact({{"host", std::string(1'000, 'x')}, {"code_id", std::string(64, 'c')}});
    for (int seed = 0; seed < kRuns; ++seed) {
      const fs::path run = study() / fmt::format("{:064x}", seed);
      fs::create_directories(run);
      write(run / "spec.json", pretty(spec_of(seed)));
      write(run / "env.json", env);
      write(run / "done.json", pretty(record_to_json(record_of(stream))));
    }
  }
  Study(const Study&) = delete;
  ~Study() { fs::remove_all(folder_); }

  fs::path study() const { return folder_ / "study"; }
  fs::path index() const { return folder_ / "index.db"; }

  static const Study& instance() {
    static const Study study;
    return study;
  }

 private:
  fs::path folder_;
};

void BM_FirstBuild(benchmark::State& state) {
  const Study& study = Study::instance();
  for (auto _ : state) {
    state.PauseTiming();
    for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(study.index().string() + suffix);
    state.ResumeTiming();
    benchmark::DoNotOptimize(Index(study.index()).refresh(study.study()));
  }
}

void BM_RefreshWithNothingNew(benchmark::State& state) {
  const Study& study = Study::instance();
  Index(study.index()).refresh(study.study());
  for (auto _ : state) benchmark::DoNotOptimize(Index(study.index()).refresh(study.study()));
}

void BM_List(benchmark::State& state) {
  const Study& study = Study::instance();
  Index(study.index()).refresh(study.study());
  for (auto _ : state) {
    Index index(study.index());
    index.refresh(study.study());
    if (index.runs(study.study()).size() != kRuns) state.SkipWithError("runs are missing");
  }
}

void BM_Load(benchmark::State& state) {
  const Study& study = Study::instance();
  Index(study.index()).refresh(study.study());
  for (auto _ : state) {
    Index index(study.index());
    index.refresh(study.study());
    double sum = 0;
    for (const RunRow& run : index.runs(study.study())) sum += run.record().ledger.total("seconds");
    benchmark::DoNotOptimize(sum);
  }
}

BENCHMARK(BM_FirstBuild)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(BM_RefreshWithNothingNew)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(BM_List)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(BM_Load)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace saggio::results

BENCHMARK_MAIN();
