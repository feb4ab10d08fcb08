// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <stdexcept>
#include <string>

#include "experiments/data/labelled_graph.h"
#include "experiments/harness/backend.h"
#include "experiments/harness/gates.h"
#include "experiments/harness/module.h"
#include "graph/store/store.h"

namespace saggio::experiments {
namespace {

using harness::Context;
using harness::Values;
using results::Outcome;
using testing::HasSubstr;

const harness::ModuleEntry& module() { return harness::modules().at("node_classification"); }

Values tiny(const Values& changes = {}) {
  Values overrides = {{"data.nodes", int64_t{320}},
                      {"model.width", int64_t{8}},
                      {"model.heads", int64_t{2}},
                      {"train.steps", int64_t{60}}};
  for (const auto& [key, value] : changes) overrides[key] = value;
  return harness::resolve(module().schema, overrides);
}

Values kind(const char* name) { return tiny({{"model.kind", std::string(name)}}); }

results::Record run(const Values& config, uint64_t seed = 1) {
  Context context = Context::in_memory(seed);
  return module().run(config, context);
}

double held_out(const Values& config) { return run(config).metrics.at("heldout/accuracy"); }

// Chance is a quarter; 80 scored nodes: 0.25 + 5 standard errors is below 0.5.
TEST(NodeClassification, OfEveryKindIsBetterThanChance) {
  for (const char* name : {"gcn", "gat", "dagnn", "label_propagation"}) {
    const results::Record record = run(kind(name));

    ASSERT_EQ(record.outcome, Outcome::kFinished) << record.message;
    EXPECT_GT(record.metrics.at("heldout/accuracy"), .5) << name;
    EXPECT_TRUE(record.metrics.contains("valid/accuracy"));
    EXPECT_EQ(record.metrics.contains("heldout/nats"), std::string(name) != "label_propagation");
  }
}

// With no edges within a class, neighbours tell nothing of it to who does not look at the words.
TEST(NodeClassification, EdgesHelpWhereNeighboursAreAlike) {
  const Values mlp = kind("mlp");
  Values corrected = mlp;
  corrected["model.correct_and_smooth"] = true;
  Values without = kind("label_propagation");
  without["data.homophily"] = .25;

  EXPECT_GT(held_out(kind("gcn")), held_out(mlp));
  EXPECT_GT(held_out(corrected), held_out(mlp));
  EXPECT_LT(held_out(without), .5);
}

TEST(NodeClassification, TheSameSeedGivesTheSameRecordAndAnotherDoesNot) {
  for (const char* name : {"mlp", "gcn", "gat", "dagnn"}) {
    Values brief = kind(name);
    brief["train.steps"] = int64_t{20};
    const auto first = run(brief).metrics;

    EXPECT_EQ(run(brief).metrics, first) << name;
    EXPECT_NE(run(brief, 2).metrics, first) << name;
  }
}

TEST(NodeClassification, AnMlpDoesNotLookAtTheEdges) {
  Values other = kind("mlp");
  const double first = run(other).metrics.at("heldout/nats");
  // The words are drawn before the edges, from a stream of their own.
  other["data.homophily"] = .1;

  EXPECT_EQ(run(other).metrics.at("heldout/nats"), first);
  EXPECT_NE(run(tiny({{"data.homophily", .1}})).metrics, run(tiny()).metrics);
}

TEST(NodeClassification, EndsEarlyWhereItIsToldTo) {
  const auto epochs = [](const Values& config) {
    Context context = Context::in_memory(1);
    module().run(config, context);
    return context.ledger().total("epochs");
  };

  EXPECT_EQ(epochs(tiny({{"train.patience", int64_t{0}}})), 60);
  EXPECT_LT(epochs(tiny({{"train.patience", int64_t{1}}, {"train.lr", 1.}})), 60);
}

// A multiply-add for each word of a node, and each edge, times the width; both again on the way back.
TEST(NodeClassification, CountsItsCost) {
  Context context = Context::in_memory(1);
  module().run(tiny({{"train.patience", int64_t{0}}}), context);

  const data::LabelledGraphOptions options = {.nodes = 320};
  const data::LabelledGraph graph =
      data::make_labelled_graph(options, results::Stream(1).split("data").split("graph"));
  const auto words = static_cast<double>(graph.feature.size()),
             edges = 2 * static_cast<double>(graph.edges.size());
  const double sparse = 2 * (words * 8 + edges * 8 + edges * 4), dense = 2. * 320 * 8 * 4;
  const results::Ledger& ledger = context.ledger();
  EXPECT_EQ(ledger.total("parameters"), 200 * 8 + 8 * 4);
  EXPECT_EQ(module().count(tiny()).at("params"), ledger.total("parameters"));
  EXPECT_EQ(ledger.total("train_flops"), 60 * (2 * sparse + 3 * dense));
  EXPECT_EQ(ledger.total("eval_flops"), 61 * (sparse + dense));
  EXPECT_TRUE(ledger.uncounted.empty()) << ledger.uncounted.begin()->first;
}

TEST(NodeClassification, TellsItsGraphWhatItSaidOfWhom) {
  Context context = Context::in_memory(1);
  const auto metrics = module().run(tiny(), context).metrics;

  const graph::History& history = context.graph().history();
  std::map<graph::NodeKind, size_t> count;
  size_t right = 0;
  for (const graph::NodeId id : history.nodes()) {
    const graph::Node node = history.node(id).value();
    ++count[node.kind];
    if (node.kind != graph::NodeKind::Claim) continue;
    right += node.attributes.status == graph::Status::Supported;
    EXPECT_THAT(node.attributes.text, HasSubstr("class "));
    EXPECT_GE(node.attributes.confidence.probability, .25F);
    EXPECT_LE(node.attributes.confidence.probability, 1.F);
    EXPECT_TRUE(history.find_node("node" + node.key.substr(sizeof "class of" - 1)));
    EXPECT_EQ(history.out(id).size(), 1U);
  }
  EXPECT_EQ(count[graph::NodeKind::Document], 320U);
  EXPECT_EQ(count[graph::NodeKind::Claim], 160U);
  EXPECT_GT(count[graph::NodeKind::Evidence], 20U);
  EXPECT_LE(count[graph::NodeKind::Evidence], 80U);
  EXPECT_DOUBLE_EQ(static_cast<double>(right) / 160, metrics.at("heldout/accuracy"));
}

TEST(NodeClassification, SaysWhatCannotBe) {
  EXPECT_THROW(run(tiny({{"model.kind", std::string("label_propagation")},
                         {"model.correct_and_smooth", true}})),
               std::invalid_argument);
  EXPECT_THROW(run(tiny({{"data.kind", std::string("files")}})), std::invalid_argument);
  EXPECT_THROW(run(tiny({{"data.edges", std::string("x")}})), std::invalid_argument);
}

TEST(NodeClassification, ALossThatIsNoNumberIsAResult) {
  const results::Record record = run(tiny({{"train.optimizer", std::string("sgd")},
                                           {"train.lr", 10.},
                                           {"train.l2", 10.},
                                           {"train.patience", int64_t{0}},
                                           {"train.steps", int64_t{300}}}));

  EXPECT_EQ(record.outcome, Outcome::kDiverged);
  EXPECT_THAT(record.message, testing::MatchesRegex("step [0-9]+: loss .*, gradient norm .*"));
}

TEST(NodeClassification, PassesTheGates) {
  for (const char* name : {"gcn", "gat"}) {
    Values brief = kind(name);
    brief["train.steps"] = int64_t{30};
    for (const harness::GateResult& gate : harness::check_module(module(), brief))
      EXPECT_NE(gate.status, harness::GateResult::Status::kFailed)
          << name << " " << gate.gate << ": " << gate.message;
  }
}

TEST(NodeClassification, SaysWhichDeviceIsMissing) {
  auto backend = std::make_unique<Context::Backend>();
  backend->spec.device = "cuda";
  Context context(std::move(backend));

  EXPECT_THROW(module().run(tiny(), context), harness::DeviceMissing);
}

}  // namespace
}  // namespace saggio::experiments
