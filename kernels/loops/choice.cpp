// SPDX-License-Identifier: MIT
#include <stdexcept>

#include "kernels/loops/loops.h"

namespace saggio::kernels {

extern const Loops kPlainLoops;
#ifdef SAGGIO_X86_LOOPS
extern const Loops kAvx2Loops, kAvx512Loops;
#endif

bool supported(Isa isa) {
#ifdef SAGGIO_X86_LOOPS
  if (isa == Isa::Avx2) return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (isa == Isa::Avx512)
    return supported(Isa::Avx2) && __builtin_cpu_supports("avx512f") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
#endif
  return isa == Isa::Plain;
}

const Loops& loops(Isa isa) {
  if (!supported(isa))
    throw std::invalid_argument(
        "loops: this build or this processor lacks the instruction set that was asked for; ask "
        "supported() first");
#ifdef SAGGIO_X86_LOOPS
  if (isa == Isa::Avx2) return kAvx2Loops;
  if (isa == Isa::Avx512) return kAvx512Loops;
#endif
  return kPlainLoops;
}

const Loops& loops() {
  static const Loops& best = supported(Isa::Avx512) ? loops(Isa::Avx512)
                             : supported(Isa::Avx2) ? loops(Isa::Avx2)
                                                    : loops(Isa::Plain);
  return best;
}

}  // namespace saggio::kernels
