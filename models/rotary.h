// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace at {
class Tensor;
}

// Rotary positions (Su et al. 2021, arXiv:2104.09864, eq. 34): pair j of a head's width is turned
// by the angle position * 10000^(-2j/Dh), so that the product of a query and a key depends on their
// distance only.
namespace saggio::models {

// The rotations of positions 0 .. context - 1, computed in double. Returns [context, Dh/2] complex
// f32; head_width is even.
at::Tensor rotations(int64_t context, int64_t head_width);

// Turns the pairs (x[2j], x[2j+1]) of the last dimension.
//   x         [B, T, *, Dh] f32
//   rotation  [T, Dh/2] complex f32
// Returns     [B, T, *, Dh] f32
at::Tensor rotate(const at::Tensor& x, const at::Tensor& rotation);

}  // namespace saggio::models
