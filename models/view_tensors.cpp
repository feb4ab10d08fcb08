// SPDX-License-Identifier: MIT
#include "models/view_tensors.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>

#include <algorithm>
#include <span>

#include "graph/view/view.h"

namespace saggio::models {
namespace {

// The deleter owns a copy of the View, and that the arrays.
template <typename Value>
at::Tensor borrowed(const graph::View& view, std::span<const Value> array, at::ScalarType type) {
  if (array.empty()) return at::empty({0}, type);
  return at::from_blob(
      const_cast<Value*>(array.data()),
      {static_cast<int64_t>(array.size())},
      [keep = view](void*) {},
      type);
}

}  // namespace

ViewTensors tensors_of(const graph::View& view) {
  view.verify();
  const graph::ViewArrays& arrays = view.arrays();
  ViewTensors tensors = {borrowed(view, arrays.out_ptr, at::kLong),
                         borrowed(view, arrays.out_target, at::kInt),
                         borrowed(view, arrays.in_ptr, at::kLong),
                         borrowed(view, arrays.in_source, at::kInt),
                         borrowed(view, arrays.in_edge, at::kInt),
                         {}};
  if (!arrays.edge_weights.empty())
    tensors.weight = borrowed(view, arrays.edge_weights, at::kFloat);
  return tensors;
}

kernels::Adjacency adjacency_of(const graph::View& view) {
  const ViewTensors tensors = tensors_of(view);
  return {{tensors.in_ptr, tensors.in_source, tensors.in_edge},
          {tensors.out_ptr, tensors.out_target, {}}};
}

at::Tensor edge_types_of(const graph::View& view) {
  view.verify();
  const auto types = view.arrays().edge_types;
  at::Tensor result = at::empty({static_cast<int64_t>(types.size())}, at::kInt);
  std::copy(types.begin(), types.end(), result.mutable_data_ptr<int32_t>());
  return result;
}

}  // namespace saggio::models
