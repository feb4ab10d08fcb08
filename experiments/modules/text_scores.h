// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

#include <span>
#include <string>
#include <vector>

#include "experiments/data/corpus.h"
#include "experiments/data/windows.h"
#include "models/transformer.h"

// How well a causal model predicts a text.
namespace saggio::experiments {

struct Batch {
  at::Tensor tokens, targets;  // [B, T] i64
};

// Windows of length + 1 tokens, row after row, as what is read and what is to be predicted from it.
Batch batch_of(std::span<int32_t> windows, size_t length);

struct Score {
  double nats = 0;  // per token
  double bits_per_byte = 0;
};

// The mean over all tokens of a part of the text: windows of `context` tokens follow each other, so
// that each token is predicted exactly once, from the tokens before it in its own window. nanoGPT's
// estimate has the same mean, over random windows.
Score score(const models::Transformer& model, const data::Text& text, data::Range part);

// What a model says to one held-out question of a generated corpus.
struct Guess {
  size_t question = 0;     // of corpus.answers
  std::string said;        // the most probable byte at each place, given the true ones before it
  bool right = false;      // every byte of the answer, and the end of its line
  double probability = 0;  // of the true answer
};

// For all questions whose answer fits into the context.
std::vector<Guess> guesses(const models::Transformer& model, const data::Corpus& corpus);

}  // namespace saggio::experiments
