// SPDX-License-Identifier: MIT
#include <malloc.h>

#include <exception>

#include "experiments/harness/worker.h"

int main(int argc, char** argv) {
  // Keep freed memory: eager tensor code frees and asks for megabytes at every step, and page
  // faults would cost more than the sums.
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
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
