// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "tests/graph/query/random_store.h"
#include "tests/viz/casts.h"
#include "viz/vulkan/renderer.h"

// Graphs of odd sizes, from the store to the picture.
namespace saggio::viz {
namespace {

constexpr Viewport kPicture{320, 180};

Cast cast_of_store(const graph::Store& store) {
  Scene scene;
  scene.follow(store.history());
  scene.show({.version = scene.head()});
  const graph::View view = graph::View::build(store.history(), scene.as_of());
  const graph::TextOf text_of = [](const graph::Attributes& a) { return a.text; };
  const Marks marks = marks_of({}, scene, {view, store.history(), text_of});
  const Looks looks = looks_of(scene, {}, [](Slot) { return "run"; });
  const Positions positions = on_a_sphere(scene.node_slots());
  return viz::cast_of({}, {scene, positions, marks, looks}, 0.05f);
}

Frame drawn(const Cast& cast) {
  static vulkan::Renderer renderer({.device = "software", .validate = true});
  return renderer.draw(plan_of(cast, kPicture), {});
}

graph::Store store_of(graph::SimulatedFiles& files) {
  return graph::Store::open("s", {.uuid = graph::Uuid{}, .files = &files});
}

TEST(Sizes, NoNodesOneNodeAndTwoInOnePlaceAreDrawn) {
  for (const int nodes : {0, 1, 2}) {
    graph::SimulatedFiles files;
    graph::Store store = store_of(files);
    for (int i = 0; i < nodes; ++i)
      store.add_node(graph::NodeKind::Claim, {}, "n" + std::to_string(i));
    store.commit();
    Cast cast = cast_of_store(store);
    for (Ball& ball : cast.balls) ball.x = ball.y = ball.z = 0;
    const Frame frame = drawn(cast);
    EXPECT_EQ(std::count(frame.ids.begin(), frame.ids.end(), 0u) < 320 * 180, nodes > 0);
  }
}

TEST(Sizes, AMillionLoopsAtOneNodeAreACrowdWithoutLength) {
  graph::SimulatedFiles files;
  graph::Store store = store_of(files);
  const auto node = store.add_node(graph::NodeKind::Claim, {}, "n");
  const auto type = store.type("supports");
  for (int i = 0; i < 1'000'000; ++i) store.add_edge(node, type, node);
  store.commit();
  const Cast cast = cast_of_store(store);
  EXPECT_EQ(cast.balls.size(), 1u);
  EXPECT_TRUE(cast.lines.empty());
  EXPECT_EQ(cast.landmarks.at(0).degree, 2'000'000u);
  EXPECT_NE(drawn(cast).pick(160, 90, 90), 0u);
}

TEST(Sizes, ThousandsOfEdgesBetweenTwoNodesAreACrowdOfThreads) {
  graph::SimulatedFiles files;
  graph::Store store = store_of(files);
  const auto a = store.add_node(graph::NodeKind::Claim, {}, "a");
  const auto b = store.add_node(graph::NodeKind::Claim, {}, "b");
  for (int i = 0; i < 3'000; ++i) {
    store.add_edge(a, store.type("supports"), b);
    store.add_edge(b, store.type("contradicts"), a);
  }
  store.commit();
  const Cast cast = cast_of_store(store);
  ASSERT_TRUE(cast.crowd);
  EXPECT_EQ(cast.crowd->threads.size(), 6'000u);
  EXPECT_NE(cast.crowd->hues[0], cast.crowd->hues[1]);
  EXPECT_NE(drawn(cast).pick(160, 90, 90), 0u);
}

}  // namespace
}  // namespace saggio::viz
