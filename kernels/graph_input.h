// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/util/FunctionRef.h>

#include <cstdint>

#include "kernels/csr.h"
#include "kernels/loops/loops.h"

// What the kernels over sparse rows share: their inputs checked, their rows shared among threads.
namespace saggio::kernels {

// x, contiguous. Throws std::invalid_argument that names `op` and the tensor unless it is f32 of
// this shape on the CPU.
at::Tensor graph_input(const char* op,
                       const char* name,
                       const at::Tensor& x,
                       at::IntArrayRef shape);

// The number of columns of a matrix with that many rows; throws likewise.
int64_t width_of(const char* op, const char* name, const at::Tensor& x, int64_t rows);

CsrArrays arrays_of(const Csr& csr);

// body(begin, end) on disjoint ranges of rows, on several threads. Ranges have about as many edges
// and rows, edges counting `work` each: whole rows go to one thread.
void parallel_rows(const Csr& csr, int64_t work, c10::function_ref<void(int64_t, int64_t)> body);

}  // namespace saggio::kernels
