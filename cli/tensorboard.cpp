// SPDX-License-Identifier: MIT
#include "cli/tensorboard.h"

#include <chrono>

namespace saggio::cli {
namespace fs = std::filesystem;

namespace {

double seconds_of(std::chrono::system_clock::time_point time) {
  return std::chrono::duration<double>(time.time_since_epoch()).count();
}

double now() { return seconds_of(std::chrono::system_clock::now()); }

// "velvet/minus_gate seed 3" -> velvet/minus_gate/seed_3
fs::path path_of(const std::string& label) {
  const size_t study = label.find('/'), seed = label.rfind(" seed ");
  std::string arm = label.substr(study + 1, seed - study - 1);
  for (char& c : arm)
    if (c == '/') c = '_';  // an override may name a file
  return fs::path(label.substr(0, study)) / arm / ("seed_" + label.substr(seed + 6));
}

}  // namespace

EventFiles::EventFiles(const harness::Workspace& workspace, fs::path folder)
    : workspace_(workspace), folder_(std::move(folder)) {}

results::TensorBoardFile EventFiles::file_of(const std::string& id,
                                             const std::string& label) const {
  return {workspace_.run_dir(id).folder() / "events.jsonl", folder_ / path_of(label)};
}

size_t EventFiles::copy_all(const harness::Plan& plan) {
  size_t copied = 0;
  for (const harness::RunSpec& run : plan.runs) {
    const fs::path events = workspace_.run_dir(run.id).folder() / "events.jsonl";
    if (!fs::exists(events)) continue;
    // When an event happened is not recorded; when the last one did is.
    const auto changed = std::chrono::file_clock::to_sys(fs::last_write_time(events));
    file_of(run.id, run.label).update(seconds_of(changed), false);
    ++copied;
  }
  return copied;
}

void EventFiles::follow(const std::string& id, const std::string& label) {
  live_.try_emplace(id, file_of(id, label)).first->second.update(now(), true);
}

void EventFiles::end(const std::string& id, const std::string& label) {
  follow(id, label);
  live_.erase(id);
}

}  // namespace saggio::cli
