// SPDX-License-Identifier: MIT
#include "experiments/harness/context.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "experiments/harness/backend.h"
#include "graph/store/store.h"
#include "tests/results/store/temporary_folder.h"

namespace saggio::harness {
namespace {

using graph::NodeKind;

// A run directory that attempts at one run share.
struct RunOnDisk {
  results::TemporaryFolder folder;
  results::RunDir dir{folder / "run"};
  RunSpec spec;
  RunOnDisk() {
    spec.id = "the run";
    dir.create({{"id", "the run"}});
  }
  Context attempt() const { return Context(open_backend(dir, spec)); }
  std::string graph() const { return folder / "run" / "graph"; }
};

void think(Context& context, const std::string& key) {
  context.graph().add_node(NodeKind::Step, {}, key);
  context.graph().commit(graph::Durability::Visible);
}

void save(Context& context, int64_t step) {
  context.save(step, [](const std::filesystem::path&) {});
}

TEST(ContextGraph, GoesOnFromTheCheckpointAndEndsAsIfNeverInterrupted) {
  const RunOnDisk whole, parts;
  {
    Context context = whole.attempt();
    for (const char* key : {"a", "b", "c"}) think(context, key);
  }
  {
    Context context = parts.attempt();
    think(context, "a");
    save(context, 1);
    think(context, "b");
    think(context, "something that only this attempt thinks");
  }
  {
    Context context = parts.attempt();
    save(context, 2);  // without a word to the graph
  }
  {
    Context context = parts.attempt();
    EXPECT_EQ(context.graph().history().head(), 1u);
    think(context, "b");
    think(context, "c");
  }

  EXPECT_EQ(graph::content_hash(parts.graph()), graph::content_hash(whole.graph()));
  EXPECT_EQ(graph::Reader::open(parts.graph()).identity().uuid,
            graph::Reader::open(whole.graph()).identity().uuid);
}

TEST(ContextGraph, WithoutACheckpointBeginsAgain) {
  const RunOnDisk run;
  {
    Context context = run.attempt();
    think(context, "a");
  }
  Context context = run.attempt();

  EXPECT_EQ(context.graph().history().head(), 0u);
  EXPECT_FALSE(context.graph().history().find_node("a"));
}

TEST(ContextGraph, RefusesACheckpointOfWhatIsPending) {
  const RunOnDisk run;
  Context context = run.attempt();
  context.graph().add_node(NodeKind::Step, {}, "a");

  EXPECT_THROW(save(context, 1), std::logic_error);
  context.graph().commit();
  EXPECT_NO_THROW(save(context, 1));
}

TEST(ContextGraph, OfAContextInMemoryIsGoneWithIt) {
  std::filesystem::path folder;
  {
    Context context = Context::in_memory(1);
    think(context, "a");
    folder = context.artefact("graph");
    EXPECT_TRUE(std::filesystem::exists(folder / "store.id"));
  }
  EXPECT_FALSE(std::filesystem::exists(folder));
}

TEST(ContentHash, IsOfWhatWasSaidNotOfWhenAndHow) {
  const results::TemporaryFolder folder;
  const auto told = [&](const std::string& name, const std::string& last) {
    graph::StoreOptions options;
    options.clock = [n = graph::TimeUs(name.size())]() mutable { return n += 5; };
    graph::Store store = graph::Store::open(folder / name, options);
    store.add_node(NodeKind::Claim, {.text = "It rained."});
    store.commit(name.size() % 2 ? graph::Durability::Visible : graph::Durability::Durable);
    store.add_node(NodeKind::Claim, {.text = last});
    store.commit();
    return graph::content_hash(folder / name);
  };

  EXPECT_EQ(told("a", "It did."), told("bc", "It did."));
  EXPECT_NE(told("d", "It did."), told("ef", "It did not."));
}

}  // namespace
}  // namespace saggio::harness
