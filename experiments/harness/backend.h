// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "experiments/harness/context.h"
#include "experiments/harness/plan.h"
#include "graph/store/store.h"
#include "results/store/run_dir.h"

// How a Context is made real. Only the worker and tests include this; modules do not.
namespace saggio::harness {

// Set by another thread, read by the run.
class StopToken {
 public:
  void request(results::Outcome why) { why_ = static_cast<int>(why); }
  void clear() { why_ = kNone; }
  bool requested() const { return why_ != kNone; }
  results::Outcome why() const { return static_cast<results::Outcome>(why_.load()); }

 private:
  static constexpr int kNone = -1;
  std::atomic<int> why_ = kNone;
};

struct Context::Backend {
  RunSpec spec;
  const StopToken* stop = nullptr;             // null: never stops
  std::unique_ptr<results::RunWriter> writer;  // null: events and checkpoints are kept nowhere
  std::filesystem::path
      folder;  // artefacts; made when first needed, and removed at the end if in memory
  std::unique_ptr<graph::Store> graph;  // null until it is asked for
  double budget_seconds = 0;            // over all attempts at this run; 0: none
  double checkpoint_seconds = 30;
  std::function<void(std::string_view)> on_note;
  std::function<void(int64_t done, int64_t total)> on_progress;

  results::Ledger ledger;
  double earlier_seconds = 0, earlier_cpu_seconds = 0;  // of the attempts before this one
  using Clock = std::chrono::steady_clock;
  Clock::time_point started = Clock::now(), last_checkpoint = Clock::now();
  double cpu_at_start = 0;

  double seconds() const;  // over all attempts
  double cpu_seconds() const;
  // Where things lie that stay with the run.
  const std::filesystem::path& artefacts();
  graph::Store& open_graph();
  // The run has ended with a result: all that it said is on the disk.
  void finish();
  ~Backend();
};

// Opens a run directory for work: its writer, and what the ledger had counted up to the checkpoint
// that it continues from.
std::unique_ptr<Context::Backend> open_backend(const results::RunDir& dir, const RunSpec& spec);

}  // namespace saggio::harness
