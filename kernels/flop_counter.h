// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

// Counts the floating-point operations of a piece of work by watching ATen's dispatcher while it
// runs, so that what is reported is what ran and not what a formula in a config believes. Forward
// and backward: on the CPU autograd runs a backward pass on the thread that asks for it.
//
// The convention is that of the literature (Chowdhery et al. 2022, arXiv:2204.02311, appendix B):
// products of matrices and attention count, a multiply-add is two operations, a causal mask saves
// nothing. Everything that does O(1) work per element (elementwise, reductions, normalisation,
// softmax, look-ups, copies, the optimizer) counts as zero. Attention's backward counts its five
// products, the recomputed scores included, because they run.
//
// An operation with a formula hides what it calls; one that ATen composes of others is counted
// through those; an operation that is neither known to be O(1) per element nor has a formula is
// listed as uncounted. Kernels of this folder that have no ATen operation beneath them say what they
// do. Watching costs some microseconds per operation: count one training step and
// multiply.
namespace saggio::kernels {

struct FlopCount {
  double flops = 0;
  std::map<std::string, double> by_operation;  // "addmm" -> its part of flops
  std::map<std::string, int64_t>
      uncounted;  // operations without a formula, with how often they ran
};

// Runs `work` on this thread and counts it; what `work` throws passes through. Throws
// std::logic_error if this thread is counting already. Work that other threads start is not seen.
FlopCount count_flops(const std::function<void()>& work);

// What a kernel of this folder does; nothing happens unless this thread is counting.
void count_kernel(const char* operation, double flops);

}  // namespace saggio::kernels
