// SPDX-License-Identifier: MIT
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

#include <vector>

#include "kernels/flop_counter.h"
#include "kernels/graph_input.h"
#include "kernels/loops/loops.h"
#include "kernels/parallel.h"
#include "kernels/relational.h"
#include "kernels/relational_input.h"

namespace saggio::kernels {
namespace {

static_assert(sizeof(TypedEdge) == 3 * sizeof(int32_t), "the loops read them as triples");

// One partial sum for each chunk of edges, added in order: no thread shows in the result.
at::Tensor type_gradient(const RelationalGraph& graph, GradientArrays arrays) {
  const auto chunks = static_cast<int64_t>(graph.chunks().size());
  const int64_t D = arrays.width;
  const at::Tensor partial = at::empty({chunks, D}, at::kFloat);
  std::vector<TypedRange> ranges;
  for (const TypeChunk& chunk : graph.chunks())
    ranges.push_back({chunk.type, chunk.begin, chunk.end});
  arrays.edges = reinterpret_cast<const int32_t*>(graph.by_type().data());
  arrays.ranges = ranges.data();
  arrays.out = partial.mutable_data_ptr<float>();
  parallel_ranges(
      chunks, 1, [&](int64_t begin, int64_t end) { loops().type_gradient(arrays, begin, end); });
  at::Tensor result = at::zeros({graph.types(), D}, at::kFloat);
  for (int64_t chunk = 0; chunk < chunks; ++chunk) {
    float* to = result.mutable_data_ptr<float>() + ranges[static_cast<size_t>(chunk)].type * D;
    for (int64_t d = 0; d < D; ++d) to[d] += arrays.out[chunk * D + d];
  }
  return result;
}

}  // namespace

RelationalInput::RelationalInput(const RelationalGraph& graph,
                                 const at::Tensor& of_x,
                                 const at::Tensor& of_r)
    : width(width_of("relational", "x", of_x, graph.adjacency().columns())) {
  x = graph_input("relational", "x", of_x, {graph.adjacency().columns(), width});
  r = graph_input("relational", "r", of_r, {graph.types(), width});
}

void RelationalInput::count(const RelationalGraph& graph,
                            const char* operation,
                            double each) const {
  const auto edges = static_cast<double>(graph.adjacency().edges());
  count_kernel(operation, each * edges * static_cast<double>(width));
}

RelationalGradients message_gradients(const RelationalGraph& graph,
                                      Message message,
                                      const RelationalInput& input,
                                      const at::Tensor& gradient,
                                      const at::Tensor& winner) {
  RelationalGradients result;
  result.x = at::empty(input.x.sizes(), at::kFloat);
  const GradientArrays arrays = {arrays_of(graph.adjacency().by_column()),
                                 graph.type().const_data_ptr<int32_t>(),
                                 nullptr,
                                 nullptr,
                                 input.x.const_data_ptr<float>(),
                                 input.r.const_data_ptr<float>(),
                                 gradient.const_data_ptr<float>(),
                                 winner.defined() ? winner.const_data_ptr<int32_t>() : nullptr,
                                 result.x.mutable_data_ptr<float>(),
                                 input.width,
                                 message == Message::TransE};
  parallel_rows(graph.adjacency().by_column(), input.width, [&](int64_t begin, int64_t end) {
    loops().sender_gradient(arrays, begin, end);
  });
  result.r = type_gradient(graph, arrays);
  return result;
}

at::Tensor relational_sum(const RelationalGraph& graph,
                          Message message,
                          const at::Tensor& x,
                          const at::Tensor& r,
                          const at::Tensor& boundary) {
  const RelationalInput input(graph, x, r);
  at::Tensor first;
  if (boundary.defined()) first = graph_input("relational", "boundary", boundary, input.x.sizes());
  at::Tensor out = at::empty(input.x.sizes(), at::kFloat);
  const RelationalArrays arrays = {arrays_of(graph.adjacency().by_row()),
                                   graph.type().const_data_ptr<int32_t>(),
                                   input.x.const_data_ptr<float>(),
                                   input.r.const_data_ptr<float>(),
                                   first.defined() ? first.const_data_ptr<float>() : nullptr,
                                   out.mutable_data_ptr<float>(),
                                   nullptr,
                                   input.width,
                                   message == Message::TransE};
  input.count(graph, "relational_sum", 2);  // the message, added
  parallel_rows(graph.adjacency().by_row(), input.width, [&](int64_t begin, int64_t end) {
    loops().relational_sum(arrays, begin, end);
  });
  return out;
}

RelationalGradients relational_sum_backward(const RelationalGraph& graph,
                                            Message message,
                                            const at::Tensor& dout,
                                            const at::Tensor& x,
                                            const at::Tensor& r) {
  const RelationalInput input(graph, x, r);
  const at::Tensor gradient = graph_input("relational", "dout", dout, input.x.sizes());
  input.count(graph, "relational_sum", 4);  // a multiply-add for the sender, one for the type
  RelationalGradients result = message_gradients(graph, message, input, gradient, {});
  result.boundary = gradient.clone();
  return result;
}

}  // namespace saggio::kernels
