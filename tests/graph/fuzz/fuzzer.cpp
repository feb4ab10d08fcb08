// SPDX-License-Identifier: MIT
#include "tests/graph/fuzz/targets.h"

// SAGGIO_FUZZ_TARGET is set by the build: one program for each target.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  return saggio::graph::SAGGIO_FUZZ_TARGET(bytes, size);
}
