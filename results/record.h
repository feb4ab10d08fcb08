// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

// What one run leaves behind. Plain values: no files, no clocks, no statistics.
namespace saggio::results {

enum class Outcome {
  kFinished,         // ran to its end
  kDiverged,         // the loss stopped being a number; a result, counted against its arm
  kBudgetExhausted,  // its time limit came first
  kStopped,          // asked to stop; continues from its checkpoint when run again
  kFailed,           // an error; runs again when asked to
};

std::string_view name(Outcome outcome);            // "finished"
Outcome outcome_from_name(std::string_view text);  // throws std::invalid_argument

// What a run cost, by component ("" is the run as a whole). Counted while running, never asserted.
// Quantities in use: parameters, trainable_parameters, active_parameters, train_flops, eval_flops,
// train_bytes (data seen in training), unique_train_bytes, peak_memory_bytes, seconds, cpu_seconds.
class Ledger {
 public:
  void set(std::string_view component, std::string_view quantity, double value);
  void add(std::string_view component, std::string_view quantity, double value);
  // The whole run's own entry if there is one, else the sum over components; 0 if nobody counted
  // it.
  double total(std::string_view quantity) const;
  bool has(std::string_view quantity) const;

  // Operations that ran but have no formula, with how often: the FLOPs above leave them out, and
  // reports say so.
  std::map<std::string, int64_t> uncounted;

  const std::map<std::string, std::map<std::string, double>>& components() const {
    return components_;
  }

 private:
  std::map<std::string, std::map<std::string, double>> components_;
};

struct Record {
  Outcome outcome = Outcome::kFinished;
  std::string message;                    // why, unless finished
  std::map<std::string, double> metrics;  // final values: "heldout/bits_per_byte"
  Ledger ledger;
  std::vector<std::string> warnings;  // what the honesty gates found; shown wherever the run is
};

}  // namespace saggio::results
