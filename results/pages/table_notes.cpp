// SPDX-License-Identifier: MIT
#include "results/pages/table_notes.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "results/pages/quantity.h"
#include "results/pages/table_cells.h"

namespace saggio::results {
namespace {

constexpr int kExactUpTo = 20;  // pairs: all sign flips are enumerated (protocol.md 2)

using Notes = std::vector<std::string>;

bool asks_for(const std::vector<std::string>& columns,
              std::initializer_list<std::string_view> names) {
  return std::any_of(columns.begin(), columns.end(), [&names](const std::string& column) {
    return std::find(names.begin(), names.end(), column) != names.end();
  });
}

std::string level(const StudyData& study) {
  return fmt::format("{:.6g} %", 100 * (1 - study.alpha));
}

// "− gate" stays on one line of running text.
std::string label(const Arm& arm) {
  std::string text = arm.label.empty() ? arm.name : arm.label;
  for (const std::string_view sign : {"− ", "- ", "+ "}) {
    if (text.rfind(sign, 0) == 0) text.replace(sign.size() - 1, 1, "\u00A0");
  }
  return text;
}

std::string label(const StudyData& study, const std::string& name) {
  for (const Arm& arm : study.arms) {
    if (arm.name == name) return label(arm);
  }
  return name;
}

std::vector<const Comparison*> computed(const StudyNumbers& numbers) {
  std::vector<const Comparison*> out;
  for (const Comparison& each : numbers.comparisons) {
    if (each.refused.empty()) out.push_back(&each);
  }
  return out;
}

std::string means_note(const StudyData& study) {
  return fmt::format("Cells: mean ± half width of the {} t-interval (runs behind the number).",
                     level(study));
}

std::string delta_note(const StudyData& study) {
  const bool ratio = study.metric.scale == Scale::kLogRatio;
  const std::string baseline = label(study.arms.front());
  const std::string what =
      ratio ? fmt::format("ln(arm / {})", baseline) : fmt::format("arm − {}", baseline);
  return fmt::format(
      "Δ: mean of {} over pairs of runs with the same seed ± half width of its {} t-interval "
      "(pairs){}; {} is better.",
      what,
      level(study),
      ratio ? ", and the same in per cent" : "",
      study.metric.goal == Goal::kMin ? "negative" : "positive");
}

std::string p_note(const StudyData& study, const std::vector<const Comparison*>& comparisons) {
  int most = 0;
  for (const Comparison* each : comparisons) most = std::max(most, each->pairs);
  return fmt::format(
      "p: two-sided paired sign-flip test ({}), Holm-corrected over {} comparison{}; α = {}.",
      most > kExactUpTo ? "10,000 random flips above 20 pairs" : "exact",
      comparisons.size(),
      comparisons.size() == 1 ? "" : "s",
      study.alpha);
}

std::string bold_note(const StudyData& study, bool any_bold) {
  return any_bold ? fmt::format(
                        "Bold (starred in plain text): the best mean, and those that it does not "
                        "beat at "
                        "corrected p ≤ {}.",
                        study.alpha)
                  : "Nothing is bold: the best mean is not shown to beat any other.";
}

void add_definitions(Notes& notes,
                     const StudyData& study,
                     const StudyNumbers& numbers,
                     const std::vector<std::string>& columns,
                     bool any_bold) {
  notes.push_back(means_note(study));
  const auto comparisons = computed(numbers);
  if (comparisons.empty()) return;
  if (asks_for(columns, {"delta", "delta_percent", "ci"})) notes.push_back(delta_note(study));
  if (asks_for(columns, {"p"})) notes.push_back(p_note(study, comparisons));
  if (asks_for(columns, {"effect_size"})) {
    notes.push_back(
        "Effect size: mean / standard deviation of the paired differences (Cohen's d_z).");
  }
  if (asks_for(columns, {"correlation"})) {
    notes.push_back(
        "Correlation: of the paired values; the higher, the more pairing by seed gains.");
  }
  if (asks_for(columns, {study.metric.name})) notes.push_back(bold_note(study, any_bold));
}

// Which arms are shown to make no difference (TOST at 5 %), or what the column smallest_s means.
void add_equivalence(Notes& notes,
                     const StudyData& study,
                     const StudyNumbers& numbers,
                     const std::vector<std::string>& columns) {
  if (asks_for(columns, {"smallest_s"})) {
    notes.push_back(
        "Smallest s: the smallest bound ± s for which “no difference” would hold (90 % interval "
        "inside).");
  }
  const double s = study.smallest_effect;
  std::vector<std::string> same;
  for (const Comparison* each : computed(numbers)) {
    const bool inside =
        each->equivalence && each->equivalence->low > -s && each->equivalence->high < s;
    if (inside && each->pairs >= kLeastPairs && each->diverged == 0)
      same.push_back(label(study, each->arm));
  }
  if (same.empty()) return;
  notes.push_back(fmt::format("No difference to {} (90 % interval inside ± {}): {}.",
                              label(study.arms.front()),
                              s,
                              fmt::join(same, ", ")));
}

void add_cautions(Notes& notes, const StudyData& study, const StudyNumbers& numbers) {
  const auto comparisons = computed(numbers);
  const bool few = std::any_of(comparisons.begin(), comparisons.end(), [](const Comparison* each) {
    return each->pairs < kLeastPairs;
  });
  if (few) notes.push_back("† n < 6: exploratory, decides nothing.");
  if (study.extensions > 0) {
    notes.push_back(
        fmt::format("The seeds were extended {} time{} after looking: tests are at α = {}.",
                    study.extensions,
                    study.extensions == 1 ? "" : "s",
                    study.alpha));
  }
  std::map<std::string, std::vector<std::string>> not_compared;  // arms by reason
  for (const Comparison& each : numbers.comparisons) {
    if (!each.refused.empty()) not_compared[each.refused].push_back(label(study, each.arm));
  }
  for (const auto& [reason, arms] : not_compared) {
    notes.push_back(fmt::format("Not compared: {} ({}).", fmt::join(arms, ", "), reason));
  }
  if (study.mixed_code) {
    notes.push_back(
        fmt::format("Mixed code: the runs were made by more than one build{}.",
                    study.allow_mixed_code ? "; paired tests were allowed explicitly" : ""));
  }
}

void add_failures(Notes& notes, const StudyData& study, const StudyNumbers& numbers) {
  const auto found = numbers.summaries.find(study.metric.name);
  if (found == numbers.summaries.end()) return;
  Summary all;
  for (const Summary& each : found->second) {
    all.n += each.n, all.diverged += each.diverged, all.failed += each.failed,
        all.missing += each.missing;
  }
  const std::string text =
      failures(all, study.planned_seeds * static_cast<int64_t>(study.arms.size()));
  if (text.empty()) return;
  notes.push_back(
      fmt::format("Runs: {}; means are over the finished ones{}.",
                  text,
                  all.diverged == 0 ? "" : ", a diverged run counts against its arm in p"));
}

// FLOPs that leave operations out say so.
void add_uncounted(Notes& notes, const StudyData& study, const std::vector<std::string>& columns) {
  if (!asks_for(columns, {"flops", "train_flops", "eval_flops"})) return;
  std::set<std::string> operations;
  for (const Arm& arm : study.arms) {
    for (const RunResult& run : arm.runs) {
      for (const auto& [name, times] : run.record.ledger.uncounted) operations.insert(name);
    }
  }
  if (operations.empty()) return;
  notes.push_back(fmt::format("FLOPs leave out operations without a formula: {}.",
                              fmt::join(operations, ", ")));
}

}  // namespace

std::vector<std::string> table_notes(const StudyData& study,
                                     const StudyNumbers& numbers,
                                     const std::vector<std::string>& columns,
                                     bool any_bold) {
  Notes notes;
  if (study.arms.empty()) return {"The study has no arms."};
  add_definitions(notes, study, numbers, columns, any_bold);
  add_equivalence(notes, study, numbers, columns);
  add_uncounted(notes, study, columns);
  for (const Arm& arm : study.arms) {
    if (!arm.notes.empty())
      notes.push_back(fmt::format("{}: {}.", label(arm), fmt::join(arm.notes, "; ")));
  }
  notes.insert(notes.end(), study.notes.begin(), study.notes.end());
  add_failures(notes, study, numbers);
  add_cautions(notes, study, numbers);
  return notes;
}

std::string table_lead(const StudyData& study, const StudyNumbers& numbers) {
  const auto found = numbers.summaries.find(study.metric.name);
  const std::vector<const Comparison*> all = computed(numbers);
  if (found == numbers.summaries.end() || all.empty()) return "";
  const std::string baseline = label(study.arms.front());
  const std::string metric = quantity_label(study.metric.name).text;
  const auto labels = [&](bool Comparison::*outcome) {
    std::vector<std::string> arms;
    for (const Comparison* each : all)
      if (each->*outcome) arms.push_back(label(study, each->arm));
    return fmt::format("{}", fmt::join(arms, ", "));
  };
  const std::string better = labels(&Comparison::better), worse = labels(&Comparison::worse);
  if (better.empty() && worse.empty())
    return fmt::format("By {}, no arm is shown to differ from {}.", metric, baseline);
  if (better.empty())
    return fmt::format(
        "By {}, {} is better than {}; no arm is shown to beat it.", metric, baseline, worse);
  if (worse.empty()) return fmt::format("By {}, better than {}: {}.", metric, baseline, better);
  return fmt::format("By {}, better than {}: {}; worse: {}.", metric, baseline, better, worse);
}

std::string failures(const Summary& summary, int64_t planned) {
  std::vector<std::string> parts;
  if (summary.diverged > 0)
    parts.push_back(fmt::format("{}/{} diverged", summary.diverged, planned));
  if (summary.failed > 0) parts.push_back(fmt::format("{} failed", summary.failed));
  if (summary.missing > 0) parts.push_back(fmt::format("{} missing", summary.missing));
  return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace saggio::results
