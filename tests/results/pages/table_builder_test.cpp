// SPDX-License-Identifier: MIT
#include "results/pages/table_builder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "results/pages/quantity.h"
#include "tests/results/pages/example_study.h"

namespace saggio::results {
namespace {

const std::vector<std::string> kColumns{"heldout/bits_per_byte", "delta", "p", "params"};

size_t index_of(const Table& table, const std::string& column) {
  for (size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].name == column) return i;
  }
  throw std::out_of_range("no column " + column);
}

const Cell& cell(const Table& table, size_t row, const std::string& column) {
  return table.rows[row].cells[index_of(table, column)];
}

bool has_note(const Table& table, const std::string& part) {
  return std::any_of(table.notes.begin(), table.notes.end(), [&part](const std::string& note) {
    return note.find(part) != std::string::npos;
  });
}

TEST(TableBuilder, CellsShowMeanHalfWidthAndCount) {
  const StudyData study = example_study();

  const Table table = make_table(study, example_numbers(study), "main", kColumns);

  EXPECT_EQ(text(cell(table, 0, "heldout/bits_per_byte")), "1.1015 ± 0.0010 (8)");
  EXPECT_EQ(text(cell(table, 1, "heldout/bits_per_byte")), "1.1230 ± 0.0020 (8)");
  EXPECT_EQ(text(cell(table, 0, "delta")), "—");
  EXPECT_EQ(text(cell(table, 1, "delta")), "+0.0190 ± 0.0012 (8)");
  EXPECT_EQ(text(cell(table, 1, "delta_percent")), "+1.92");  // 100 (e^.0190 - 1) = 1.918
  EXPECT_EQ(text(cell(table, 1, "p")), "0.0078");
  EXPECT_EQ(cell(table, 1, "heldout/bits_per_byte").run_ids.front(), "g0");
  EXPECT_EQ(cell(table, 1, "delta").run_ids.size(), 16U);
}

TEST(TableBuilder, EveryOtherColumnOfAComparisonCanBeAskedFor) {
  const StudyData study = example_study();

  const Table table =
      make_table(study,
                 example_numbers(study),
                 "main",
                 {"ci", "effect_size", "correlation", "smallest_s", "n", "diverged"});

  EXPECT_EQ(text(cell(table, 1, "ci")), "[+0.0178, +0.0202]");
  EXPECT_EQ(text(cell(table, 1, "effect_size")), "13.46");
  EXPECT_EQ(text(cell(table, 1, "correlation")), "0.99");
  EXPECT_EQ(text(cell(table, 1, "smallest_s")), "0.020");
  EXPECT_EQ(text(cell(table, 1, "n")), "8");
  EXPECT_EQ(text(cell(table, 1, "diverged")), "0");
}

TEST(TableBuilder, OnADifferenceScaleThereIsNoPerCent) {
  StudyData study = example_study();
  study.metric.scale = Scale::kDifference;

  const Table table = make_table(study, example_numbers(study), "main", kColumns);

  EXPECT_THROW(index_of(table, "delta_percent"), std::out_of_range);
  EXPECT_TRUE(has_note(table, "arm − full system"));
}

TEST(TableBuilder, ExactCountsAreWrittenOut) {
  const StudyData study = example_study();

  const Table table = make_table(study, example_numbers(study), "main", {"params"});

  EXPECT_EQ(text(cell(table, 0, "parameters")), "152,320");
  EXPECT_EQ(text(cell(table, 1, "parameters")), "98,304");
}

TEST(TableBuilder, LargeOrMeasuredCountsShareAPrefix) {
  const StudyData study = example_study();
  StudyNumbers numbers = example_numbers(study);
  numbers.summaries["train_flops"] = {example_summary(study.arms[0], 1.234e9, 0),
                                      example_summary(study.arms[1], 9.87e8, 0)};
  numbers.summaries["train_bytes"] = {example_summary(study.arms[0], 152320, 1200),
                                      example_summary(study.arms[1], 2.5e9, 0)};

  const Table table = make_table(study, numbers, "main", {"flops", "bytes"});

  EXPECT_EQ(text(cell(table, 0, "train_flops")), "1234.0 M");
  EXPECT_EQ(text(cell(table, 1, "train_flops")), "987.0 M");
  EXPECT_EQ(text(cell(table, 0, "train_bytes")), "152.3 ± 1.2 k (8)");  // too unlike for one prefix
  EXPECT_EQ(text(cell(table, 1, "train_bytes")), "2.500 G");
}

