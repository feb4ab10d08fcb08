// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <future>
#include <optional>
#include <utility>

#include "graph/interrupt.h"

namespace saggio::viz {

// How much of a log was read, of how much; whoever reads tells it from time to time, and is
// interrupted there.
using Watch = std::function<void(uint64_t bytes, uint64_t all)>;

// Something that takes long to make of what is read, made on a thread of its own.
template <typename Made>
class Background {
 public:
  // `make` tells the Watch how far it is; the Watch throws graph::Interrupted in the end.
  explicit Background(std::function<Made(const Watch&)> make)
      : made_(std::async(std::launch::async, [this, make = std::move(make)] {
          return make([this](uint64_t bytes, uint64_t all) {
            if (stopped_) throw graph::Interrupted();
            all_ = all;
            bytes_ = bytes;
          });
        })) {}
  // Waits until whoever makes it is interrupted, or has done the rest.
  ~Background() {
    stopped_ = true;
    if (made_.valid()) made_.wait();
  }
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  // Waits so long at most.
  bool done(std::chrono::milliseconds patience = {}) const {
    return made_.wait_for(patience) == std::future_status::ready;
  }
  // Once it is done; once. Throws what `make` threw.
  Made take() { return made_.get(); }
  uint64_t bytes() const { return bytes_; }
  uint64_t all() const { return all_; }

 private:
  std::atomic<bool> stopped_ = false;
  std::atomic<uint64_t> bytes_ = 0, all_ = 0;
  std::future<Made> made_;  // the last member: it begins last
};

}  // namespace saggio::viz
