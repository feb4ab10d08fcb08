// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace saggio::graph {

// Into how many parts to cut work on so many elements: one for each core, none so small that its
// thread would cost more than it saves.
inline size_t parts_of(size_t elements) {
  constexpr size_t kLeast = size_t{1} << 16;
  return std::clamp<size_t>(
      elements / kLeast, 1, std::max(1U, std::thread::hardware_concurrency()));
}

// Calls act(i, scratch) for all i in [0, count), on that many threads, this one included; each has a
// Scratch of its own. Throws what a call threw, after the others have ended.
template <typename Scratch, typename Act>
void in_parallel(size_t threads, size_t count, const Act& act) {
  std::atomic<size_t> next = 0;
  std::exception_ptr failure;
  std::mutex mutex;
  const auto work = [&] {
    try {
      Scratch scratch;
      for (size_t i = next++; i < count; i = next++) act(i, scratch);
    } catch (...) {
      const std::lock_guard guard(mutex);
      failure = std::current_exception();
      next = count;
    }
  };
  std::vector<std::jthread> others;
  for (size_t i = 1; i < std::min(threads, count); ++i) others.emplace_back(work);
  work();
  others.clear();
  if (failure) std::rethrow_exception(failure);
}

// Cuts [0, elements) into parts_of(elements) ranges and calls act(part, first, last) for each, on as
// many threads.
template <typename Act>
void in_parts(size_t elements, const Act& act) {
  struct None {};
  const size_t parts = parts_of(elements);
  in_parallel<None>(parts, parts, [&](size_t part, None&) {
    act(part, elements * part / parts, elements * (part + 1) / parts);
  });
}

}  // namespace saggio::graph
