// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "tests/experiments/harness/planning.h"

namespace saggio::harness {
namespace {

std::string design(const std::string& kinds) {
  return kComponents + "[design]\nkinds = [" + kinds + "]\n";
}

const std::string kFree = R"(
[component.rotary]
off = { position = "learned" }
[component.gate]
off = { gate = false }
)";

TEST_F(Planning, AFactorialIsEveryCombinationOfComponentsOnAndOff) {
  const Plan p = plan(kFree + "[design]\nkinds = [\"factorial\"]\n");

  EXPECT_EQ(names(p), (Names{"full", "minus_rotary", "minus_gate", "none"}));
  EXPECT_EQ(arm(p, "minus_gate").difference, (Values{{"gate", false}}));
  EXPECT_EQ(arm(p, "minus_gate").off, Names{"gate"});
  EXPECT_EQ(arm(p, "none").difference, (Values{{"gate", false}, {"position", "learned"}}));
}

TEST_F(Planning, AFactorialLeavesNothingOnWithoutWhatItNeeds) {
  const Plan p = plan(design("\"factorial\""));  // depth needs gate: 6 of 8 combinations

  EXPECT_EQ(
      names(p),
      (Names{"full", "minus_rotary", "minus_depth", "minus_rotary_depth", "minus_gate", "none"}));
  EXPECT_EQ(arm(p, "minus_gate").off, (Names{"gate", "depth"}));
  EXPECT_EQ(arm(p, "minus_gate").notes, Names{"depth is off too: it needs gate"});
  EXPECT_EQ(arm(p, "minus_rotary_depth").label, "− rotary − depth");
  EXPECT_TRUE(p.warnings.empty());
}

TEST_F(Planning, AFactorialHoldsTheArmsOfLeaveOneOutOnce) {
  const Plan both = plan(design("\"leave_one_out\", \"factorial\""));
  const Plan factorial = plan(design("\"factorial\""));

  EXPECT_EQ(both.arms.size(), factorial.arms.size());
  EXPECT_EQ(arm(both, "minus_gate").config, arm(factorial, "minus_gate").config);
  EXPECT_TRUE(both.warnings.empty());
}

TEST_F(Planning, AFactorialOfTooManyComponentsSaysHowManyArmsItWouldMake) {
  std::string text;
  for (int i = 0; i < 7; ++i)
    text += "[component.c" + std::to_string(i) + "]\noff = { layers = " + std::to_string(i + 3) +
            " }\n";

  EXPECT_EQ(error_of(text + "[design]\nkinds = [\"factorial\"]"),
            file_.filename().string() +
                ": factorial over 7 components makes 128 arms, allowed 6 components; give fewer "
                "an off, or take leave_one_out");
}

TEST_F(Planning, AFactorialWithoutAComponentToSwitchOffIsRefused) {
  EXPECT_EQ(error_of("[component.size]\nalternatives = { wide = { width = 128 } }\n"
                     "[design]\nkinds = [\"factorial\"]"),
            file_.filename().string() +
                ":7: design.kinds has 'factorial', but no component can be switched off: give one "
                "an off");
}

TEST_F(Planning, ACombinationIsMatchedAsItsComponentsAsk) {
  const Plan p = plan(
      "[component.gate]\noff = { gate = false }\nmatch = \"params\"\n"
      "[component.depth]\noff = { layers = 1 }\n[design]\nkinds = [\"factorial\"]");

  EXPECT_EQ(arm(p, "none").config.at("width"), Value(int64_t{78}));  // 64 sqrt(1.5) = 78.4
  EXPECT_EQ(arm(p, "minus_depth").config.at("width"), Value(int64_t{64}));
}

TEST_F(Planning, CumulativeSwitchesComponentsOnOneAfterTheOtherInTheOrderOfTheFile) {
  const Plan p = plan(design("\"cumulative\""));

  // With depth too it is the full system, which is there already.
  EXPECT_EQ(names(p), (Names{"full", "none", "plus_rotary", "plus_rotary_gate"}));
  EXPECT_EQ(arm(p, "plus_rotary").difference, (Values{{"gate", false}, {"layers", int64_t{1}}}));
  EXPECT_EQ(arm(p, "plus_rotary_gate").difference, (Values{{"layers", int64_t{1}}}));
  EXPECT_EQ(arm(p, "plus_rotary_gate").label, "+ rotary + gate");
}

TEST_F(Planning, CumulativeTakesAnOrderOfItsOwn) {
  const Plan p = plan(kComponents + "[design]\ncumulative = [\"gate\", \"depth\"]\n");

  EXPECT_EQ(names(p), (Names{"full", "none", "plus_gate", "plus_gate_depth"}));
  EXPECT_EQ(arm(p, "plus_gate_depth").difference, (Values{{"position", "learned"}}));
}

TEST_F(Planning, CumulativeMaySwitchNothingOnBeforeWhatItNeeds) {
  const std::string where = file_.filename().string() + ":12: ";
  const auto error = [&](const std::string& order) {
    return error_of(kComponents + "[design]\ncumulative = [" + order + "]\n");
  };

  EXPECT_EQ(error("\"depth\", \"gate\""),
            where +
                "design.cumulative switches 'depth' on before 'gate', which it needs; put that "
                "first");
  EXPECT_EQ(error("\"gate\", \"gate\""), where + "design.cumulative names 'gate' twice");
  EXPECT_EQ(error("\"gat\""),
            where +
                "design.cumulative = 'gat', allowed rotary, gate, depth (did you mean "
                "'gate'?)");
}

const std::string kTasks = R"(tasks = "corpus"
seeds = { n = 2 }
[component.corpus]
alternatives = { english = { path = "en.txt" }, french = { path = "fr.txt", layers = 3 } }
[component.gate]
off = { gate = false }
[design]
kinds = ["leave_one_out"]
)";

