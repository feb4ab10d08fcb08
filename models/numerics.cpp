// SPDX-License-Identifier: MIT
#include "models/numerics.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>

namespace saggio::models {

void set_numerics(int threads) {
  at::set_num_threads(threads);
  at::globalContext().setFlushDenormal(true);
  at::globalContext().setDeterministicAlgorithms(true, /*warn_only=*/false);
  at::globalContext().setDeterministicFillUninitializedMemory(
      false);  // we read nothing that we did not write
}

}  // namespace saggio::models
