// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "results/random.h"

namespace saggio::models {

class Transformer;

// Continues a text by `count` tokens, each drawn from softmax(logits / temperature); temperature 0
// takes the most probable one. Where the context is full, its second half is read again and the
// text goes on from there. The prompt has at least one token, of which the last context - 1 are
// read. One draw of `stream` per token.
std::vector<int32_t> generate(const Transformer& model,
                              std::span<const int32_t> prompt,
                              int64_t count,
                              double temperature,
                              results::Stream& stream);

}  // namespace saggio::models
