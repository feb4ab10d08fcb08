// SPDX-License-Identifier: MIT
#include "graph/store/column.h"

#include <sys/mman.h>

#include <cstdint>

namespace saggio::graph {

void prefer_huge_pages(const void* memory, size_t bytes) {
#ifdef MADV_HUGEPAGE
  constexpr uintptr_t kHuge = uintptr_t{2} << 20;
  const auto begin = reinterpret_cast<uintptr_t>(memory);
  const uintptr_t first = (begin + kHuge - 1) / kHuge * kHuge;
  const uintptr_t last = (begin + bytes) / kHuge * kHuge;
  // A wish: a system that has none says so, and nothing is lost.
  if (first < last) (void)::madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE);
#else
  (void)memory, (void)bytes;
#endif
}

}  // namespace saggio::graph
