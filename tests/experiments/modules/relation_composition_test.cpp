// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <map>

#include "experiments/harness/backend.h"
#include "experiments/harness/gates.h"
#include "experiments/harness/module.h"
#include "graph/store/store.h"
#include "results/statistics/statistics.h"

namespace saggio::experiments {
namespace {

using harness::Context;
using harness::Values;

const harness::ModuleEntry& module() { return harness::modules().at("relation_composition"); }

// A config that takes a moment: 100 stories of each length, lengths 2 to 5 asked.
Values tiny(const std::string& solver, const Values& changes = {}) {
  Values overrides = {{"solver", solver},
                      {"data.train_stories", int64_t{100}},
                      {"data.heldout_stories", int64_t{20}},
                      {"data.longest", int64_t{5}},
                      {"data.valid", .1},
                      {"soft.hidden", int64_t{16}},
                      {"bellman_ford.width", int64_t{16}},
                      {"edge_attention.width", int64_t{16}},
                      {"edge_tokens.width", int64_t{16}},
                      {"batch", int64_t{16}},
                      {"train.steps", int64_t{8}},
                      {"train.warmup", int64_t{2}}};
  for (const auto& [key, value] : changes) overrides[key] = value;
  return harness::resolve(module().schema, overrides);
}

const std::vector<std::string> kSolvers = {
    "soft", "bellman_ford", "edge_attention", "edge_tokens", "symbolic", "last_edge", "majority"};

TEST(RelationComposition, EverySolverReportsEachLengthWithItsIntervalAndCountsItsCost) {
  for (const std::string& solver : kSolvers) {
    Context context = Context::in_memory(1);
    const results::Record record = module().run(tiny(solver), context);

    ASSERT_EQ(record.outcome, results::Outcome::kFinished) << solver << record.message;
    const auto& m = record.metrics;
    for (const char* k : {"k02", "k03", "k04", "k05"}) {
      const double share = m.at(std::string("heldout/accuracy_") + k);
      const results::Interval known =
          results::wilson_interval(static_cast<int64_t>(share * 20 + .5), 20, .95);
      EXPECT_DOUBLE_EQ(m.at(std::string("heldout/wilson_low_") + k), known.low) << solver;
      EXPECT_DOUBLE_EQ(m.at(std::string("heldout/wilson_high_") + k), known.high) << solver;
    }
    EXPECT_EQ(m.at("heldout/accuracy"), m.at("heldout/accuracy_k05"));  // beyond training: only it
    EXPECT_EQ(m.at("heldout/lowest_accuracy"), m.at("heldout/accuracy_k05"));
    EXPECT_TRUE(m.contains("valid/accuracy"));
    const results::Ledger& ledger = context.ledger();
    EXPECT_EQ(ledger.total("parameters"), module().count(tiny(solver)).at("params")) << solver;
    const bool is_learned = ledger.total("parameters") > 0;
    EXPECT_EQ(ledger.total("train_flops") > 0, is_learned) << solver;
    EXPECT_TRUE(ledger.uncounted.empty()) << solver << " " << ledger.uncounted.begin()->first;
  }
}

TEST(RelationComposition, TheSameSeedGivesTheSameRecord) {
  for (const std::string solver : {"soft", "edge_tokens", "symbolic"}) {
    Context one = Context::in_memory(3), two = Context::in_memory(3);
    EXPECT_EQ(module().run(tiny(solver), one).metrics, module().run(tiny(solver), two).metrics)
        << solver;
  }
}

TEST(RelationComposition, TheCountedTableAnswersWhatGuessesDoNot) {
  const auto accuracy = [](const std::string& solver) {
    Context context = Context::in_memory(1);
    const Values config = tiny(solver, {{"data.train_stories", int64_t{1000}}});
    return module().run(config, context).metrics.at("heldout/accuracy");
  };
  const double symbolic = accuracy("symbolic"), last = accuracy("last_edge");

  EXPECT_GE(symbolic, .9);
  EXPECT_GE(symbolic, last + .2);
  EXPECT_GE(last, accuracy("majority"));
}

// What the node has edges of a type from.
std::vector<graph::Node> sources(graph::Store& store, graph::NodeId id, const std::string& type) {
  std::vector<graph::Node> nodes;
  for (const graph::EdgeId edge : store.history().in(id)) {
    const graph::Edge row = store.history().edge(edge).value();
    if (row.type == store.type(type)) nodes.push_back(store.history().node(row.source).value());
  }
  return nodes;
}

void expect_to_be_a_derivation(graph::Store& store, const graph::Node& claim) {
  const auto steps = sources(store, claim.id, "derives");
  ASSERT_EQ(steps.size(), 1U) << claim.key;
  EXPECT_EQ(steps[0].kind, graph::NodeKind::Step);
  const auto premises = sources(store, steps[0].id, "derives");
  ASSERT_EQ(premises.size(), 2U) << steps[0].key;
  for (const graph::Node& premise : premises)
    EXPECT_TRUE(premise.kind == graph::NodeKind::Evidence ||
                premise.kind == graph::NodeKind::Claim);
  EXPECT_TRUE(steps[0].attributes.text.ends_with(": " + claim.attributes.text));
  EXPECT_GT(claim.attributes.confidence.probability, 0);
  EXPECT_LE(claim.attributes.confidence.probability, 1);
}

TEST(RelationComposition, TellsHowAnswersCameAboutAndWhatWasWrong) {
  for (const std::string solver : {"soft", "symbolic", "edge_tokens"}) {
    Context context = Context::in_memory(1);
    const Values config = tiny(solver, {{"told", int64_t{20}}});  // all of them
    const auto metrics = module().run(config, context).metrics;

    graph::Store& store = context.graph();
    EXPECT_FALSE(store.has_pending());
    const graph::History& history = store.history();
    std::map<graph::NodeKind, size_t> kinds;
    size_t right = 0, supported = 0;
    for (const graph::NodeId id : history.nodes()) {
      const graph::Node node = history.node(id).value();
      ++kinds[node.kind];
      if (node.kind == graph::NodeKind::Claim) expect_to_be_a_derivation(store, node);
      if (!node.key.starts_with("said ")) continue;
      const bool is_right = node.attributes.status == graph::Status::Supported;
      right += is_right;
      EXPECT_EQ(history.find_node("truth " + node.key.substr(5)).has_value(), !is_right);
      EXPECT_EQ(sources(store, id, "contradicts").size(), is_right ? 0U : 1U);
      supported += sources(store, id, "supports").size();
    }
    double share = 0;
    for (const char* k : {"k02", "k03", "k04", "k05"})
      share += metrics.at(std::string("heldout/accuracy_") + k) / 4;
    EXPECT_EQ(kinds[graph::NodeKind::Question], 80U) << solver;
    EXPECT_NEAR(static_cast<double>(right) / 80, share, 1e-12) << solver;
    EXPECT_EQ(kinds[graph::NodeKind::Step], kinds[graph::NodeKind::Claim]);
    EXPECT_EQ(kinds[graph::NodeKind::Step] > 0, solver != "edge_tokens") << solver;
    EXPECT_EQ(supported > 0, solver != "edge_tokens") << solver;
  }
}

TEST(RelationComposition, AsksForAnArchiveOfClutrr) {
  Context context = Context::in_memory(1);
  const Values config = harness::resolve(module().schema, {{"data.kind", std::string("clutrr")}});
  EXPECT_THROW(module().run(config, context), std::invalid_argument);  // no archive
}

TEST(RelationComposition, WhatLearnsPassesTheGatesThatItsProbeIsFor) {
  for (const char* solver : {"soft", "bellman_ford", "edge_attention", "edge_tokens"}) {
    Context context = Context::in_memory(1);
    const harness::Probe probe = module().probe(tiny(solver), context);
    const std::vector<harness::ProbeParameter> parameters = probe.step();
    for (const harness::GateResult& result : {harness::check_gradient_coverage(parameters),
                                              harness::check_counts(parameters, probe.claimed),
                                              harness::check_parity(probe.paths)})
      EXPECT_EQ(result.status, harness::GateResult::Status::kPassed)
          << solver << ": " << result.gate << ": " << result.message;
  }
}

TEST(RelationComposition, ShuffledAnswersTeachNothing) {
  Context context = Context::in_memory(1);
  const harness::Probe probe =
      module().probe(tiny("soft", {{"train.steps", int64_t{12}}}), context);

  const harness::GateResult result = harness::check_label_shuffle(probe.labels);
  EXPECT_EQ(result.status, harness::GateResult::Status::kPassed) << result.message;
}

}  // namespace
}  // namespace saggio::experiments
