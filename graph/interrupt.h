// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <exception>
#include <stop_token>

// How long work ends before its time: it is given a std::stop_token, asks it now and then, and
// throws. Nobody asks a token within an inner loop.
namespace saggio::graph {

struct Interrupted : std::exception {
  const char* what() const noexcept override { return "interrupted"; }
};

// Throws Interrupted once `stop` was requested.
inline void ask(const std::stop_token& stop) {
  if (stop.stop_requested()) throw Interrupted();
}

// Calls act(i) for i from 0 while i < count(), which may grow, and asks every few milliseconds.
template <typename Count, typename Act>
void asking(const std::stop_token& stop, const Count& count, const Act& act) {
  constexpr size_t kPiece = size_t{1} << 15;
  for (size_t i = 0; i < count();) {
    ask(stop);
    for (const size_t end = std::min(i + kPiece, size_t{count()}); i < end; ++i) act(i);
  }
}

}  // namespace saggio::graph
