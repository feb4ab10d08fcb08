// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>

#include "results/store/events.h"

// Follows the events.jsonl of a run while somebody writes it: every look costs what was added since
// the last. Whole lines only; a torn last line is left for the next look.
namespace saggio::results {

class EventTail {
 public:
  static constexpr uint64_t kWhole = std::numeric_limits<uint64_t>::max();

  // The first look starts at the first line of the last `most_bytes`. The file need not be there.
  explicit EventTail(std::filesystem::path file, uint64_t most_bytes = kWhole)
      : file_(std::move(file)), most_bytes_(most_bytes) {}

  // Calls `use` for every new event, in order; events are only valid during the call. True if the
  // file was cut since the last look (its run continues from a checkpoint): it then starts as the
  // first look did, after `restarted` was called. Throws std::runtime_error naming file and byte
  // for a line that is no event.
  bool look(const std::function<void(const Event&)>& use,
            const std::function<void()>& restarted = {});

 private:
  void start(uint64_t size);

  std::filesystem::path file_;
  uint64_t most_bytes_;
  uint64_t offset_ = 0;  // of the first byte not used yet
  bool started_ = false;
  bool mid_line_ = false;  // the offset lies inside a line, which is passed over
};

}  // namespace saggio::results
