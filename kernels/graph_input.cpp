// SPDX-License-Identifier: MIT
#include "kernels/graph_input.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>
#include <string>

#include "kernels/parallel.h"

namespace saggio::kernels {
namespace {

[[noreturn]] void refuse(const char* op,
                         const char* name,
                         const at::Tensor& x,
                         const std::string& expected) {
  throw std::invalid_argument(fmt::format(
      "{}: {} is {}, expected float {} on cpu",
      op,
      name,
      x.defined() ? fmt::format("{} [{}]", x.toString(), fmt::join(x.sizes(), ", ")) : "undefined",
      expected));
}

bool is_float(const at::Tensor& x) {
  return x.defined() && x.scalar_type() == at::kFloat && x.device().is_cpu();
}

}  // namespace

at::Tensor graph_input(const char* op,
                       const char* name,
                       const at::Tensor& x,
                       at::IntArrayRef shape) {
  if (!is_float(x) || x.sizes() != shape)
    refuse(op, name, x, fmt::format("[{}]", fmt::join(shape, ", ")));
  return x.detach().contiguous();
}

int64_t width_of(const char* op, const char* name, const at::Tensor& x, int64_t rows) {
  if (!is_float(x) || x.dim() != 2 || x.size(0) != rows)
    refuse(op, name, x, fmt::format("[{}, D]", rows));
  return x.size(1);
}

CsrArrays arrays_of(const Csr& csr) {
  return {csr.row_ptr.const_data_ptr<int64_t>(),
          csr.col.const_data_ptr<int32_t>(),
          csr.edge.defined() ? csr.edge.const_data_ptr<int32_t>() : nullptr};
}

void parallel_rows(const Csr& csr, int64_t work, c10::function_ref<void(int64_t, int64_t)> body) {
  constexpr int64_t kGrain = int64_t{1} << 15;  // of work; below, a second thread costs more
  const int64_t* offsets = csr.row_ptr.const_data_ptr<int64_t>();
  const int64_t rows = csr.row_ptr.numel() - 1;
  const auto row_at = [&](int64_t place) {  // on a line where row i begins at offsets[i] + i
    int64_t low = 0, high = rows;
    while (low < high) {
      const int64_t middle = low + (high - low) / 2;
      if (offsets[middle] + middle < place)
        low = middle + 1;
      else
        high = middle;
    }
    return low;
  };
  parallel_ranges(offsets[rows] + rows,
                  std::max<int64_t>(1, kGrain / std::max<int64_t>(1, work)),
                  [&](int64_t begin, int64_t end) {
                    const int64_t first = row_at(begin), last = row_at(end);
                    if (first < last) body(first, last);
                  });
}

}  // namespace saggio::kernels
