// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>
#include <pthread.h>

#include <atomic>
#include <chrono>
#include <ctime>
#include <functional>
#include <stop_token>
#include <thread>

#include "graph/interrupt.h"

// How soon work ends that is told to. CPU time of one thread, so that what else the machine does
// makes no difference.
namespace saggio::graph {

inline double cpu_seconds(clockid_t clock = CLOCK_THREAD_CPUTIME_ID) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// Told to stop after so many seconds: for how many it still went on. It must not end by itself.
inline double goes_on_for(const std::function<void(const std::stop_token&)>& work, double after) {
  std::stop_source stop;
  std::atomic<bool> told = false;
  double ended = 0;
  std::thread worker([&] {
    EXPECT_THROW(work(stop.get_token()), Interrupted) << "told after " << after << " s";
    ended = cpu_seconds();
    while (!told) std::this_thread::yield();  // so that its clock can still be read
  });
  clockid_t clock{};
  EXPECT_EQ(::pthread_getcpuclockid(worker.native_handle(), &clock), 0);
  while (cpu_seconds(clock) < after) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  const double begin = cpu_seconds(clock);
  stop.request_stop();
  told = true;
  worker.join();
  return ended - begin;
}

}  // namespace saggio::graph
