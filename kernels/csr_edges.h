// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "kernels/csr.h"

namespace saggio::kernels {

// visit(edge index, row, col) for all edges, row by row.
template <class Visit>
void for_edges(const Csr& csr, const Visit& visit) {
  const int64_t* offsets = csr.row_ptr.const_data_ptr<int64_t>();
  const int32_t* col = csr.col.const_data_ptr<int32_t>();
  const int32_t* edge = csr.edge.defined() ? csr.edge.const_data_ptr<int32_t>() : nullptr;
  for (int64_t i = 0; i + 1 < csr.row_ptr.numel(); ++i)
    for (int64_t e = offsets[i]; e < offsets[i + 1]; ++e)
      visit(edge == nullptr ? e : int64_t{edge[e]}, i, int64_t{col[e]});
}

}  // namespace saggio::kernels
