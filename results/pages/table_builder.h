// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>
#include <vector>

#include "results/pages/table.h"
#include "results/statistics/analysis.h"
#include "results/study_data.h"

// From a study and its statistics to the table that is printed. Only the choice of digits, words
// and marks happens here: no statistic is computed. Columns, as a study file names them:
//
//   any metric or ledger quantity  mean ± half width of its interval (n);
//                                  short names: params, flops, bytes, memory
//   delta, ci                      paired difference to the first arm, in per cent too on a log
//                                  ratio; its interval
//   p, effect_size, correlation    of that difference; p corrected over the family
//   smallest_s                     the bound above which "no difference" would hold
//   n, diverged                    runs behind the study's metric; runs that diverged
//
// Never dropped silently: runs that diverged, failed or are missing stand in their arm's row, and
// refused statistics say why.
namespace saggio::results {

struct StudyNumbers {
  // By metric or ledger quantity, one entry per arm.
  std::map<std::string, std::vector<Summary>> summaries;
  // Of every arm but the first with the first.
  std::vector<Comparison> comparisons;
  // Of every other arm with the best, corrected over them. Decides what is bold; nothing is if
  // empty.
  std::vector<Comparison> against_best;
};

// The metrics and ledger quantities whose summaries a table with these columns needs.
std::vector<std::string> quantities(const StudyData& study,
                                    const std::vector<std::string>& columns);

// The arm with the best mean of the study's metric, of those none of whose runs diverged; -1 if
// there is none.
int best_arm(const StudyData& study, const std::vector<Summary>& of_the_metric);

// All that make_table needs: the one place here that calls the statistics. Throws
// std::invalid_argument naming what there is if runs carry numbers, and none the study's metric.
StudyNumbers analyse(const StudyData& study, const std::vector<std::string>& columns);

// Throws std::invalid_argument naming the quantity if `numbers` has no summary of it for each arm.
Table make_table(const StudyData& study,
                 const StudyNumbers& numbers,
                 const std::string& name,
                 const std::vector<std::string>& columns);

}  // namespace saggio::results
