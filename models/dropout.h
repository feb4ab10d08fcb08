// SPDX-License-Identifier: MIT
#pragma once

#include "results/random.h"

namespace at {
class Tensor;
}

namespace saggio::models {

// x with every element set to zero with probability p and the others divided by 1 - p. The mask
// comes from `stream`, one 32-bit draw per element in memory order, so that the stream's position
// is all the state there is. p in [0, 1).
at::Tensor dropout(const at::Tensor& x, double p, results::Stream& stream);

}  // namespace saggio::models
