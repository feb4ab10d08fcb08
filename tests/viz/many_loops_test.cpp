// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "tests/results/store/temporary_folder.h"
#include "viz/session.h"

namespace saggio::viz {
namespace {

// A million edges that say nothing about where their node should be.
TEST(Session, AMillionSelfLoopsAreAPicture) {
  const results::TemporaryFolder temporary;
  const std::string folder = (temporary / "store").string();
  {
    graph::Store store = graph::Store::open(folder);
    const graph::NodeId node = store.add_node(graph::NodeKind::Claim, {.text = "again"});
    store.add_node(graph::NodeKind::Claim, {.text = "and once"});
    const std::vector<graph::NodeId> ends(1'000'000, node);
    store.add_edges(store.type("repeats"), ends, ends);
    store.commit(graph::Durability::Visible);
  }
  Font font = Font::standard(14);
  for (const std::string& name : layout_names()) {
    Session session(folder, {800, 600});
    session.perform({Layout{name}});
    session.perform({Fit{}});
    const RenderPlan plan = session.plan(font);

    EXPECT_EQ(session.marks().edges_shown, 1'000'000u) << name;
    EXPECT_EQ(plan.balls.size(), 2u) << name;
  }
}

}  // namespace
}  // namespace saggio::viz
