// SPDX-License-Identifier: MIT
#pragma once

#include <c10/util/FunctionRef.h>

#include <cstdint>

namespace saggio::kernels {

// Calls body(begin, end) on disjoint ranges that together are [0, count), on up to
// at::get_num_threads() threads, none with less than `grain` unless that is all there is. It is
// at::parallel_for, compiled once with OpenMP: that template runs on one thread, silently, in a
// unit that is compiled without.
void parallel_ranges(int64_t count,
                     int64_t grain,
                     c10::function_ref<void(int64_t begin, int64_t end)> body);

}  // namespace saggio::kernels
