// SPDX-License-Identifier: MIT
#include "tests/results/checkpoint/torch_target.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  saggio::results::read_hostile(bytes, size);
  return 0;
}
