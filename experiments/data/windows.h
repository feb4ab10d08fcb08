// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "experiments/data/text.h"
#include "results/random.h"

// Windows over a part of a text. A window that predicts T tokens holds T + 1: token i + 1 is to be
// predicted from tokens 0..i. Training draws windows at random, evaluation sweeps over all of the
// text once.
namespace saggio::data {

// How much of a part the first batches have shown.
struct Coverage {
  uint64_t tokens = 0;       // predicted, repetitions included
  size_t unique_tokens = 0;  // seen in any window
  size_t unique_bytes = 0;   // of these tokens
  double epochs = 0;         // tokens / size of the part
};

// Batches of B windows at uniformly random offsets. Batch i is a function of the stream's key and i
// alone, so that training goes on at any number. Borrows the text.
class RandomWindows {
 public:
  // Throws std::invalid_argument if the part is shorter than one window, or B or T is 0.
  RandomWindows(const Text& text,
                Range part,
                size_t batch_size,
                size_t length,
                const results::Stream& stream);

  // Fills out [B, T + 1], row-major, with batch `number`.
  void batch(uint64_t number, std::span<int32_t> out) const;

  // Of batches 0..count-1. O(count * B * log): draws the offsets again.
  Coverage coverage(uint64_t count) const;

 private:
  std::vector<size_t> offsets(uint64_t number) const;

  const Text& text_;
  Range part_;
  size_t batch_size_, length_;
  results::Stream stream_;
};

// A window that starts at token `offset` and predicts `predicted` tokens.
struct Window {
  size_t offset = 0, predicted = 0;
};

// Windows that together predict every token of a part exactly once. The first one also looks at the
// token before the part, if the text has one; else the text's first token is only looked at. The
// last window may be short.
class Sweep {
 public:
  // Throws std::invalid_argument if there is nothing to predict, or T is 0.
  Sweep(const Text& text, Range part, size_t length);

  size_t size() const { return (predicted() + length_ - 1) / length_; }  // windows
  size_t predicted() const { return end_ - first_ - 1; }                 // tokens, in all windows
  Window operator[](size_t index) const;

 private:
  size_t first_, end_, length_;  // first_: the token that the first window starts at
};

}  // namespace saggio::data
