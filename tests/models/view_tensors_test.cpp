// SPDX-License-Identifier: MIT
#include "models/view_tensors.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <string>

#include "graph/store/store.h"
#include "graph/view/segment.h"
#include "graph/view/view.h"
#include "kernels/spmm.h"
#include "tests/results/store/temporary_folder.h"

namespace saggio::models {
namespace {

namespace fs = std::filesystem;
using graph::NodeKind;

// Three nodes; 0 -> 1 three times, twice by one type and once by another; a loop at 2; 1 -> 0.
void fill(graph::Store& store, bool weighted) {
  for (const char* name : {"a", "b", "c"}) store.add_node(NodeKind::Entity, {}, name);
  const graph::TypeId likes = store.type("likes"), knows = store.type("knows");
  graph::Attributes heavy;
  heavy.weight = weighted ? 2.5F : 1.F;
  store.add_edge(0, knows, 1);
  store.add_edge(0, likes, 1, heavy);
  store.add_edge(2, knows, 2);
  store.add_edge(0, likes, 1);
  store.add_edge(1, likes, 0);
  store.commit(graph::Durability::Visible);
}

template <typename Value>
void expect_shared(const at::Tensor& tensor, std::span<const Value> array) {
  EXPECT_EQ(tensor.const_data_ptr(), array.data());
  EXPECT_EQ(tensor.numel(), static_cast<int64_t>(array.size()));
}

TEST(ViewTensors, LieWhereTheViewLies) {
  for (const bool mapped : {false, true}) {
    const results::TemporaryFolder folder;
    graph::Store store = graph::Store::open(folder.path());
    fill(store, true);
    if (mapped) graph::compact(store);
    const graph::View view = graph::view_of(store);

    const ViewTensors tensors = tensors_of(view);
    const kernels::Adjacency adjacency = adjacency_of(view);

    const graph::ViewArrays& arrays = view.arrays();
    expect_shared(tensors.out_ptr, arrays.out_ptr);
    expect_shared(tensors.out_target, arrays.out_target);
    expect_shared(tensors.in_ptr, arrays.in_ptr);
    expect_shared(tensors.in_source, arrays.in_source);
    expect_shared(tensors.in_edge, arrays.in_edge);
    expect_shared(tensors.weight, arrays.edge_weights);
    expect_shared(adjacency.by_row().row_ptr, arrays.in_ptr);
    expect_shared(adjacency.by_row().col, arrays.in_source);
    expect_shared(adjacency.by_row().edge, arrays.in_edge);
    expect_shared(adjacency.by_column().row_ptr, arrays.out_ptr);
    expect_shared(adjacency.by_column().col, arrays.out_target);
    EXPECT_FALSE(adjacency.by_column().edge.defined());
  }
}

TEST(ViewTensors, KeepParallelEdgesTypesAndLoops) {
  const results::TemporaryFolder folder;
  graph::Store store = graph::Store::open(folder.path());
  fill(store, true);
  const graph::View view = graph::view_of(store);

  const kernels::Adjacency adjacency = adjacency_of(view);
  const at::Tensor types = edge_types_of(view), weight = tensors_of(view).weight;

  // By source, type (likes was defined first), target, id.
  EXPECT_TRUE(at::equal(adjacency.by_column().col, at::tensor({1, 1, 1, 0, 2}, at::kInt)));
  EXPECT_TRUE(at::equal(types, at::tensor({0, 0, 1, 0, 1}, at::kInt)));
  EXPECT_TRUE(at::equal(weight, at::tensor({2.5F, 1.F, 1.F, 1.F, 1.F})));
  // What each node receives: a from b, b from a by three edges, c from itself.
  const at::Tensor x = at::tensor({1.F, 10.F, 100.F}).view({3, 1});
  EXPECT_TRUE(at::equal(kernels::spmm(adjacency, kernels::Aggregate::Sum, x, weight).out,
                        at::tensor({10.F, 4.5F, 100.F}).view({3, 1})));
  EXPECT_TRUE(
      at::equal(kernels::spmm(adjacency.transposed(), kernels::Aggregate::Sum, x, weight).out,
                at::tensor({45.F, 1.F, 100.F}).view({3, 1})));
}

TEST(ViewTensors, HaveNoWeightsWhereAllAreOne) {
  const results::TemporaryFolder folder;
  graph::Store store = graph::Store::open(folder.path());
  fill(store, false);

  EXPECT_FALSE(tensors_of(graph::view_of(store)).weight.defined());
}

TEST(ViewTensors, OutliveTheViewAndTheStore) {
  for (const bool mapped : {false, true}) {
    const results::TemporaryFolder folder;
    std::optional<graph::Store> store = graph::Store::open(folder.path());
    fill(*store, true);
    if (mapped) graph::compact(*store);
    std::optional<graph::View> view = graph::view_of(*store);
    const at::Tensor target = tensors_of(*view).out_target;
    const kernels::Adjacency adjacency = adjacency_of(*view);

    view.reset();
    store.reset();
    fs::remove_all(folder.path());

    EXPECT_TRUE(at::equal(target, at::tensor({1, 1, 1, 0, 2}, at::kInt)));
    EXPECT_TRUE(at::equal(adjacency.by_row().row_ptr, at::tensor({0, 1, 4, 5}, at::kLong)));
  }
}

TEST(ViewTensors, OfAnEmptyGraphAreEmpty) {
  const results::TemporaryFolder folder;
  graph::Store store = graph::Store::open(folder.path());

  const kernels::Adjacency adjacency = adjacency_of(graph::view_of(store));

  EXPECT_EQ(adjacency.rows(), 0);
  EXPECT_EQ(adjacency.edges(), 0);
}

}  // namespace
}  // namespace saggio::models
