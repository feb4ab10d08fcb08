// SPDX-License-Identifier: MIT
#include "graph/layout/loops/loops.h"

namespace saggio::graph {

extern const LayoutLoops kPlainLayoutLoops;
#ifdef SAGGIO_X86_LOOPS
extern const LayoutLoops kAvx2LayoutLoops;
#endif

size_t layout_loop_tables(const LayoutLoops* (&tables)[2]) {
  size_t count = 0;
  tables[count++] = &kPlainLayoutLoops;
#ifdef SAGGIO_X86_LOOPS
  if (__builtin_cpu_supports("avx2")) tables[count++] = &kAvx2LayoutLoops;
#endif
  return count;
}

const LayoutLoops& layout_loops() {
  const LayoutLoops* tables[2];
  return *tables[layout_loop_tables(tables) - 1];
}

}  // namespace saggio::graph
