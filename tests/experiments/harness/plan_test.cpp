// SPDX-License-Identifier: MIT
#include "experiments/harness/plan.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/experiments/harness/planning.h"

namespace saggio::harness {
namespace {

TEST_F(Planning, LeaveOneOutSwitchesOffOneComponentAndWhatNeedsIt) {
  const Plan p =
      plan("seeds = { n = 3 }\n" + kComponents + "[design]\nkinds = [\"full\", \"leave_one_out\"]");

  EXPECT_EQ(names(p), (Names{"full", "minus_rotary", "minus_gate", "minus_depth"}));
  EXPECT_EQ(arm(p, "minus_gate").difference, (Values{{"gate", false}, {"layers", int64_t{1}}}));
  EXPECT_EQ(arm(p, "minus_gate").notes, Names{"depth is off too: it needs gate"});
  EXPECT_EQ(arm(p, "minus_depth").difference, (Values{{"layers", int64_t{1}}}));
  EXPECT_EQ(p.runs.size(), 12U);
}

TEST_F(Planning, AddOneInSwitchesOnOneComponentAndWhatItNeeds) {
  const Plan p = plan(kComponents + "[design]\nkinds = [\"add_one_in\"]");

  EXPECT_EQ(names(p), (Names{"full", "none", "plus_rotary", "plus_gate", "plus_depth"}));
  EXPECT_EQ(arm(p, "plus_depth").difference, (Values{{"position", "learned"}}));
  EXPECT_EQ(arm(p, "plus_rotary").difference, (Values{{"gate", false}, {"layers", int64_t{1}}}));
}

TEST_F(Planning, AGridIsEveryCombinationAndAZipGoesInStep) {
  EXPECT_EQ(
      names(plan("[design]\nkinds = []\ngrid = { layers = [1, 3], lr = [0.1, 0.2] }")),
      (Names{"full", "layers=1,lr=0.1", "layers=1,lr=0.2", "layers=3,lr=0.1", "layers=3,lr=0.2"}));
  EXPECT_EQ(names(plan("[design]\nzip = { layers = [1, 3], lr = [0.1, 0.2] }")),
            (Names{"full", "layers=1,lr=0.1", "layers=3,lr=0.2"}));
}

TEST_F(Planning, RunsGoSeedBySeedAndShareDataAcrossArms) {
  const Plan p = plan("seeds = { n = 2, share = [\"data\"] }\n" + kComponents +
                      "[design]\nkinds = [\"leave_one_out\"]");

  EXPECT_EQ(p.runs[0].seed, 1U);
  EXPECT_EQ(p.runs[3].seed, 1U);
  EXPECT_EQ(p.runs[4].seed, 2U);
  EXPECT_EQ(p.runs[0].shared, Names{"data"});
}

TEST_F(Planning, ANoOpArmIsToldAndSharesTheRuns) {
  const Plan p = plan("seeds = { n = 2 }\n[base]\ngate = false\n" + kComponents +
                      "[design]\nkinds = [\"leave_one_out\"]\n");

  EXPECT_EQ(arm(p, "minus_depth").same_as, "minus_gate");
  EXPECT_EQ(p.warnings.size(), 1U);
  EXPECT_EQ(p.runs.size(), 6U);  // four arms, three configurations
}

TEST_F(Planning, ArmsThatReadOtherFilesAreNotTheSame) {
  const Plan p = plan(
      "[component.text]\nalternatives = { a = { path = \"a.txt\" }, b = { path = \"b.txt\" } }");

  EXPECT_EQ(arm(p, "b").same_as, "");
  EXPECT_NE(arm(p, "b").run_ids, arm(p, "a").run_ids);
}

TEST_F(Planning, SkippedArmsAreToldAndLeftOut) {
  const Plan p = plan(kComponents +
                      "[design]\nkinds = [\"leave_one_out\"]\nskip = [\"position == 'learned'\"]");

  EXPECT_EQ(names(p), (Names{"full", "minus_gate", "minus_depth"}));
  EXPECT_EQ(p.warnings, Names{"arm 'minus_rotary' is skipped: position == 'learned'"});
}

TEST_F(Planning, MatchSolvesTheWidthForEqualParameters) {
  const Plan p = plan(
      "[component.gate]\noff = { gate = false }\nmatch = \"params\"\n[design]\nkinds = "
      "[\"leave_one_out\"]");

  EXPECT_EQ(arm(p, "minus_gate").config.at("width"), Value(int64_t{78}));  // 64 sqrt(1.5) = 78.4
  EXPECT_EQ(arm(p, "minus_gate").notes, Names{"width = 78 to match params"});
}

TEST_F(Planning, AMatchThatNoWidthReachesIsAnError) {
  EXPECT_EQ(error_of("[base]\nwidth = 2\n[component.gate]\noff = { gate = false }\nmatch = "
                     "\"params\"\n[design]\nkinds = [\"leave_one_out\"]"),
            file_.filename().string() +
                ":6: no width gives 6 params within 1 %; the nearest, 2, gives 4");
}

TEST_F(Planning, TheIdentityDependsOnWhatChangesResultsAndOnNothingElse) {
  RunSpec spec{
      .module = "toy", .version = "1", .config = resolve(modules_.at("toy").schema, {}), .seed = 1};
  const Schema& schema = modules_.at("toy").schema;
  const std::string id = identity(spec, schema);
  std::set<std::string> ids = {id};

  const auto changed = [&](const auto& change) {
    RunSpec other = spec;
    change(other);
    ids.insert(identity(other, schema));
  };
  changed([](RunSpec& s) { s.seed = 2; });
  changed([](RunSpec& s) { s.version = "2"; });
  changed([](RunSpec& s) { s.threads = 2; });
  changed([](RunSpec& s) { s.device = "cuda"; });
  changed([](RunSpec& s) { s.shared = {"data"}; });
  changed([](RunSpec& s) { s.config["lr"] = .5; });
  changed([](RunSpec& s) { s.data["path"] = "other bytes"; });
  EXPECT_EQ(ids.size(), 8U);

  spec.label = "another name";
  spec.config["path"] = "/moved/elsewhere";
  EXPECT_EQ(identity(spec, schema), id);
  EXPECT_EQ(to_json(run_spec_from_json(to_json(spec))), to_json(spec));
}

const std::string kTuned = R"(seeds = { n = 2 }
[component.optimizer]
alternatives = { slow = { layers = 5 } }
tune = { space = { lr = [1e-4, 1e-1, "log"] }, trials = 4, seeds = 2 }
)";

TEST_F(Planning, TuningGoesInRoundsAndExtendsAGridWhoseEdgeWins) {
  // The best rate of the full system is 1e-2, inside the grid; that of `slow` is 1, beyond its
  // edge.
  const auto record_all = [&](const Plan& p) {
    for (const RunSpec& run : p.runs) {
      const double best = std::get<int64_t>(run.config.at("layers")) == 5 ? 0 : -2;
      results::Record record;
      record.metrics["heldout/loss"] =
          std::abs(std::log10(std::get<double>(run.config.at("lr"))) - best);
      records_[run.id] = record;
    }
  };

  Plan p = plan(kTuned);
  EXPECT_TRUE(p.waiting_for_tuning);
  EXPECT_EQ(p.runs.size(), 2U * 4 * 2);
  for (const RunSpec& run : p.runs) EXPECT_GE(run.seed, kFirstTuningSeed);
  for (int round = 0; round < 5 && p.waiting_for_tuning; ++round) {
    record_all(p);
    p = plan(kTuned);
  }

  ASSERT_FALSE(p.waiting_for_tuning);
  EXPECT_EQ(
      p.tunings[0].trials.size(),
      2U * 6);  // two points beyond 1e-1, for both contenders alike: 1 wins, 10 shows that it does
  EXPECT_EQ(arm(p, "full").config.at("lr"), Value(.01));
  EXPECT_EQ(arm(p, "slow").config.at("lr"), Value(1.));
  EXPECT_EQ(arm(p, "full").run_ids.size(), 2U);
}

TEST_F(Planning, ADivergedTrialLoses) {
  for (const RunSpec& run : plan(kTuned).runs) {
    results::Record record;
    record.metrics["heldout/loss"] = -std::get<double>(run.config.at("lr"));
    if (std::get<double>(run.config.at("lr")) > .05) record.outcome = results::Outcome::kDiverged;
    records_[run.id] = record;
  }

  EXPECT_EQ(arm(plan(kTuned), "full").config.at("lr"), Value(.01));
}

TEST_F(Planning, BadStudiesSayWhereAndWhat) {
  const std::string f = file_.filename().string();
  EXPECT_EQ(
      error_of("quesiton = \"x\""),
      f + ":4: unknown key 'quesiton' in the study (did you mean 'question'?); allowed: base, "
          "claim, component, design, device, limits, metric, module, plot, question, seeds, stats, "
          "study, table, tasks, threads");
  EXPECT_EQ(error_of("[base]\nlayer = 1"),
            f + ":5: unknown key 'layer' (did you mean 'layers'?); see `saggio modules NAME` for "
                "all keys");
  EXPECT_EQ(error_of("[base]\nlayers = 1\nlayers = 2").substr(0, f.size() + 3), f + ":6:");
  EXPECT_EQ(error_of("[base]\nlayers = 'two'"), f + ":5: layers = two, allowed an integer");
  EXPECT_EQ(error_of("[base]\nlayers = 0"), f + ":5: layers = 0, allowed 1 .. 64");
  EXPECT_EQ(error_of("seeds = { n = 0 }"), f + ":4: n = 0, allowed an integer in 1 .. 100000");
  EXPECT_EQ(error_of("[limits]\nper_run = \"soon\""),
            f + ":5: per_run = soon, allowed seconds, or text such as \"90s\", \"30m\", \"2h\"");
  EXPECT_EQ(error_of("[component.x]\noff = { gate = false }\nneeds = [\"y\"]"),
            f + ":4: x.needs = 'y', allowed x");
  EXPECT_EQ(error_of("", {"lr"}), "--set lr: allowed KEY=VALUE, for example --set train.lr=1e-3");
  EXPECT_EQ(error_of("", {"lr=11"}), "--set: lr = 11.0, allowed 1e-06 .. 10");
}

TEST_F(Planning, ASetWinsOverTheBase) {
  EXPECT_EQ(study("[base]\nlr = 0.5", {"lr=0.25"}).base.at("lr"), Value(.25));
}

TEST_F(Planning, AnExtendedStudyKeepsWhatItDoesNotOverride) {
  const auto parent = study("[base]\nlr = 0.5\nlayers = 3").file;
  const std::filesystem::path child = folder_ / "child.toml";
  std::ofstream(child) << "extends = \"" << parent.filename().string()
                       << "\"\nstudy = \"child\"\n[base]\nlr = 0.125\n";

  const Study read = read_study(child, modules_);

  EXPECT_EQ(read.name, "child");
  EXPECT_EQ(read.base, (Values{{"lr", .125}, {"layers", int64_t{3}}}));
}

TEST_F(Planning, APathStartsAtTheFolderOfTheFileThatGivesIt) {
  const auto parent = study(
                          "[base]\npath = \"a.txt\"\n"
                          "[component.text]\nalternatives = { b = { path = \"data:b\" } }")
                          .file;
  const auto folder = folder_ / "claims";
  std::filesystem::create_directories(folder);
  const auto child = folder / "child.toml";
  std::ofstream(child) << "extends = \"../" << parent.filename().string() << "\"\n";
  const auto own = folder / "own.toml";
  std::ofstream(own) << "extends = \"../" << parent.filename().string()
                     << "\"\n[base]\npath = \"c.txt\"\n";

  const Study read = read_study(child, modules_);

  EXPECT_EQ(read.base.at("path"), Value((parent.parent_path() / "a.txt").string()));
  EXPECT_EQ(read.components[0].alternatives[0].second.at("path"), Value("data:b"));
  EXPECT_EQ(read_study(own, modules_).base.at("path"), Value("c.txt"));
}

}  // namespace
}  // namespace saggio::harness
