// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What the run beside a graph logged, while it goes on and after: RUN/graph is the store,
// RUN/events.jsonl holds {"step":7,"name":"train/nats","value":0.25} a line, RUN/timing.jsonl the
// seconds it took. Read only, without a lock; a run that is being written, is resumed or is deleted
// meanwhile is no error.
namespace saggio::viz {

struct Curve {  // loss, learning rate, whatever was logged by a name
  std::string name;
  std::vector<double> steps, values;  // by order of writing; a value may be NaN or infinite
};

class Training {
 public:
  static constexpr uint64_t kBudgetBytes = 1 << 20;  // of a look

  // Of the run that the store in `graph_folder` belongs to; of a store that is no run's, nothing.
  explicit Training(const std::string& graph_folder);

  // Reads what was logged since, at most kBudgetBytes of it; `now`: seconds of any steady clock,
  // for steps_a_second(). True if anything is new. A line that is being written is left for later.
  bool follow(double now);

  bool has_run() const { return !events_.file.empty(); }
  const std::vector<Curve>& curves() const { return curves_; }  // by first appearance
  const Curve* curve(std::string_view name) const;
  double last_step() const { return last_step_; }
  // Seconds that the run took by its own clock; nullopt while it goes on.
  std::optional<double> seconds() const { return seconds_; }
  // Of the whole run, once its clock is known; else as seen since the first look. nullopt: not yet.
  std::optional<double> steps_a_second() const;
  uint64_t bad_lines() const { return bad_lines_; }  // that are no events, and were left out

 private:
  struct Tail {
    std::filesystem::path file;
    uint64_t offset = 0;  // of the first byte not used yet
  };
  static bool read_lines(Tail& tail,
                         const std::function<void()>& restarted,
                         const std::function<void(std::string_view)>& use);
  void take_event(std::string_view line);
  void take_timing(std::string_view line);
  void forget();

  Tail events_, timing_;
  std::vector<Curve> curves_;
  double last_step_ = 0;
  std::optional<double> seconds_;
  uint64_t bad_lines_ = 0;
  struct Seen {
    double step = 0, now = 0;
  };
  std::optional<Seen> first_seen_, last_seen_;
};

}  // namespace saggio::viz
