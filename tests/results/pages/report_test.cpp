// SPDX-License-Identifier: MIT
#include "results/pages/report.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "results/store/files.h"
#include "tests/results/pages/example_study.h"
#include "tests/results/store/temporary_folder.h"

namespace saggio::results {
namespace {

constexpr const char* kNasty = "<b>&\"'</b> <script>alert(1)</script>";
constexpr const char* kSvg =
    "<?xml version=\"1.0\"?>\n<svg \n width=\"60\" height=\"40\"\n viewBox=\"0 0 60 40\">"
    "<defs><path id='mark' d='M0,0'/></defs><use xlink:href='#mark'/>"
    "<rect clip-path=\"url(#mark)\"/><text>bits_per_byte</text></svg>\n";

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

Report full_report(const std::filesystem::path& picture) {
  const StudyData study = example_study();
  Report report = report_of(study);
  report.claim = ReportClaim{"S4:49", "Lower by 15 %.", "seed 4, line 49", "One seed."};
  report.verdict = "Confirmed on the toy task.";
  report.tables = {
      make_table(study, example_numbers(study), "main", {"heldout/bits_per_byte", "delta", "p"})};
  report.figures = {{picture, "Differences.", {"forest.gp"}}};
  report.environment.push_back({"CPU", "two cores"});
  report.commands = {"saggio run first.toml"};
  return report;
}

// Every element that is opened is closed, in the right order.
std::string unbalanced(const std::string& page) {
  static const std::set<std::string> kVoid{"meta", "img", "!DOCTYPE"};
  std::vector<std::string> open;
  for (size_t at = page.find('<'); at != std::string::npos; at = page.find('<', at + 1)) {
    const size_t end = page.find('>', at);
    if (end == std::string::npos) return "cut off";
    const std::string tag = page.substr(at + 1, end - at - 1);
    const std::string name = tag.substr(0, tag.find_first_of(" \n/", 1));
    if (tag.back() == '/' || kVoid.count(name) > 0) continue;
    if (tag.front() != '/') {
      open.push_back(name);
    } else if (open.empty() || "/" + open.back() != tag) {
      return tag;
    } else {
      open.pop_back();
    }
  }
  return open.empty() ? "" : open.back();
}

TEST(Report, IsOneWellFormedPageWithoutScriptsOrAddresses) {
  const TemporaryFolder folder;
  write_durably(folder.path() / "a.svg", kSvg);

  const std::string page = html(full_report(folder.path() / "a.svg"));

  EXPECT_EQ(unbalanced(page), "");
  EXPECT_TRUE(page.starts_with("<!DOCTYPE html>"));
  EXPECT_FALSE(contains(page, "<script"));
  EXPECT_FALSE(contains(page, "<link"));
  EXPECT_FALSE(contains(page, "src=\"http"));
  EXPECT_FALSE(contains(page, "@import"));
}

TEST(Report, HoldsEverythingInReadingOrder) {
  const TemporaryFolder folder;
  write_durably(folder.path() / "a.svg", kSvg);
  Report report = full_report(folder.path() / "a.svg");
  report.warnings = {"1 run failed."};

  const std::string page = html(report);

  size_t last = 0;
  for (const char* part : {"<h1>first</h1>",
                           "Does the gate pay?",
                           "1 run failed.",
                           "Lower by 15 %.",
                           "Source: seed 4, line 49",
                           "Confirmed on the toy task.",
                           "1.1015 ± 0.0010",
                           "bits_per_byte</text>",
                           "Differences.",
                           "forest.gp",
                           "How it was measured",
                           "two cores",
                           "saggio run first.toml",
                           "16 runs",
                           "runs/first/g7"}) {
    const size_t at = page.find(part, last);
    EXPECT_NE(at, std::string::npos) << part;
    last = at == std::string::npos ? last : at;
  }
}

TEST(Report, LeavesOutWhatIsEmpty) {
  const std::string page = html(Report{.name = "bare"});

  EXPECT_EQ(unbalanced(page), "");
  EXPECT_FALSE(contains(page, "<h2>"));
  EXPECT_FALSE(contains(page, "<div"));
}

TEST(Report, EscapesEverything) {
  const TemporaryFolder folder;
  write_durably(folder.path() / "a.svg", kSvg);
  Report report{.name = kNasty, .question = kNasty, .warnings = {kNasty}, .verdict = kNasty};
  report.claim = ReportClaim{kNasty, kNasty, kNasty, kNasty};
  report.figures = {{folder.path() / "a.svg", kNasty, {kNasty}}};
  report.costs = report.method = report.environment = {{kNasty, kNasty}};
  report.commands = {kNasty};
  report.runs = {{kNasty, kNasty, 1, kNasty, kNasty}};

  const std::string page = html(report);

  EXPECT_EQ(unbalanced(page), "");
  EXPECT_FALSE(contains(page, "<script"));
  EXPECT_FALSE(contains(page, "<b>&"));
}

TEST(Report, PicturesDoNotShareIds) {
  const TemporaryFolder folder;
  write_durably(folder.path() / "a.svg", kSvg);
  Report report{.name = "two"};
  report.figures = {{folder.path() / "a.svg", "one", {}}, {folder.path() / "a.svg", "two", {}}};

  const std::string page = html(report);

  for (const char* part : {"id='figure1-mark'",
                           "href='#figure1-mark'",
                           "url(#figure1-mark)",
                           "id='figure2-mark'",
                           "viewBox=\"0 0 60 40\"",
                           "aria-label=\"two\""}) {
    EXPECT_TRUE(contains(page, part)) << part;
  }
  EXPECT_FALSE(contains(page, "<?xml"));
  EXPECT_FALSE(contains(page, "width=\"60\""));  // scales with the page
}

TEST(Report, APngGoesInAsData) {
  const TemporaryFolder folder;
  write_durably(folder.path() / "a.png", std::string("\x89PNG\r\n\x1a\n", 8));
  Report report{.name = "png"};
  report.figures = {{folder.path() / "a.png", "dot", {}}};

  EXPECT_TRUE(
      contains(html(report), "<img src=\"data:image/png;base64,iVBORw0KGgo=\" alt=\"dot\">"));
}

TEST(Report, PicturesWithScriptsAreRefused) {
  const TemporaryFolder folder;
  for (const char* content : {"<svg><script>x</script></svg>",
                              "<svg><g onclick='x'/></svg>",
                              "<svg><g\nONLOAD=\"x\"/></svg>",
                              "<svg><a xlink:href='javascript:x'/></svg>",
                              "<svg><foreignObject/></svg>",
                              "no picture"}) {
    write_durably(folder.path() / "bad.svg", content);
    Report report{.name = "bad"};
    report.figures = {{folder.path() / "bad.svg", "", {}}};
    EXPECT_THROW(html(report), std::runtime_error) << content;
  }
  Report missing{.name = "missing"};
  missing.figures = {{folder.path() / "none.svg", "", {}}};
  EXPECT_THROW(html(missing), std::runtime_error);
}

TEST(Report, WarningsNameWhatWentWrong) {
  StudyData study = example_study(5);
  study.mixed_code = true;
  study.arms[0].runs.pop_back();
  study.arms[1].runs[0].record.outcome = Outcome::kDiverged;
  study.arms[1].runs[1].record.outcome = Outcome::kFailed;
  study.arms[1].runs[1].record.message = "out of memory";

  const Report report = report_of(study);

  EXPECT_EQ(report.warnings,
            (std::vector<std::string>{
                "Exploratory: 5 seeds, and nothing is decided below 6.",
                "Mixed code: the runs were made by more than one build; paired tests are refused.",
                "1 of 9 runs: diverged.",
                "1 of 9 runs: failed.",
                "1 of 10 planned runs are missing."}));
  EXPECT_EQ(report.runs[5].outcome, "failed: out of memory");
  EXPECT_TRUE(report_of(example_study()).warnings.empty());
}

TEST(Report, CostsAreSummedOverAllRuns) {
  StudyData study = example_study();
  for (Arm& arm : study.arms) {
    for (RunResult& run : arm.runs) run.record.ledger.set("", "train_flops", 1e12);
  }

  const Report report = report_of(study);

  ASSERT_EQ(report.costs.size(), 3U);
  EXPECT_EQ(report.costs[0].value, "16");
  EXPECT_EQ(report.costs[1].value, "12 min");  // 2 (8 * 40 + 28) = 696 s
  EXPECT_EQ(report.costs[2].value, "16.0 TFLOP");
  EXPECT_EQ(report.environment[0].value, "c0de (16 runs)");
}

TEST(Report, AStudyWithoutArmsStillMakesAPage) {
  const std::string page = html(report_of(StudyData{.name = "empty", .planned_seeds = 8}));

  EXPECT_EQ(unbalanced(page), "");
  EXPECT_TRUE(contains(page, "baseline: none"));
}

}  // namespace
}  // namespace saggio::results
