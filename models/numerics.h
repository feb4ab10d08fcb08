// SPDX-License-Identifier: MIT
#pragma once

namespace saggio::models {

// Sets what ATen keeps per process, so that a run depends on its own description only: the number
// of threads, denormals as zero, deterministic algorithms. Call it at the start of every run.
void set_numerics(int threads);

}  // namespace saggio::models
