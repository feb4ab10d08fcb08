// SPDX-License-Identifier: MIT
// What holds for all algorithms: on a View of a store, and on one that was mapped and is damaged.
#include <gtest/gtest.h>

#include "graph/algorithms/bfs.h"
#include "graph/algorithms/components.h"
#include "graph/algorithms/dominators.h"
#include "graph/algorithms/k_core.h"
#include "graph/algorithms/page_rank.h"
#include "graph/algorithms/shortest_path.h"
#include "graph/algorithms/structure.h"
#include "graph/view/segment.h"
#include "tests/graph/algorithms/edge_list.h"
#include "tests/graph/store/random_history.h"
#include "tests/graph/store/simulated_files.h"

namespace saggio::graph {
namespace {

const std::vector<NodeIndex> kZero{0};

const std::vector<std::pair<std::string, std::function<void(const View&)>>> kWholeViewAlgorithms{
    {"bfs_depths", [](const View& view) { bfs_depths(view, kZero); }},
    {"bfs_parents", [](const View& view) { bfs_parents(view, kZero); }},
    {"page_rank", [](const View& view) { page_rank(view); }},
    {"fast_page_rank", [](const View& view) { fast_page_rank(view); }},
    {"weak_components", [](const View& view) { weak_components(view); }},
    {"core_numbers", [](const View& view) { core_numbers(view); }},
    {"shortest_path", [](const View& view) { shortest_path(view, 0, 1); }},
    {"all_shortest_paths", [](const View& view) { all_shortest_paths(view, 0, 1, 1); }},
    {"strong_components", [](const View& view) { strong_components(view); }},
    {"topological_order", [](const View& view) { topological_order(view); }},
    {"immediate_dominators", [](const View& view) { immediate_dominators(view, 0); }},
};

TEST(GraphAlgorithms, ADamagedSegmentIsReportedBeforeItIsFollowed) {
  SimulatedFiles files;
  Store store = Store::open("s", small_options(files));
  for (int i = 0; i < 3; ++i) store.add_node(NodeKind::Claim, {});
  store.add_edges(store.type("t"), std::vector<NodeId>{0, 1}, std::vector<NodeId>{1, 2});
  store.commit();
  compact(store);
  const std::string sound = files.disk["s/segments/1.seg"];
  const View view = view_of(Reader::open("s", &files));
  const auto at = reinterpret_cast<uintptr_t>(view.arrays().in_source.data()) -
                  reinterpret_cast<uintptr_t>(view.arrays().node_ids.data());
  const size_t begin =
      sound.find(std::string(reinterpret_cast<const char*>(view.arrays().node_ids.data()),
                             view.arrays().node_ids.size_bytes()));
  ASSERT_NE(begin, std::string::npos);
  std::string& content = files.disk["s/segments/1.seg"];
  content[begin + at] = static_cast<char>(content[begin + at] ^ 64);

  for (const auto& [name, run] : kWholeViewAlgorithms) {
    EXPECT_THROW(run(view_of(Reader::open("s", &files))), Damage) << name;
  }

  content = sound;
  for (const auto& [name, run] : kWholeViewAlgorithms)
    EXPECT_NO_THROW(run(view_of(Reader::open("s", &files)))) << name;
}

// What a path names can be looked up in the store.
TEST(GraphAlgorithms, EdgesOfAPathAreEdgesOfTheStore) {
  SimulatedFiles files;
  Store store = Store::open("s", small_options(files));
  for (int i = 0; i < 4; ++i) store.add_node(NodeKind::Claim, {});
  const TypeId supports = store.type("supports");
  store.add_edge(2, supports, 3, {.weight = 2});
  store.add_edge(0, supports, 1);
  const EdgeId second = store.add_edge(3, supports, 1, {.weight = 3});
  const EdgeId first = store.add_edge(0, supports, 3);
  store.retire_edge(1);
  store.commit();
  const View view = View::build(store.history());

  const auto path = shortest_path(view, *view.find(0), *view.find(1));

  ASSERT_EQ(path.value().size(), 2u);
  EXPECT_EQ(view.edge_id((*path)[0]), first);
  EXPECT_EQ(view.edge_id((*path)[1]), second);
}

TEST(GraphAlgorithms, TheWeightsOfAViewServeAsLengthsAndWeights) {
  SimulatedFiles files;
  Store store = Store::open("s", small_options(files));
  for (int i = 0; i < 3; ++i) store.add_node(NodeKind::Claim, {});
  const TypeId type = store.type("t");
  store.add_edge(0, type, 2, {.weight = 5});
  store.add_edge(0, type, 1, {.weight = 2});
  store.add_edge(1, type, 2, {.weight = 2});
  store.commit();
  const View view = View::build(store.history());
  const auto weights = view.arrays().edge_weights;

  EXPECT_EQ(shortest_path(view, 0, 2, {.lengths = weights})->size(), 2u);
  EXPECT_NE(page_rank(view, {.weights = weights}).ranks, page_rank(view).ranks);
}

}  // namespace
}  // namespace saggio::graph
