// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <ctime>
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

// A fixed piece of work, sorting half a million numbers, which another machine's load and speed
// change as they change what is measured beside it: its CPU-ms.
inline double calibration_ms() {
  results::Stream stream(1);
  std::vector<uint64_t> numbers(500'000);
  for (uint64_t& n : numbers) n = stream.below(UINT64_MAX);
  const double begin = time_ms(CLOCK_THREAD_CPUTIME_ID);
  std::sort(numbers.begin(), numbers.end());
  const double spent = time_ms(CLOCK_THREAD_CPUTIME_ID) - begin;
  return numbers[0] <= numbers[1] ? spent : INFINITY;  // the numbers are looked at
}

// The time that so much of all there are, 0 to 1, do not exceed. Sorts them in part.
inline double share_of(std::vector<double>& times, double share) {
  const auto nth = static_cast<std::ptrdiff_t>(share * static_cast<double>(times.size() - 1));
  std::nth_element(times.begin(), times.begin() + nth, times.end());
  return times[static_cast<size_t>(nth)];
}

}  // namespace saggio::viz
