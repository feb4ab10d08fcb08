// SPDX-License-Identifier: MIT
#include <malloc.h>

#include <cstdlib>
#include <exception>

#include "experiments/harness/worker.h"

int main(int argc, char** argv) {
  // Keep freed memory: eager tensor code frees and asks for megabytes at every step, and page
  // faults would cost more than the sums.
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, -1);  // none: a step may use more than an int can say
  // LibTorch then lays tensors of 2 MB and above on huge pages: rows gathered from all over a large
  // array would cost a walk of the page table each. What the environment says already stands.
  setenv("THP_MEM_ALLOC_ENABLE", "1", /*overwrite=*/0);
  std::map<std::string, std::string> versions;
#ifdef SAGGIO_TORCH_VERSION
  versions["torch"] = SAGGIO_TORCH_VERSION;
#endif
  try {
    return saggio::harness::worker_main(argc, argv, versions);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
  }
}
