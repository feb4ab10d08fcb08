// SPDX-License-Identifier: MIT
#include "tests/graph/fuzz/targets.h"

// SAGGIO_FUZZ_TARGET is set by the build: one program for each target.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  saggio::graph::SAGGIO_FUZZ_TARGET({data, size});
  return 0;
}
