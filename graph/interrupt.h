// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <exception>
#include <functional>
#include <stop_token>
#include <utility>

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

// Asks at once, and then every few milliseconds of work of which it is told the steps.
class Asker {
 public:
  explicit Asker(std::stop_token stop) : stop_(std::move(stop)) { ask(stop_); }
  void did(size_t steps = 1) {
    if (steps < left_) {
      left_ -= steps;
      return;
    }
    ask(stop_);
    left_ = kSteps;
  }
  // `less`, each call of which is a step: who sorts by it asks too, and what was being sorted when
  // it throws is of no use any more.
  template <typename Less = std::less<>>
  auto counted(Less less = {}) {
    return [this, less](const auto& a, const auto& b) {
      did();
      return less(a, b);
    };
  }

 private:
  static constexpr size_t kSteps = size_t{1} << 15;
  std::stop_token stop_;
  size_t left_ = kSteps;
};

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
