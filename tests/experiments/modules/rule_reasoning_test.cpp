// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "experiments/harness/backend.h"
#include "experiments/harness/module.h"
#include "graph/reasoning/support.h"
#include "graph/store/store.h"
#include "graph/view/view.h"
#include "results/statistics/statistics.h"

namespace saggio::experiments {
namespace {

using harness::Context;
using harness::Values;

const harness::ModuleEntry& module() { return harness::modules().at("rule_reasoning"); }

Values tiny(const std::string& solver) {
  return harness::resolve(module().schema,
                          {{"solver", solver},
                           {"data.problems", int64_t{20}},
                           {"data.longest", int64_t{4}},
                           {"told", int64_t{25}}});
}

TEST(RuleReasoning, ForwardChainingSolvesWhatIsGeneratedWithProofsThatStand) {
  Context context = Context::in_memory(1);
  const auto m = module().run(tiny("forward"), context).metrics;

  EXPECT_EQ(m.at("heldout/problems"), 80);
  EXPECT_EQ(m.at("heldout/accuracy"), 1);
  EXPECT_EQ(m.at("heldout/accuracy_h04"), 1);
  EXPECT_EQ(m.at("heldout/proofs_that_stand"), 1);
  EXPECT_EQ(m.at("heldout/proofs_as_published"), 1);
  EXPECT_EQ(m.at("heldout/checked_steps"), 20 * (2 + 3 + 4 + 5));  // the fact, and one a rule
  EXPECT_EQ(m.at("heldout/accuracy_wilson_low"), results::wilson_interval(80, 80, .95).low);
}

TEST(RuleReasoning, OneStepSolvesWhatNeedsOneAndGuessesTheRest) {
  Context one = Context::in_memory(1), guess = Context::in_memory(1);
  const auto m = module().run(tiny("one_hop"), one).metrics,
             majority = module().run(tiny("majority"), guess).metrics;

  EXPECT_EQ(m.at("heldout/accuracy_h01"), 1);
  EXPECT_LT(m.at("heldout/accuracy_h03"), 1);
  EXPECT_GE(m.at("heldout/accuracy"), majority.at("heldout/accuracy"));
  EXPECT_GE(majority.at("heldout/accuracy"), .5);
  EXPECT_FALSE(m.contains("heldout/proofs_that_stand"));
}

TEST(RuleReasoning, LeavesItsProofsBehindAndTheyHoldTheAnswersUp) {
  Context context = Context::in_memory(1);
  module().run(tiny("forward"), context);

  const graph::History& history = context.graph().history();
  const graph::SupportGraph support = graph::support_graph(history);
  const std::vector<uint8_t> live = graph::live_support(support);
  const graph::View view = graph::View::build(history);
  std::map<graph::NodeKind, size_t> kinds;
  for (const graph::NodeId id : history.nodes()) {
    const graph::NodeKind kind = history.node(id)->kind;
    ++kinds[kind];
    if (kind != graph::NodeKind::Answer) continue;
    EXPECT_TRUE(live[static_cast<size_t>(view.find(id).value())]) << history.node(id)->key;
  }
  EXPECT_EQ(kinds[graph::NodeKind::Question], 25U);
  EXPECT_EQ(kinds[graph::NodeKind::Answer], 25U);
  EXPECT_EQ(kinds[graph::NodeKind::Step], 20U * 1 + 5 * 2);  // twenty of one rule, five of two
  EXPECT_EQ(kinds[graph::NodeKind::Evidence], 25U);
}

TEST(RuleReasoning, AGuessIsToldAsOne) {
  Context context = Context::in_memory(1);
  const auto metrics = module().run(tiny("majority"), context).metrics;

  const graph::History& history = context.graph().history();
  size_t refuted = 0;
  for (const graph::NodeId id : history.nodes()) {
    const graph::Node node = history.node(id).value();
    EXPECT_NE(node.kind, graph::NodeKind::Step);
    if (!node.key.starts_with("said ")) continue;
    const bool is_wrong = node.attributes.status == graph::Status::Refuted;
    refuted += is_wrong;
    ASSERT_EQ(history.in(id).size(), is_wrong ? 1U : 0U);  // the truth contradicts it
    if (!is_wrong) continue;
    const graph::Edge edge = history.edge(history.in(id)[0]).value();
    EXPECT_EQ(edge.source, history.find_node("truth " + node.key.substr(5)));
  }
  EXPECT_GT(refuted, 0U);
  EXPECT_LT(refuted, 25U);
}

TEST(RuleReasoning, ReadsPublishedProblemsFromAFile) {
  Context context = Context::in_memory(1);
  const std::filesystem::path file = context.artefact("problems.json");
  std::ofstream(file) << R"([{"id": "P", "context": "Each yumpus is not shy. Max is a yumpus.",
    "question": "Is the following statement true or false? Max is shy.", "answer": "B",
    "explanation": ["Max is a yumpus.", "Each yumpus is not shy.", "Max is not shy."]}])";
  const auto config = [&](const std::string& kind, const std::string& path) {
    return harness::resolve(module().schema, {{"data.kind", kind}, {"data.path", path}});
  };

  const auto m = module().run(config("prontoqa", file.string()), context).metrics;

  EXPECT_EQ(m.at("heldout/problems"), 1);
  EXPECT_EQ(m.at("heldout/accuracy_h01"), 1);
  Context other = Context::in_memory(1);
  EXPECT_THROW(module().run(config("prosqa", file.string()), other), std::invalid_argument);
  EXPECT_THROW(module().run(config("prosqa", ""), other), std::invalid_argument);
  EXPECT_THROW(module().run(config("prosqa", file.string() + "x"), other), std::runtime_error);
}

}  // namespace
}  // namespace saggio::experiments
