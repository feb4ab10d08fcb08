// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <ctime>
#include <thread>
#include <vector>

#include "results/random.h"

// What measurements of the viewer have in common.
namespace saggio::viz {

// Of a clock: CLOCK_PROCESS_CPUTIME_ID has the CPU time of all threads, CLOCK_THREAD_CPUTIME_ID of this
// one, CLOCK_MONOTONIC of the wall.
inline double time_ms(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
}

// A fixed piece of work of the kind that frames are: all cores together count short lines in the
// cells that they cross of one small picture. Another machine's load and speed, and how much its
// cores share, change it as they change what is measured beside it. The CPU-ms of all threads.
inline double calibration_ms() {
  constexpr uint64_t kWide = 640, kHigh = 360, kLines = 60'000;
  constexpr int kSteps = 64;
  static std::vector<std::atomic<uint32_t>> cells(kWide * kHigh);
  const uint64_t cores = std::max(1u, std::thread::hardware_concurrency());
  auto count_lines = [cores](uint64_t core) {
    results::Stream stream(core + 1);
    for (uint64_t line = core; line < kLines; line += cores) {
      const uint64_t x = stream.below(kWide - 20), y = stream.below(kHigh - 20);
      const uint64_t right = stream.below(20), down = stream.below(20);
      for (uint64_t step = 0; step < kSteps; ++step) {
        const uint64_t row = y + step * down / kSteps, column = x + step * right / kSteps;
        cells[row * kWide + column].fetch_add(1, std::memory_order_relaxed);
      }
    }
  };
  const double begin = time_ms(CLOCK_PROCESS_CPUTIME_ID);
  std::vector<std::jthread> threads;
  for (uint64_t core = 0; core < cores; ++core) threads.emplace_back(count_lines, core);
  threads.clear();  // joins them
  return time_ms(CLOCK_PROCESS_CPUTIME_ID) - begin;
}

// The time that so much of all there are, 0 to 1, do not exceed. Sorts them in part.
inline double share_of(std::vector<double>& times, double share) {
  const auto nth = static_cast<std::ptrdiff_t>(share * static_cast<double>(times.size() - 1));
  std::nth_element(times.begin(), times.begin() + nth, times.end());
  return times[static_cast<size_t>(nth)];
}

}  // namespace saggio::viz
