// SPDX-License-Identifier: MIT
#pragma once

namespace at {
class Tensor;
}

// Softmax over the edges of each row, as attention over neighbours needs it (Velickovic et al. 2018,
// arXiv:1710.10903, eq. 2), for several heads at once. Autograd is not here.
//
//   alpha[e, h] = exp(s[e, h]) / sum over the edges e' of e's row of exp(s[e', h])
//
// Tensors are f32 on the CPU, [M] or [M, H] by edge index, contiguous or copied so. The row's largest
// score is subtracted first: no overflow. A score of -inf gives 0; rows with a NaN or +inf, or of
// nothing but -inf, are NaN. The same bits for any number of threads and instruction set; relative
// error below (2 T + d + 6) 2^-24 in a row of d edges whose scores span T <= 104; weights below
// exp(-104) are 0. O(M H). Throws std::invalid_argument for tensors of another type or shape.
namespace saggio::kernels {

class Adjacency;

at::Tensor segment_softmax(const Adjacency& a, const at::Tensor& scores);

// The gradient of the scores, alpha (dalpha - sum over the row of alpha dalpha), from the result.
at::Tensor segment_softmax_backward(const Adjacency& a,
                                    const at::Tensor& dalpha,
                                    const at::Tensor& alpha);

// The same in double: inputs of any floating type, result f64.
at::Tensor segment_softmax_reference(const Adjacency& a, const at::Tensor& scores);
at::Tensor segment_softmax_backward_reference(const Adjacency& a,
                                              const at::Tensor& dalpha,
                                              const at::Tensor& alpha);

}  // namespace saggio::kernels