TEST(TableBuilder, TheBestArmIsBoldIfItBeatsAnother) {
  const StudyData study = example_study();

  const Table table = make_table(study, example_numbers(study), "main", kColumns);

  EXPECT_TRUE(cell(table, 0, "heldout/bits_per_byte").bold);
  EXPECT_FALSE(cell(table, 1, "heldout/bits_per_byte").bold);
  EXPECT_TRUE(has_note(table, "Bold"));
}

// A third arm that ties with the best shares its bold.
TEST(TableBuilder, TiesShareTheBold) {
  StudyData study = example_study();
  study.arms.push_back(study.arms[0]);
  study.arms[2].name = "tie";
  StudyNumbers numbers = example_numbers(study);
  for (auto& [quantity, summaries] : numbers.summaries) summaries.push_back(summaries[0]);
  Comparison tie = numbers.comparisons[0];
  tie.arm = "tie", tie.p = tie.p_holm = .3, tie.worse = false;
  numbers.comparisons.push_back(tie);
  numbers.against_best = numbers.comparisons;

  const Table table = make_table(study, numbers, "main", kColumns);

  EXPECT_TRUE(cell(table, 0, "heldout/bits_per_byte").bold);
  EXPECT_FALSE(cell(table, 1, "heldout/bits_per_byte").bold);
  EXPECT_TRUE(cell(table, 2, "heldout/bits_per_byte").bold);
}

TEST(TableBuilder, NothingIsBoldWithoutACorrectedDifference) {
  const StudyData study = example_study();
  StudyNumbers numbers = example_numbers(study);
  numbers.against_best[0].p_holm = .06;

  const Table table = make_table(study, numbers, "main", kColumns);

  EXPECT_FALSE(cell(table, 0, "heldout/bits_per_byte").bold);
  EXPECT_TRUE(has_note(table, "Nothing is bold"));
}

TEST(TableBuilder, AnArmThatDivergedIsNeverBold) {
  StudyData study = example_study();
  StudyNumbers numbers = example_numbers(study);
  numbers.summaries["heldout/bits_per_byte"][0].diverged = 1;  // the better mean, of survivors
  numbers.summaries["heldout/bits_per_byte"][0].n = 7;

  const Table table = make_table(study, numbers, "main", kColumns);

  EXPECT_EQ(best_arm(study, numbers.summaries["heldout/bits_per_byte"]), 1);
  EXPECT_FALSE(cell(table, 0, "heldout/bits_per_byte").bold);
  EXPECT_EQ(text(table.rows[0].cells[0]), "full system [1/8 diverged]");
  EXPECT_TRUE(has_note(table, "1/16 diverged"));
}

TEST(TableBuilder, FailedAndMissingRunsAreCountedInTheRow) {
  const StudyData study = example_study();
  StudyNumbers numbers = example_numbers(study);
  Summary& summary = numbers.summaries["heldout/bits_per_byte"][1];
  summary.n = 5, summary.failed = 2, summary.missing = 1;

  const Table table = make_table(study, numbers, "main", kColumns);

  EXPECT_EQ(text(table.rows[1].cells[0]), "− gate [2 failed, 1 missing]");
  EXPECT_EQ(table.rows[1].cells[0].values, (std::vector<double>{5, 0, 2, 1}));
}

TEST(TableBuilder, FewerThanSixPairsAreMarkedExploratory) {
  const StudyData study = example_study(5);
  StudyNumbers numbers = example_numbers(study);
  numbers.comparisons[0].p_holm = numbers.against_best[0].p_holm = .0625;

  const Table table = make_table(study, numbers, "main", kColumns);

  EXPECT_EQ(text(cell(table, 1, "p")), "0.062†");
  EXPECT_TRUE(has_note(table, "† n < 6: exploratory"));
  EXPECT_FALSE(cell(table, 0, "heldout/bits_per_byte").bold);
}

