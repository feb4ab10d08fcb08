// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/ATen.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "kernels/parallel.h"

// Kernels and their peers in one process, taking turns.
namespace saggio::kernels {

struct Contender {
  std::string name;
  std::function<void()> run;
};

// The first contender is a copy of `bytes`, the second is ours.
struct Contest {
  std::string title;
  double bytes;
  std::vector<Contender> contenders;
};

struct Times {
  double least_ms, median_ms;
};

inline double milliseconds(const std::function<void()>& run) {
  const auto start = std::chrono::steady_clock::now();
  run();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
      .count();
}

// All take turns, so that what else the machine does falls on all alike. One turn to warm up.
inline std::vector<Times> measure(const Contest& contest, int repetitions) {
  std::vector<std::vector<double>> taken(contest.contenders.size());
  for (int turn = 0; turn <= repetitions; ++turn)
    for (size_t i = 0; i < taken.size(); ++i) {
      const double ms = milliseconds(contest.contenders[i].run);
      if (turn > 0) taken[i].push_back(ms);
    }
  std::vector<Times> result;
  for (std::vector<double>& times : taken) {
    std::sort(times.begin(), times.end());
    result.push_back({times.front(), times[times.size() / 2]});
  }
  return result;
}

// Reads and writes `bytes` in sum. In pieces that memcpy does not write around the cache, which is
// the slower way here and there.
inline Contender copy_of(double bytes) {
  const auto half = static_cast<int64_t>(bytes / 2);
  const at::Tensor from = at::ones({half}, at::kByte), to = at::ones({half}, at::kByte);
  return {"copy of as many bytes", [from, to, half] {
            parallel_ranges(half, 1 << 16, [&](int64_t begin, int64_t end) {
              constexpr int64_t kPiece = 1 << 15;
              for (; begin < end; begin += kPiece)
                std::memcpy(static_cast<char*>(to.mutable_data_ptr()) + begin,
                            static_cast<const char*>(from.const_data_ptr()) + begin,
                            static_cast<size_t>(std::min(kPiece, end - begin)));
            });
          }};
}

}  // namespace saggio::kernels
