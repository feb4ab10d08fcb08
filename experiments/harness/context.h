// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "results/random.h"
#include "results/record.h"

namespace saggio::graph {
class Store;
}

// All that a run may touch. A module reads its clock-free world from here (seed streams, device,
// threads) and writes what happens to it; it has no globals, no files of its own and no way to see
// other runs. Used by the run's one thread.
namespace saggio::harness {

class Context {
 public:
  struct Backend;  // how a context is made real: a run directory, or memory for gates and tests

  explicit Context(std::unique_ptr<Backend> backend);
  ~Context();
  // Keeps events and checkpoints nowhere; never stops.
  static Context in_memory(uint64_t seed, int threads = 1);

  // --- what the run is given
  // One of "data", "init", "dropout", "routing", "eval". Streams that the study shares are equal
  // across its arms; split one further by name (init: by parameter name, so that arms agree as far
  // as shapes do). Throws on any other name.
  results::Stream stream(std::string_view name) const;
  // 1, 2, ...: for programs that take one number; everything else draws from a stream.
  uint64_t seed() const;
  int threads() const;
  const std::string& device() const;  // "cpu" or "cuda"

  // --- what the run says
  void log(int64_t step,
           std::string_view name,
           double value);                      // an event; same identity, same events
  void note(std::string_view line);            // a line of log.txt
  void progress(int64_t done, int64_t total);  // for the ETA only
  results::Ledger& ledger();                   // merged into the record when the run ends
  std::filesystem::path artefact(
      std::string_view name);  // where to write a file that stays with the run

  // The run's reasoning graph (graph/store/store.h), in its folder graph/: what it asked, claimed, found and got wrong.
  // Made when first asked for. Commit at points that do not depend on the clock: then the same run
  // ends with the same versions, however often it was interrupted, since going on from a checkpoint
  // forgets what was committed after it. What is pending when a run ends is committed.
  graph::Store& graph();

  // --- stopping and continuing
  // True once somebody asked (Ctrl-C, time limit, launcher gone). Then save and return stopped().
  bool should_stop() const;
  results::Record stopped() const;  // outcome kStopped or kBudgetExhausted, with the reason

  // A checkpoint is worth its cost: enough time has passed since the last one, or the run should
  // stop.
  bool checkpoint_due() const;
  // `write` puts the module's files into the folder it is given. All or nothing; durable; the
  // ledger goes with it, and the graph's version: throws std::logic_error if changes of the graph
  // are pending.
  void save(int64_t step, const std::function<void(const std::filesystem::path& folder)>& write);
  struct Checkpoint {
    int64_t step;
    std::filesystem::path folder;
  };
  std::optional<Checkpoint> checkpoint() const;  // where an earlier attempt at this run got to

 private:
  std::unique_ptr<Backend> backend_;
};

}  // namespace saggio::harness