TEST_F(Planning, EveryArmIsRunOnEveryTask) {
  const Plan p = plan(kTasks);

  ASSERT_EQ(names(p), (Names{"full", "minus_gate", "full", "minus_gate"}));
  EXPECT_EQ(full_name(p.arms[1]), "minus_gate on english");
  EXPECT_EQ(p.arms[3].config.at("path"), Value("fr.txt"));
  EXPECT_EQ(p.arms[3].difference, (Values{{"gate", false}}));  // to the full system on its task
  EXPECT_EQ(p.runs.size(), 8U);
  EXPECT_EQ(p.runs[3].label, "t/minus_gate on french seed 1");
}

TEST_F(Planning, EveryTaskIsTunedByItself) {
  const std::string tuned = kTasks +
                            "[component.rate]\ntune = { space = { lr = { values = [0.1, "
                            "0.2] } }, trials = 2, seeds = 1 }\n";
  for (const RunSpec& run : plan(tuned).runs) {
    const double best = run.config.at("path") == Value("en.txt") ? .1 : .2;
    records_[run.id].metrics["heldout/loss"] =
        std::abs(std::get<double>(run.config.at("lr")) - best);
  }

  const Plan p = plan(tuned);

  ASSERT_FALSE(p.waiting_for_tuning);
  EXPECT_EQ(p.arms[0].config.at("lr"), Value(.1));
  EXPECT_EQ(p.arms[3].config.at("lr"), Value(.2));
}

TEST_F(Planning, TasksAreAComponentWithAlternativesAndNothingElse) {
  const std::string f = file_.filename().string();
  EXPECT_EQ(error_of("tasks = \"corpsu\"\n[component.corpus]\nalternatives = { a = { layers = 1 "
                     "} }"),
            f + ":4: tasks = 'corpsu', allowed corpus (did you mean 'corpus'?)");
  EXPECT_EQ(
      error_of("tasks = \"corpus\"\n[component.corpus]\nalternatives = { a = { layers = 1 } }"),
      f + ":5: component 'corpus' is the study's tasks: give it two alternatives or more, and "
          "nothing else");
}

TEST_F(Planning, AClaimOnAStudyWithTasksNamesOne) {
  const auto error = [&](const std::string& task) {
    return error_of(kTasks +
                    "[claim]\nid = \"x\"\nstatement = \"x\"\nsource = \"x\"\nkind = \"count\"\n"
                    "quantity = \"params\"\ncount = 1\n" +
                    task);
  };

  EXPECT_EQ(error("task = \"french\"\n"), "(nothing was thrown)");
  EXPECT_EQ(error(""), file_.filename().string() + ":12: claim.task = '', allowed english, french");
}

TEST_F(Planning, AClaimThatNeedsNoRunsNeedsNoTask) {
  const std::string claim =
      "[claim]\nid = \"x\"\nstatement = \"x\"\nsource = \"x\"\nkind = \"untestable\"\n"
      "reason = \"x\"\n";

  EXPECT_EQ(error_of(kTasks + claim), "(nothing was thrown)");
}

}  // namespace
}  // namespace saggio::harness