TEST(TableBuilder, WhatIsShownIsSaidFirst) {
  const StudyData study = example_study();
  StudyNumbers numbers = example_numbers(study);
  const auto lead = [&](bool better, bool worse) {
    numbers.comparisons[0].better = better, numbers.comparisons[0].worse = worse;
    return make_table(study, numbers, "main", kColumns).lead;
  };

  EXPECT_EQ(lead(false, true),
            "By heldout bits per byte, full system is better than −\u00A0gate; no arm is shown to "
            "beat it.");
  EXPECT_EQ(lead(true, false), "By heldout bits per byte, better than full system: −\u00A0gate.");
  EXPECT_EQ(lead(false, false),
            "By heldout bits per byte, no arm is shown to differ from full system.");
}

TEST(TableBuilder, RefusedStatisticsSayWhy) {
  StudyData study = example_study();
  study.mixed_code = true;
  StudyNumbers numbers = example_numbers(study);
  numbers.comparisons[0] = {
      .arm = "minus_gate", .baseline = "full", .refused = "runs of two builds"};
  numbers.against_best = numbers.comparisons;

  const Table table = make_table(study, numbers, "main", kColumns);

  EXPECT_EQ(text(cell(table, 1, "delta")), "—");
  EXPECT_TRUE(std::isnan(cell(table, 1, "p").values[0]));
  EXPECT_TRUE(has_note(table, "Not compared: −\u00A0gate (runs of two builds)."));
  EXPECT_TRUE(has_note(table, "Mixed code"));
  EXPECT_FALSE(cell(table, 0, "heldout/bits_per_byte").bold);
}

TEST(TableBuilder, LooksAndLevelsAreNamed) {
  StudyData study = example_study();
  study.extensions = 1, study.alpha = .025;

  const Table table = make_table(study, example_numbers(study), "main", kColumns);

  EXPECT_TRUE(has_note(table, "97.5 % t-interval"));
  EXPECT_TRUE(has_note(table, "extended 1 time after looking: tests are at α = 0.025"));
  EXPECT_TRUE(has_note(table, "Holm-corrected over 1 comparison; α = 0.025"));
}

TEST(TableBuilder, ArmsWithinTheSmallestEffectAreNamed) {
  StudyData study = example_study();
  study.smallest_effect = .03;
  EXPECT_TRUE(has_note(make_table(study, example_numbers(study), "main", kColumns),
                       "No difference to full system (90 % interval inside ± 0.03): −\u00A0gate"));

  study.smallest_effect = 0;  // not declared
  EXPECT_FALSE(
      has_note(make_table(study, example_numbers(study), "main", kColumns), "No difference"));
}

TEST(TableBuilder, NotesOfArmsAndStudyAndUncountedOperationsArePrinted) {
  StudyData study = example_study();
  study.notes = {"tuned on 2 seeds"};
  study.arms[1].notes = {"model.ffn_width = 171 to match params"};
  study.arms[0].runs[0].record.ledger.uncounted["aten::odd"] = 3;
  StudyNumbers numbers = example_numbers(study);
  numbers.summaries["train_flops"] = numbers.summaries["parameters"];

  const Table table = make_table(study, numbers, "main", {"flops"});

  EXPECT_TRUE(has_note(table, "tuned on 2 seeds"));
  EXPECT_TRUE(has_note(table, "model.ffn_width = 171"));
  EXPECT_TRUE(has_note(table, "without a formula: aten::odd"));
}

TEST(TableBuilder, AColumnThatNoRunCarriesStaysEmptyAndIsNamed) {
  const StudyData study = example_study();
  const std::vector<std::string> columns = {"heldout/bits_per_byte", "heldout/accuracy"};

  const Table table = make_table(study, analyse(study, columns), "main", columns);

  EXPECT_EQ(text(cell(table, 0, "heldout/accuracy")), "—");
  EXPECT_TRUE(has_note(table,
                       "No run carries heldout/accuracy; there are: heldout/bits_per_byte, "
                       "parameters, seconds; and for every study: n, diverged, delta, "
                       "delta_percent, ci, p, effect_size, correlation, smallest_s."));
}

