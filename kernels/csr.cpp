// SPDX-License-Identifier: MIT
#include "kernels/csr.h"

#include <ATen/ops/empty.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "kernels/csr_edges.h"

namespace saggio::kernels {
namespace {

void check_array(const char* name, const at::Tensor& x, at::ScalarType type, int64_t count) {
  const bool fits = x.defined() && x.scalar_type() == type && x.device().is_cpu() && x.dim() == 1 &&
                    x.is_contiguous() && (count < 0 ? x.numel() >= 1 : x.numel() == count);
  if (!fits)
    throw std::invalid_argument(
        fmt::format("csr: {} is {}, expected a contiguous {} [{}] on cpu",
                    name,
                    x.defined() ? fmt::format("{} [{}]", x.toString(), fmt::join(x.sizes(), ", "))
                                : "undefined",
                    c10::toString(type),
                    count < 0 ? "N+1" : std::to_string(count)));
}

void check_offsets(const char* name, const Csr& csr) {
  check_array(name, csr.row_ptr, at::kLong, -1);
  const int64_t* offsets = csr.row_ptr.const_data_ptr<int64_t>();
  const int64_t rows = csr.row_ptr.numel() - 1;
  if (offsets[0] != 0)
    throw std::invalid_argument(fmt::format(
        "csr: {}[0] = {}, expected 0: rows begin with the first edge", name, offsets[0]));
  for (int64_t i = 0; i < rows; ++i)
    if (offsets[i + 1] < offsets[i])
      throw std::invalid_argument(fmt::format(
          "csr: {}[{}] = {} lies below {} before it", name, i + 1, offsets[i + 1], offsets[i]));
  if (offsets[rows] > std::numeric_limits<int32_t>::max())
    throw std::invalid_argument(
        fmt::format("csr: {} edges, allowed up to 2^31 - 1", offsets[rows]));
}

void check_below(const char* name, const at::Tensor& x, int64_t bound) {
  const int32_t* values = x.const_data_ptr<int32_t>();
  for (int64_t e = 0; e < x.numel(); ++e)
    if (!(values[e] >= 0 && values[e] < bound))
      throw std::invalid_argument(
          fmt::format("csr: {}[{}] = {}, allowed 0 to {}", name, e, values[e], bound - 1));
}

void check_direction(const Csr& csr, int64_t others, const char* col) {
  const int64_t M = csr.row_ptr.const_data_ptr<int64_t>()[csr.row_ptr.numel() - 1];
  check_array(col, csr.col, at::kInt, M);
  check_below(col, csr.col, others);
  if (!csr.edge.defined()) return;
  check_array("edge", csr.edge, at::kInt, M);
  check_below("edge", csr.edge, M);
}

// Each index once in both, with the same two ends.
void check_same_edges(const Csr& by_row, const Csr& by_column) {
  constexpr int64_t kUnseen = -1, kTaken = -2;
  struct Ends {
    int64_t row = kUnseen, column = kUnseen;
  };
  std::vector<Ends> ends(static_cast<size_t>(by_row.col.numel()));
  for_edges(by_row, [&](int64_t index, int64_t row, int64_t column) {
    Ends& mine = ends[static_cast<size_t>(index)];
    if (mine.row != kUnseen)
      throw std::invalid_argument(fmt::format("csr: edge {} stands twice among the rows", index));
    mine = {row, column};
  });
  for_edges(by_column, [&](int64_t index, int64_t column, int64_t row) {
    Ends& mine = ends[static_cast<size_t>(index)];
    if (mine.row != row || mine.column != column)
      throw std::invalid_argument(
          fmt::format("csr: edge {} is ({}, {}) by column, expected ({}, {}) as by row{}",
                      index,
                      row,
                      column,
                      mine.row,
                      mine.column,
                      mine.row == kTaken ? " and once only" : ""));
    mine = {kTaken, kTaken};
  });
}

}  // namespace

Adjacency::Adjacency(Csr by_row, Csr by_column)
    : by_row_(std::move(by_row)), by_column_(std::move(by_column)) {
  check_offsets("row_ptr", by_row_);
  check_offsets("column's row_ptr", by_column_);
  check_direction(by_row_, columns(), "col");
  check_direction(by_column_, rows(), "column's col");
  if (by_row_.col.numel() != by_column_.col.numel())
    throw std::invalid_argument(fmt::format("csr: {} edges by row, {} by column, expected as many",
                                            by_row_.col.numel(),
                                            by_column_.col.numel()));
  check_same_edges(by_row_, by_column_);
}

Adjacency Adjacency::transposed() const {
  Adjacency result = *this;
  std::swap(result.by_row_, result.by_column_);
  return result;
}

Adjacency with_transpose(const Csr& by_row, int64_t columns) {
  check_offsets("row_ptr", by_row);
  check_direction(by_row, columns, "col");
  const int64_t M = by_row.col.numel();
  const Csr by_column = {
      at::empty({columns + 1}, at::kLong), at::empty({M}, at::kInt), at::empty({M}, at::kInt)};
  int64_t* offsets = by_column.row_ptr.mutable_data_ptr<int64_t>();
  int32_t* rows = by_column.col.mutable_data_ptr<int32_t>();
  int32_t* edges = by_column.edge.mutable_data_ptr<int32_t>();
  std::vector<int64_t> next(static_cast<size_t>(columns) + 1);
  for_edges(by_row,
            [&](int64_t, int64_t, int64_t column) { ++next[static_cast<size_t>(column) + 1]; });
  for (size_t j = 1; j < next.size(); ++j) next[j] += next[j - 1];
  std::copy(next.begin(), next.end(), offsets);
  for_edges(by_row, [&](int64_t index, int64_t row, int64_t column) {
    const int64_t at = next[static_cast<size_t>(column)]++;
    rows[at] = static_cast<int32_t>(row);
    edges[at] = static_cast<int32_t>(index);
  });
  return Adjacency(by_row, by_column);
}

}  // namespace saggio::kernels
