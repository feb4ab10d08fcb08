// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "results/pages/table_builder.h"

// The sentences under a table: how its numbers were made, and what a reader must mind. Warnings
// come last, so that they are not lost among the definitions.
namespace saggio::results {

std::vector<std::string> table_notes(const StudyData& study,
                                     const StudyNumbers& numbers,
                                     const std::vector<std::string>& columns,
                                     bool any_bold);

// What to read first: which arms are shown to be better or worse than the baseline. Empty if none
// has been compared.
std::string table_lead(const StudyData& study, const StudyNumbers& numbers);

// "1/8 diverged, 2 failed": what is wrong with the runs behind a summary. Empty if all is well.
std::string failures(const Summary& summary, int64_t planned);

}  // namespace saggio::results