TEST(TableBuilder, AMetricThatNoRunCarriesIsAnError) {
  StudyData study = example_study();
  study.metric.name = "heldout/accuracy";

  try {
    analyse(study, {"n"});
    FAIL();
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(),
                 "study 'first': no run carries its metric 'heldout/accuracy'; there are: "
                 "heldout/bits_per_byte, parameters, seconds");
  }
}

TEST(TableBuilder, ShortNamesAreOneQuantity) {
  EXPECT_EQ(quantities(example_study(), {"delta", "params", "params"}),
            (std::vector<std::string>{"heldout/bits_per_byte", "parameters"}));
}

TEST(TableBuilder, AStudyOfOneRunHasNoIntervals) {
  StudyData study = example_study(1);
  study.arms.pop_back();

  const Table table = make_table(study, analyse(study, kColumns), "main", kColumns);

  EXPECT_EQ(text(cell(table, 0, "heldout/bits_per_byte")), "1.1000 (1)");
  EXPECT_EQ(text(cell(table, 0, "delta")), "—");
  EXPECT_EQ(table.lead, "");
}

TEST(TableBuilder, AStudyWithoutRunsShowsWhatIsMissing) {
  StudyData study = example_study();
  for (Arm& arm : study.arms) arm.runs.clear();

  const Table table = make_table(study, analyse(study, kColumns), "main", kColumns);

  EXPECT_EQ(text(table.rows[0].cells[0]), "full system [8 missing]");
  EXPECT_EQ(text(cell(table, 0, "heldout/bits_per_byte")), "—");
  for (const char* format : {"text", "md", "tex", "csv", "json", "html"}) {
    EXPECT_FALSE(render(table, table_format(format)).empty()) << format;
  }
}

TEST(TableBuilder, AnArmWhoseRunsAllDivergedHasNoMean) {
  StudyData study = example_study();
  for (RunResult& run : study.arms[1].runs) run.record.outcome = Outcome::kDiverged;

  const Table table = make_table(study, analyse(study, kColumns), "main", kColumns);

  EXPECT_EQ(text(cell(table, 1, "heldout/bits_per_byte")), "—");
  EXPECT_EQ(text(cell(table, 1, "delta")), "—");
  EXPECT_EQ(text(table.rows[1].cells[0]), "− gate [8/8 diverged]");
  EXPECT_TRUE(cell(table, 0, "heldout/bits_per_byte").bold);  // all eight pairs are lost: p = 1/128
}

// analyse() compares with the best arm, also where that is not the baseline.
TEST(TableBuilder, AnalyseFindsTheBestArm) {
  StudyData study = example_study();
  std::swap(study.arms[0].runs, study.arms[1].runs);

  const StudyNumbers numbers = analyse(study, kColumns);
  const Table table = make_table(study, numbers, "main", kColumns);

  EXPECT_EQ(numbers.against_best.at(0).baseline, "minus_gate");
  EXPECT_TRUE(cell(table, 1, "heldout/bits_per_byte").bold);
  EXPECT_FALSE(cell(table, 0, "heldout/bits_per_byte").bold);
  EXPECT_EQ(table.lead, "By heldout bits per byte, better than full system: −\u00A0gate.");
}

TEST(TableBuilder, QuantitiesHaveNamesAndUnitsForPeople) {
  EXPECT_EQ(quantity_label("heldout/bits_per_byte").text, "heldout bits per byte");
  EXPECT_EQ(quantity_label("heldout/bits_per_byte").unit, "");
  EXPECT_EQ(quantity_label("heldout/loss_nats").text, "heldout loss");
  EXPECT_EQ(quantity_label("heldout/loss_nats").unit, "nats");
  EXPECT_EQ(quantity_label("seconds").text, "time");
  EXPECT_EQ(quantity_label("seconds").unit, "s");
  EXPECT_EQ(quantity_label("tokens_per_ms").text, "tokens per ms");
  EXPECT_EQ(quantity_label("_ms").text, " ms");
}

}  // namespace
}  // namespace saggio::results
