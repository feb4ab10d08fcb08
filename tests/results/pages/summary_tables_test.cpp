// SPDX-License-Identifier: MIT
#include "results/pages/summary_tables.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace saggio::results {
namespace {

RunResult run(const std::string& id, uint64_t seed, double loss) {
  RunResult result{.id = id, .seed = seed};
  result.record.metrics["heldout/loss"] = loss;
  return result;
}

// Two arms on two tasks, eight seeds: `new` is better by .5 everywhere.
std::vector<StudyData> two_tasks() {
  std::vector<StudyData> tasks;
  for (const std::string name : {"english", "french"}) {
    StudyData& task = tasks.emplace_back();
    task.name = "s on " + name, task.task = name;
    task.metric = {"heldout/loss", Goal::kMin, Scale::kDifference};
    task.alpha = .025;
    task.arms = {{.name = "full", .label = "full"}, {.name = "new", .label = "optimizer = new"}};
    for (uint64_t seed = 1; seed <= 8; ++seed) {
      const double loss = 3 + .1 * static_cast<double>(seed % 4);
      task.arms[0].runs.push_back(run(name + "f" + std::to_string(seed), seed, loss));
      task.arms[1].runs.push_back(run(name + "n" + std::to_string(seed), seed, loss - .5));
    }
  }
  return tasks;
}

bool says(const Table& table, const std::string& text) {
  return std::any_of(table.notes.begin(), table.notes.end(), [&](const std::string& note) {
    return note.find(text) != std::string::npos;
  });
}

TEST(TasksTable, HasARowPerArmWithItsIntervalsAndSaysWhatTheyAre) {
  const std::vector<StudyData> tasks = two_tasks();

  const Table table = tasks_table("s", "Is it better?", tasks);

  EXPECT_EQ(table.title, "s, 2 tasks together: Is it better?");
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_EQ(text(table.rows[0].cells[2]), "—");  // the baseline is not compared with itself
  EXPECT_EQ(table.rows[1].cells[2].parts.front(), "−0.5000");
  EXPECT_EQ(table.rows[1].cells[3].parts.front(), "1.000");
  EXPECT_EQ(table.rows[1].cells[4].parts.front(), "16");
  EXPECT_EQ(table.rows[1].cells[1].run_ids.size(), 16U);
  EXPECT_TRUE(says(table, "Tasks: english, french."));
  EXPECT_TRUE(says(table, "95 % percentile interval of 10,000 bootstrap draws"));
  EXPECT_TRUE(says(table, "It under-covers when a task has few runs"));
  for (const TableFormat format : {TableFormat::kText,
                                   TableFormat::kMarkdown,
                                   TableFormat::kLatex,
                                   TableFormat::kCsv,
                                   TableFormat::kJson,
                                   TableFormat::kHtml})
    EXPECT_FALSE(render(table, format).empty());
}

TEST(TasksTable, ShowsDivergedRunsAndWhatWasRefused) {
  std::vector<StudyData> tasks = two_tasks();
  for (RunResult& one : tasks[0].arms[1].runs) one.record.outcome = Outcome::kDiverged;
  Table table = tasks_table("s", "", tasks);
  EXPECT_EQ(table.rows[1].cells[0].note, "8/16 diverged");
  EXPECT_EQ(table.rows[1].cells[1].parts.front(), "diverged");

  tasks[0].arms[1].runs.clear();
  table = tasks_table("s", "", tasks);
  EXPECT_EQ(table.rows[1].cells[1].parts.front(), "refused");
  EXPECT_TRUE(says(table, "optimizer = new: refused, no run of new in s on english."));
}

TEST(EffectsTable, HasARowPerEffect) {
  StudyData study = two_tasks().front();
  study.factorial = true;
  study.arms[0].off.emplace();
  study.arms[1].off = {"gate"};

  const Table table = effects_table(study);

  ASSERT_EQ(table.rows.size(), 1U);
  EXPECT_EQ(table.rows[0].name, "gate");
  EXPECT_EQ(table.rows[0].cells[1].parts.front(), "+0.500000");  // on − off: it does harm
  EXPECT_EQ(table.rows[0].cells[1].count, "8");
  EXPECT_EQ(table.rows[0].cells[2].values[0], 2. / 256);
  EXPECT_TRUE(says(table, "negative means that it helps"));
  EXPECT_TRUE(says(table, "Holm-corrected over 1 effects; α = 0.025"));
}

}  // namespace
}  // namespace saggio::results
