// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "experiments/harness/gates.h"
#include "experiments/harness/module.h"
#include "graph/store/store.h"
#include "tests/results/store/temporary_folder.h"

namespace saggio::experiments {
namespace {

using harness::Context;
using harness::Values;
using testing::HasSubstr;

const harness::ModuleEntry& module() { return harness::modules().at("link_prediction"); }

// A world where "next" leads once around a ring of people and "before" back again; the held-out
// facts' inverses are known.
class Ring : public testing::Test {
 protected:
  static constexpr int kPeople = 20;

  Ring() {
    std::ofstream train(folder_ / "train.txt"), valid(folder_ / "valid.txt"),
        test(folder_ / "test.txt");
    for (int i = 0; i < kPeople; ++i) {
      const std::string one = "p" + std::to_string(i),
                        two = "p" + std::to_string((i + 1) % kPeople);
      (i % 5 == 4 ? test : train) << one << "\tnext\t" << two << "\n";
      (i % 5 == 2 ? valid : train) << two << "\tbefore\t" << one << "\n";
    }
  }

  std::string file(const std::string& part) const { return (folder_ / (part + ".txt")).string(); }

  Values config(const std::string& model, const Values& changes = {}) const {
    Values overrides = {{"model", model},
                        {"data.train", file("train")},
                        {"data.valid", file("valid")},
                        {"data.test", file("test")},
                        {"embedding.width", int64_t{16}},
                        {"train.batch", int64_t{16}},
                        {"train.epochs", int64_t{60}}};
    for (const auto& [key, value] : changes) overrides[key] = value;
    return harness::resolve(module().schema, overrides);
  }
  std::map<std::string, double> run(const std::string& model, const Values& changes = {}) const {
    Context context = Context::in_memory(1);
    const results::Record record = module().run(config(model, changes), context);
    EXPECT_EQ(record.outcome, results::Outcome::kFinished) << record.message;
    return record.metrics;
  }
  // What stands in the place of the ring.
  void write(const std::string& train, const std::string& test) const {
    std::ofstream(folder_ / "train.txt") << train;
    std::ofstream(folder_ / "valid.txt");
    std::ofstream(folder_ / "test.txt") << test;
  }
  // A line for each fact asked about, as the run leaves them.
  std::vector<std::string> ranks(const std::string& model, const Values& changes = {}) const {
    Context context = Context::in_memory(1);
    module().run(config(model, changes), context);
    std::ifstream file(context.artefact("ranks.tsv"));
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
  }
  // The score of every candidate, by its name, as an answer to (head, relation, ?) ("tail") or to
  // (?, relation, tail) ("head") of the one test fact.
  std::map<std::string, double> scores(const std::string& model, const std::string& asked) const {
    Context context = Context::in_memory(1);
    module().run(config(model, {{"graph.answers", int64_t{1000}}}), context);
    const graph::History& history = context.graph().history();
    std::map<std::string, double> found;
    for (const graph::NodeId node : history.nodes())
      for (const graph::EdgeId id : history.out(node)) {
        const graph::Edge edge = history.edge(id).value();
        if (edge.attributes.qualifiers.empty() || edge.attributes.qualifiers[0].second != asked)
          continue;
        const graph::NodeId answer = asked == "tail" ? edge.target : edge.source;
        found[history.node(answer).value().attributes.text] = edge.attributes.confidence.logit;
      }
    return found;
  }
  std::string complaint(const std::string& model, const Values& changes) const {
    try {
      run(model, changes);
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "no error";
  }

  results::TemporaryFolder folder_;
};

// n candidates that are all equal: the truth stands in the middle, (n + 1) / 2. A question has all
// people as candidates but those that another fact names, and here none does.
TEST_F(Ring, AConstantScorersMeanRankIsThatOfChance) {
  const auto metrics = run("constant");

  EXPECT_DOUBLE_EQ(metrics.at("test/mean_rank"), (kPeople + 1) / 2.);
  EXPECT_DOUBLE_EQ(metrics.at("test/mrr"), 2. / (kPeople + 1));
  EXPECT_EQ(metrics.at("test/hits_at_10"), 0);
  EXPECT_DOUBLE_EQ(run("constant", {{"eval.ties", std::string("worst")}}).at("test/mean_rank"),
                   kPeople);
}

TEST_F(Ring, RulesOfOneHopReadAHeldOutFactOffItsInverse) {
  const auto metrics = run("one_hop_rules");

  EXPECT_EQ(metrics.at("test/mrr"), 1);
  EXPECT_EQ(metrics.at("test/hits_at_1"), 1);
}

TEST_F(Ring, EmbeddingsLearnTheInverseToo) {
  for (const char* model : {"transe", "distmult", "complex", "rotate"})
    EXPECT_GT(run(model).at("test/mrr"), 2 * 2. / (kPeople + 1)) << model;  // twice chance
}

using Scores = std::map<std::string, double>;

TEST_F(Ring, AFrequencyIsThatOfTheRelationsTailsOrHeads) {
  write("a\tr\tb\nc\tr\tb\na\tr\td\na\ts\td\n", "d\tr\tb\n");

  EXPECT_EQ(scores("relation_frequency", "tail"), (Scores{{"a", 0}, {"b", 2}, {"c", 0}, {"d", 1}}));
  // a and c are known to have b, so they are no candidates
  EXPECT_EQ(scores("relation_frequency", "head"), (Scores{{"b", 0}, {"d", 0}}));
}

TEST_F(Ring, ConfidenceIsTheShareOfPremisesThatTheConclusionFollows) {
  write("a\tr\tb\nc\tr\tb\na\ts\tb\na\ts\tc\n", "a\tr\tc\n");

  // s(a, b) and s(a, c) speak for r; of the two s one is an r
  EXPECT_EQ(scores("one_hop_rules", "tail"), (Scores{{"a", 0}, {"c", .5}}));  // r(a, b) is known
  EXPECT_EQ(scores("one_hop_rules", "head"), (Scores{{"a", .5}, {"b", 0}, {"c", 0}}));
}

// r(a, b) and r(a, c) are both asked about: neither counts against the other, nor does what is known.
TEST_F(Ring, OtherAnswersDoNotCountWhateverTheBatch) {
  write("a\tr\td\nb\ts\td\nb\ts\tc\nb\tr\tc\n", "a\tr\tb\na\tr\tc\n");
  // As tails of r: c 1, d 1; beside the truth only a is left. As heads: a 1, b 1; b is known to
  // have c.
  const std::vector<std::string> expected = {"a\tr\tb\t1.5\t1.5", "a\tr\tc\t1\t1"};

  for (const int64_t batch : {1, 2, 64})
    EXPECT_EQ(ranks("relation_frequency", {{"eval.batch", batch}}), expected) << batch;
}

TEST_F(Ring, ValidMayCountAsWrong) {
  write("a\tr\td\nb\tr\tc\ne\tr\tc\n", "a\tr\tb\n");
  std::ofstream(folder_ / "valid.txt") << "a\tr\tc\n";

  // as tails of r: c 2, d 1 (known), a, b, e 0; as heads: a, b, e 1
  EXPECT_EQ(ranks("relation_frequency")[0].substr(6), "2\t2");
  EXPECT_EQ(
      ranks("relation_frequency", {{"data.filter", std::string("train_and_test")}})[0].substr(6),
      "3\t2");
}

TEST_F(Ring, AsksAboutEvenlySpacedFacts) {
  EXPECT_EQ(ranks("constant").size(), size_t{kPeople / 5});
  const auto two = ranks("constant", {{"eval.facts", int64_t{2}}});

  ASSERT_EQ(two.size(), 2u);
  EXPECT_THAT(two[0], testing::StartsWith("p4\tnext"));
  EXPECT_THAT(two[1], testing::StartsWith("p14\tnext"));
}

TEST_F(Ring, SameSeedSameRanks) { EXPECT_EQ(run("complex"), run("complex")); }

TEST_F(Ring, FactsThatWereSeenBeforeAreCounted) {
  EXPECT_FALSE(run("constant").contains("leakage/facts"));
  EXPECT_EQ(run("constant", {{"data.seen.first", file("train")}}).at("leakage/facts"), 0);
  const auto metrics =
      run("constant", {{"data.seen.first", file("train")}, {"data.seen.third", file("test")}});
  EXPECT_EQ(metrics.at("leakage/facts"), kPeople / 5);
  EXPECT_EQ(metrics.at("leakage/share"), 1);
}

TEST_F(Ring, LeavesItsFactsAndPredictionsBehind) {
  Context context = Context::in_memory(1);
  module().run(config("one_hop_rules", {{"graph.answers", int64_t{2}}}), context);

  const graph::History& history = context.graph().history();
  const graph::NodeId p4 = history.find_node("entity p4").value();
  const graph::TypeId next = context.graph().type("next"),
                      predicted = context.graph().type("predicted next");
  size_t facts = 0, shown = 0, right = 0;
  for (const graph::EdgeId id : history.out(p4)) {
    const graph::Edge edge = history.edge(id).value();
    facts += edge.type == next;
    if (edge.type != predicted) continue;
    ++shown;
    if (edge.attributes.status != graph::Status::Supported) continue;
    ++right;
    EXPECT_EQ(edge.target, history.find_node("entity p5").value());
    EXPECT_EQ(edge.attributes.rule, "one_hop_rules");
    EXPECT_EQ(edge.attributes.qualifiers[1], (std::pair<std::string, std::string>{"rank", "1"}));
    EXPECT_EQ(edge.attributes.confidence.logit, .75);  // 12 of 16 premises
    // one candidate among 20, the others at 0
    EXPECT_NEAR(edge.attributes.confidence.probability, std::exp(.75) / (std::exp(.75) + 19), 1e-6);
  }
  EXPECT_EQ(facts, 0u);  // the fact itself is held out
  EXPECT_GE(shown, 3u);
  EXPECT_EQ(right, 2u);  // found from both ends
}

TEST_F(Ring, WritesTheRankOfEveryFact) {
  EXPECT_EQ(ranks("one_hop_rules")[0], "p4\tnext\tp5\t1\t1");
}

TEST_F(Ring, AsksAboutOtherNodesThanWereLearned) {
  std::ofstream(folder_ / "other.txt") << "a\tnext\tb\nc\tbefore\tb\n";
  std::ofstream(folder_ / "asked.txt") << "b\tnext\tc\n";
  const Values inductive = {{"data.inference.train", file("other")},
                            {"data.inference.test", file("asked")}};

  EXPECT_EQ(run("one_hop_rules", inductive).at("test/mrr"), 1);
  EXPECT_THAT(complaint("transe", inductive), HasSubstr("a node that was not trained on"));
}

TEST_F(Ring, WhatLearnsPassesTheGatesThatItsProbeIsFor) {
  const Values fast = {{"train.epochs", int64_t{20}}, {"nbfnet.width", int64_t{8}}};
  for (const char* model : {"transe", "distmult", "complex", "rotate", "nbfnet"}) {
    Context context = Context::in_memory(1);
    const harness::Probe probe = module().probe(config(model, fast), context);
    const std::vector<harness::ProbeParameter> parameters = probe.step();
    for (const harness::GateResult& result : {harness::check_gradient_coverage(parameters),
                                              harness::check_counts(parameters, probe.claimed),
                                              harness::check_parity(probe.paths),
                                              harness::check_label_shuffle(probe.labels)})
      EXPECT_EQ(result.status, harness::GateResult::Status::kPassed)
          << model << ": " << result.gate << ": " << result.message;
  }
}

TEST_F(Ring, WhatLearnsNothingHasNothingToProbeAndNoParameters) {
  Context context = Context::in_memory(1);

  EXPECT_FALSE(module().probe(config("constant"), context).step);
  EXPECT_EQ(module().count(config("constant")).at("params"), 0);
}

// 20 people and 2 relations with their inverses, 16 numbers each; complex: pairs.
TEST_F(Ring, ParametersAreCountedWithoutTraining) {
  EXPECT_EQ(module().count(config("distmult")).at("params"), (20 + 4) * 16);
  EXPECT_EQ(module().count(config("complex")).at("params"), (20 + 4) * 32);
}

TEST_F(Ring, SaysWhatIsMissing) {
  EXPECT_THAT(complaint("constant", {{"data.train", std::string()}}),
              HasSubstr("data.train is empty"));
  EXPECT_THAT(complaint("constant", {{"data.test", std::string()}}),
              HasSubstr("data.test is empty"));
}

}  // namespace
}  // namespace saggio::experiments
