// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numbers>

#include "experiments/harness/backend.h"
#include "experiments/harness/gates.h"
#include "experiments/harness/module.h"
#include "graph/store/store.h"
#include "results/store/run_dir.h"
#include "tests/results/store/temporary_folder.h"

namespace saggio::experiments {
namespace {

namespace fs = std::filesystem;
using harness::Context;
using harness::Values;
using results::Outcome;
using testing::HasSubstr;

const harness::ModuleEntry& module() { return harness::modules().at("language_model"); }

// A config that takes a second: 24 steps on 20 kB of stories.
Values tiny(const Values& changes = {}) {
  Values overrides = {{"data.train_bytes", int64_t{20'000}},
                      {"data.heldout", .5},
                      {"data.valid", .1},
                      {"model.width", int64_t{16}},
                      {"model.ffn_width", int64_t{24}},
                      {"model.dropout", .1},
                      {"train.context", int64_t{32}},
                      {"train.steps", int64_t{24}},
                      {"train.accumulation", int64_t{2}},
                      {"train.warmup", int64_t{4}},
                      {"eval.every", int64_t{10}},
                      {"sample.tokens", int64_t{40}}};
  for (const auto& [key, value] : changes) overrides[key] = value;
  return harness::resolve(module().schema, overrides);
}

results::Record run(const Values& config, uint64_t seed = 1) {
  Context context = Context::in_memory(seed);
  return module().run(config, context);
}

TEST(LanguageModel, ReportsHeldOutScoresOfEveryKind) {
  Context context = Context::in_memory(1);
  const results::Record record = module().run(tiny(), context);

  ASSERT_EQ(record.outcome, Outcome::kFinished) << record.message;
  const auto& m = record.metrics;
  EXPECT_NEAR(m.at("heldout/bits_per_byte"),
              m.at("heldout/nats") / std::numbers::ln2,
              1e-12);  // a token is a byte
  EXPECT_NEAR(m.at("memorisation_ratio"), m.at("heldout/nats") / m.at("train/nats"), 1e-12);
  EXPECT_LT(m.at("heldout/nats"), std::log(256));  // better than knowing nothing
  EXPECT_TRUE(m.contains("valid/nats"));
  EXPECT_GE(m.at("heldout/answer_accuracy"), 0);
  EXPECT_LE(m.at("heldout/answer_accuracy"), 1);
  std::ifstream sample(context.artefact("sample.txt"));
  EXPECT_GT(std::string(std::istreambuf_iterator<char>(sample), {}).size(), 16U + 40U);
}

TEST(LanguageModel, CountsItsCost) {
  Context context = Context::in_memory(1);
  module().run(tiny(), context);

  const results::Ledger& ledger = context.ledger();
  const harness::Counts counts = module().count(tiny());
  const double tokens = 24. * 2 * 2 * 32;  // steps, accumulation, windows, positions
  EXPECT_EQ(ledger.total("parameters"), counts.at("params"));
  EXPECT_EQ(ledger.total("train_flops"), tokens * counts.at("flops_per_token"));
  EXPECT_EQ(ledger.total("train_bytes"), tokens);
  EXPECT_LE(ledger.total("unique_train_bytes"),
            tokens + 24 * 2 * 2);  // a window's first token is seen, not predicted
  EXPECT_NEAR(ledger.total("epochs"), tokens / 18'000, .01);
  EXPECT_GT(ledger.total("eval_flops"), 0);
  EXPECT_TRUE(ledger.uncounted.empty()) << ledger.uncounted.begin()->first;
}

TEST(LanguageModel, TellsItsGraphWhatItWasAskedAndWhatItGotWrong) {
  Context context = Context::in_memory(1);
  const auto metrics = module().run(tiny(), context).metrics;

  const graph::History& history = context.graph().history();
  size_t asked = 0, right = 0, corrected = 0;
  for (const graph::NodeId id : history.nodes()) {
    const graph::Node node = history.node(id).value();
    if (node.kind == graph::NodeKind::Question) {
      ++asked;
      EXPECT_TRUE(node.attributes.text.starts_with("what is ")) << node.attributes.text;
      EXPECT_EQ(history.in(id).size(), history.find_node("truth" + node.key.substr(8)) ? 2u : 1u);
    }
    if (node.key.starts_with("said")) right += node.attributes.status == graph::Status::Supported;
    if (!node.key.starts_with("truth")) continue;
    ++corrected;
    const graph::Node said = history.node(*history.find_node("said" + node.key.substr(5))).value();
    EXPECT_EQ(said.attributes.status, graph::Status::Refuted);
    EXPECT_GE(node.attributes.confidence.probability, 0);
    EXPECT_LE(node.attributes.confidence.probability, .5);
  }
  EXPECT_GT(asked, 20u);
  EXPECT_EQ(right + corrected, asked);
  EXPECT_DOUBLE_EQ(double(right) / double(asked), metrics.at("heldout/answer_accuracy"));
}

TEST(LanguageModel, TheSameSeedGivesTheSameRecordAndAnotherDoesNot) {
  const auto first = run(tiny()).metrics;

  EXPECT_EQ(run(tiny()).metrics, first);
  EXPECT_NE(run(tiny(), 2).metrics, first);
}

// A run directory with a context in it; asked to stop after `stop_after` steps (0: never).
results::Record attempt(const results::RunDir& dir, int64_t stop_after, results::Ledger& ledger) {
  harness::RunSpec spec;
  spec.seed = 5;
  harness::StopToken stop;
  auto backend = harness::open_backend(dir, spec);
  backend->stop = &stop;
  backend->on_progress = [&](int64_t done, int64_t) {
    if (done == stop_after) stop.request(Outcome::kStopped);
  };
  Context context(std::move(backend));
  results::Record record = module().run(tiny(), context);
  ledger = context.ledger();
  return record;
}

std::vector<std::pair<int64_t, double>> events(const results::RunDir& dir,
                                               const std::string& name) {
  std::vector<std::pair<int64_t, double>> result;
  for (const results::Point& point : dir.events(name)) result.emplace_back(point.step, point.value);
  return result;
}

TEST(LanguageModel, AStoppedRunGoesOnToTheSameBits) {
  const results::TemporaryFolder whole_folder, parts_folder;
  const results::RunDir whole(whole_folder.path()), parts(parts_folder.path());
  for (const results::RunDir* dir : {&whole, &parts}) dir->create({{"seed", 5}});
  results::Ledger whole_ledger, ledger;

  const results::Record expected = attempt(whole, 0, whole_ledger);
  ASSERT_EQ(attempt(parts, 7, ledger).outcome, Outcome::kStopped);
  ASSERT_EQ(attempt(parts, 15, ledger).outcome, Outcome::kStopped);
  const results::Record record = attempt(parts, 0, ledger);

  EXPECT_EQ(record.outcome, Outcome::kFinished);
  EXPECT_EQ(record.metrics, expected.metrics);
  EXPECT_EQ(ledger.components(), whole_ledger.components());
  for (const char* name : {"train/nats", "heldout/nats", "valid/nats"}) {
    EXPECT_FALSE(events(whole, name).empty());
    EXPECT_EQ(events(parts, name), events(whole, name)) << name;
  }
}

TEST(LanguageModel, ALossThatIsNoNumberIsAResult) {
  const results::Record record = run(tiny({{"train.optimizer", std::string("sgd")},
                                           {"train.lr", 10.},
                                           {"train.clip", 0.},
                                           {"train.decay", 10.}}));

  EXPECT_EQ(record.outcome, Outcome::kDiverged);
  EXPECT_THAT(record.message, testing::MatchesRegex("step [0-9]+: loss .*, gradient norm .*"));
}

// Eight characters in a circle are learned at once; é is two bytes, so a token is 9/8 bytes.
TEST(LanguageModel, ScoresATextInBitsPerByte) {
  const results::TemporaryFolder folder;
  const fs::path file = folder / "circle.txt";
  {
    std::ofstream out(file);
    for (int i = 0; i < 500; ++i) out << "abcdefg\u00e9";
  }
  const Values config = tiny({{"data.kind", std::string("text")},
                              {"data.path", file.string()},
                              {"data.unit", std::string("chars")},
                              {"data.heldout", .2},
                              {"train.steps", int64_t{120}},
                              {"train.lr", .02},
                              {"model.dropout", 0.}});

  const auto metrics = run(config).metrics;

  EXPECT_LT(metrics.at("heldout/nats"), .05);
  // The held-out part is 800 characters, all predicted, 900 bytes.
  EXPECT_NEAR(metrics.at("heldout/bits_per_byte"),
              metrics.at("heldout/nats") / std::numbers::ln2 * 8 / 9,
              1e-12);
  EXPECT_FALSE(metrics.contains("heldout/answer_accuracy"));
}

TEST(LanguageModel, PassesTheGates) {
  for (const harness::GateResult& gate : harness::check_module(
           module(), tiny({{"train.batch", int64_t{8}}, {"train.accumulation", int64_t{1}}})))
    EXPECT_EQ(gate.status, harness::GateResult::Status::kPassed)
        << gate.gate << ": " << gate.message;
}

TEST(LanguageModel, SaysWhichDeviceIsMissing) {
  auto backend = std::make_unique<Context::Backend>();
  backend->spec.device = "cuda";
  Context context(std::move(backend));

  try {
    module().run(tiny(), context);
    FAIL();
  } catch (const harness::DeviceMissing& e) {
    EXPECT_THAT(e.what(), HasSubstr("device 'cuda' is missing"));
  }
}

}  // namespace
}  // namespace saggio::experiments
