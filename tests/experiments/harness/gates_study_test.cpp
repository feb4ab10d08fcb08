// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "experiments/harness/gates.h"
#include "tests/experiments/harness/planning.h"

namespace saggio::harness {
namespace {

using Status = GateResult::Status;

const ProbeStart kStart = {.weights = {{"wte [256, 64]", "a1"}, {"head [64, 256]", "b2"}},
                           .data_order = "c3",
                           .settings = {{"decay", .1}, {"clip", 1}}};

GateResult fairness(const ProbeStart& other, const std::vector<std::string>& differs = {}) {
  return check_optimizer_fairness({{"full", kStart, {}}, {"velvet", other, differs}});
}

TEST(GateFairness, PassesArmsThatStartAlike) {
  EXPECT_EQ(fairness(kStart).status, Status::kPassed);
  EXPECT_EQ(check_optimizer_fairness({{"full", kStart, {}}}).status, Status::kNotApplicable);
}

TEST(GateFairness, CatchesAnotherInitialValueOrderDecayOrClip) {
  ProbeStart start = kStart;
  start.weights["head [64, 256]"] = "ff";
  EXPECT_EQ(fairness(start).message,
            "velvet differs from full in the initial values of head [64, 256]; an arm that is "
            "about it says so: differs = [\"init\"] in its component");
  start = kStart;
  start.data_order = "ff";
  EXPECT_EQ(fairness(start).status, Status::kFailed);
  start = kStart;
  start.settings["decay"] = 0;
  EXPECT_EQ(fairness(start).message,
            "velvet differs from full in decay (0, full has 0.1); an arm that is about it says so: "
            "differs = [\"decay\"] in its component");
  start = kStart;
  start.settings.erase("clip");
  EXPECT_EQ(fairness(start).status, Status::kFailed);
}

TEST(GateFairness, PassesWhatTheArmSaysAndOnlyThat) {
  ProbeStart start = kStart;
  start.settings = {{"decay", 0}, {"clip", 1}};
  EXPECT_EQ(fairness(start, {"decay"}).status, Status::kPassed);
  EXPECT_EQ(fairness(start, {"clip"}).status, Status::kFailed);
}

TEST(GateFairness, ComparesInitialValuesOnlyWhereNameAndShapeAgree) {
  ProbeStart start = kStart;
  start.weights = {{"wte [256, 64]", "a1"}, {"head [96, 256]", "ff"}};
  EXPECT_EQ(fairness(start).status, Status::kPassed);
}

// A module whose arms start as their configuration says; `careless` clips when it should not.
ModuleEntry optimizers() {
  ModuleEntry module{.name = "optimizers"};
  module.probe = [](const Values& config, Context&) {
    Probe probe;
    probe.start = [careless = config.contains("careless")] {
      ProbeStart start = kStart;
      if (careless) start.settings["clip"] = .5;
      return start;
    };
    return probe;
  };
  return module;
}

TEST(GateFairness, AsksTheProbeOfEveryArm) {
  const Values plain, careless = {{"careless", true}};
  EXPECT_EQ(check_arms(optimizers(), {{"full", plain, {}}, {"a", plain, {}}}).status,
            Status::kPassed);
  EXPECT_EQ(check_arms(optimizers(), {{"full", plain, {}}, {"a", careless, {}}}).status,
            Status::kFailed);
  EXPECT_EQ(check_arms({.name = "x"}, {{"full", plain, {}}, {"a", plain, {}}}).status,
            Status::kNotApplicable);
}

const std::string kTuned = R"(seeds = { n = 2 }
[component.optimizer]
alternatives = { slow = { layers = 5 } }
tune = { space = { lr = { values = [0.01, 0.1] } }, trials = 2, seeds = 1 }
)";

class Trials : public Planning {
 protected:
  // The plan after its tuning, in which 0.01 always wins.
  Plan tuned(const std::string& text) {
    for (const RunSpec& run : plan(text).runs)
      records_[run.id].metrics["heldout/loss"] = std::get<double>(run.config.at("lr"));
    return plan(text);
  }
};

TEST_F(Trials, AreEqualWhereTheHarnessTunes) {
  const Plan p = tuned(kTuned);
  EXPECT_EQ(check_equal_trials(study(kTuned), p).status, Status::kPassed);
  EXPECT_TRUE(p.warnings.empty());
}

TEST_F(Trials, AnUnequalNumberIsCaught) {
  Plan p = tuned(kTuned);
  ASSERT_EQ(p.tunings[0].trials.size(), 4U);
  p.tunings[0].trials.pop_back();

  EXPECT_EQ(check_equal_trials(study(kTuned), p).message,
            "component optimizer: slow has 1 trials in 1 runs, full has 2 in 2");
}

TEST_F(Trials, AnArmThatBringsItsOwnRateIsCaughtUnlessItSaysSo) {
  const std::string mistuned =
      kTuned + "[component.mistuned]\nalternatives = { hot = { lr = 0.5 } }\n";
  EXPECT_EQ(tuned(mistuned).warnings,
            Names{"G3 optimizer fairness: hot sets lr = 0.5 without a trial, the others' was tuned "
                  "with 2; an arm that is about it says so: differs = [\"trials\"] in its "
                  "component"});
  EXPECT_TRUE(tuned(mistuned + "differs = [\"trials\"]\n").warnings.empty());
}

TEST_F(Trials, AStreamThatTheStudyDoesNotShareIsSaid) {
  const std::string text = "seeds = { n = 2, share = [\"data\"] }\n" + kComponents;
  const Study own = study(text);
  EXPECT_EQ(said_to_differ(own, plan(text).arms[0]), Names{"init"});
}

results::RunResult run(const std::string& id, uint64_t seed, double loss) {
  results::RunResult result{.id = id, .seed = seed};
  result.record.metrics = {{"heldout/loss", loss}, {"heldout/accuracy", loss / 2}};
  return result;
}

TEST(GateArmEffects, CatchesAnArmWhoseEveryMetricIsThatOfTheBaseline) {
  results::StudyData study;
  study.arms = {{.name = "full", .label = "full", .runs = {run("a", 1, 2), run("b", 2, 3)}},
                {.name = "minus_x", .label = "− x", .runs = {run("c", 1, 2.5), run("d", 2, 3)}}};
  EXPECT_EQ(check_arm_effects(study).status, Status::kPassed);

  study.arms[1].runs[0] = run("c", 1, 2);

  EXPECT_EQ(check_arm_effects(study).message,
            "− x: every metric is that of full, to the last bit, in every seed");
}

TEST(GateArmEffects, LeavesRunsAloneThatArmsShare) {
  results::StudyData study;
  study.arms = {{.name = "full", .label = "full", .runs = {run("a", 1, 2)}},
                {.name = "minus_x", .label = "− x", .runs = {run("a", 1, 2)}}};
  EXPECT_EQ(check_arm_effects(study).status, Status::kNotApplicable);
}

}  // namespace
}  // namespace saggio::harness
