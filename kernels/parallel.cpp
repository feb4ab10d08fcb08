// SPDX-License-Identifier: MIT
#include "kernels/parallel.h"

#include <ATen/Parallel.h>

#ifndef _OPENMP
#error "compile this unit with -fopenmp: at::parallel_for uses one thread without"
#endif

namespace saggio::kernels {

void parallel_ranges(int64_t count,
                     int64_t grain,
                     c10::function_ref<void(int64_t begin, int64_t end)> body) {
  at::parallel_for(0, count, grain, [&](int64_t begin, int64_t end) { body(begin, end); });
}

}  // namespace saggio::kernels
