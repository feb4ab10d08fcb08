// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "results/pages/number_text.h"
#include "results/pages/report.h"
#include "results/statistics/verdict.h"

namespace saggio::results {
namespace {

// Every run of the study with its arm.
template <typename Visit>
void for_each_run(const StudyData& study, Visit visit) {
  for (const Arm& arm : study.arms) {
    for (const RunResult& run : arm.runs) visit(arm, run);
  }
}

std::string label(const Arm& arm) { return arm.label.empty() ? arm.name : arm.label; }

std::string duration(double seconds) {
  if (!(seconds >= 0)) return "n/a";
  if (seconds < 120) return significant(seconds, 3) + " s";
  const auto minutes = static_cast<int64_t>(std::llround(seconds / 60));
  if (minutes < 120) return fmt::format("{} min", minutes);
  return fmt::format("{} h {} min", minutes / 60, minutes % 60);
}

std::string with_prefix(double value, std::string_view unit) {
  const Prefix prefix = si_prefix(value);
  return fmt::format("{} {}{}", significant(value / prefix.factor, 3), prefix.symbol, unit);
}

std::vector<ReportRun> runs_of(const StudyData& study) {
  std::vector<ReportRun> runs;
  for_each_run(study, [&runs](const Arm& arm, const RunResult& run) {
    std::string outcome{name(run.record.outcome)};
    if (!run.record.message.empty()) outcome += ": " + run.record.message;
    runs.push_back({run.id, label(arm), run.seed, std::move(outcome), run.folder});
  });
  return runs;
}

std::vector<std::string> outcome_warnings(const StudyData& study) {
  std::map<Outcome, int> outcomes;
  int64_t total = 0;
  for_each_run(study, [&](const Arm&, const RunResult& run) {
    ++outcomes[run.record.outcome];
    ++total;
  });
  std::vector<std::string> out;
  for (const auto& [outcome, count] : outcomes) {
    if (outcome == Outcome::kFinished) continue;
    out.push_back(fmt::format("{} of {} runs: {}.", count, total, name(outcome)));
  }
  const int64_t planned = study.planned_seeds * static_cast<int64_t>(study.arms.size());
  if (total < planned)
    out.push_back(fmt::format("{} of {} planned runs are missing.", planned - total, planned));
  return out;
}

std::vector<std::string> warnings_of(const StudyData& study) {
  std::vector<std::string> out;
  if (study.planned_seeds < kLeastPairs) {
    out.push_back(fmt::format("Exploratory: {} seeds, and nothing is decided below {}.",
                              study.planned_seeds,
                              kLeastPairs));
  }
  if (study.mixed_code) {
    out.push_back(fmt::format("Mixed code: the runs were made by more than one build; {}.",
                              study.allow_mixed_code ? "paired tests were allowed explicitly"
                                                     : "paired tests are refused"));
  }
  for (std::string& each : outcome_warnings(study)) out.push_back(std::move(each));
  return out;
}

std::vector<Fact> costs_of(const StudyData& study) {
  double seconds = 0, flops = 0, memory = 0;
  size_t runs = 0;
  std::set<std::string> uncounted;
  for_each_run(study, [&](const Arm&, const RunResult& run) {
    const Ledger& ledger = run.record.ledger;
    seconds += ledger.total("seconds");
    flops += ledger.total("train_flops") + ledger.total("eval_flops");
    memory = std::max(memory, ledger.total("peak_memory_bytes"));
    for (const auto& [operation, times] : ledger.uncounted) uncounted.insert(operation);
    ++runs;
  });
  std::vector<Fact> out{{"runs", std::to_string(runs)}};
  if (seconds > 0) out.push_back({"time of all runs together", duration(seconds)});
  if (flops > 0) out.push_back({"FLOPs of all runs together", with_prefix(flops, "FLOP")});
  if (memory > 0) out.push_back({"largest memory of a run", with_prefix(memory, "B")});
  if (!uncounted.empty()) {
    out.push_back({"not counted", fmt::format("FLOPs of {}", fmt::join(uncounted, ", "))});
  }
  return out;
}

std::vector<Fact> method_of(const StudyData& study) {
  const bool ratio = study.metric.scale == Scale::kLogRatio;
  std::vector<Fact> out{
      {"module", study.module},
      {"metric",
       fmt::format("{}, {} is better",
                   study.metric.name,
                   study.metric.goal == Goal::kMin ? "lower" : "higher")},
      {"seeds", fmt::format("{} per arm, the same for all arms", study.planned_seeds)},
      {"comparison",
       fmt::format("{} of runs with the same seed; baseline: {}",
                   ratio ? "log ratio" : "difference",
                   study.arms.empty() ? "none" : label(study.arms.front()))},
      {"interval", fmt::format("{:.6g} % t-interval of the mean", 100 * (1 - study.alpha))},
      {"test",
       "two-sided paired sign-flip test, exact up to 20 pairs, else 10,000 random flips; a "
       "diverged run counts against its arm"},
      {"correction", fmt::format("Holm over all arms; α = {}", study.alpha)}};
  if (study.smallest_effect > 0) {
    out.push_back({"smallest effect of interest", fmt::format("{}", study.smallest_effect)});
  }
  out.push_back({"looks",
                 study.extensions == 0
                     ? "one: the seeds were fixed before the first run"
                     : fmt::format("{}: the seeds were extended {} time{}, and α halved each time",
                                   study.extensions + 1,
                                   study.extensions,
                                   study.extensions == 1 ? "" : "s")});
  return out;
}

std::vector<Fact> code_of(const StudyData& study) {
  std::map<std::string, int> builds;
  for_each_run(study, [&builds](const Arm&, const RunResult& run) { ++builds[run.code_id]; });
  std::vector<Fact> out;
  for (const auto& [code, runs] : builds) {
    if (!code.empty()) out.push_back({"code id", fmt::format("{} ({} runs)", code, runs)});
  }
  return out;
}

}  // namespace

Report report_of(const StudyData& study) {
  Report report;
  report.name = study.name;
  report.question = study.question;
  report.warnings = warnings_of(study);
  report.costs = costs_of(study);
  report.method = method_of(study);
  report.environment = code_of(study);
  report.runs = runs_of(study);
  return report;
}

}  // namespace saggio::results
