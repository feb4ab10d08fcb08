// SPDX-License-Identifier: MIT
#pragma once

#include <span>

#include "results/pages/table.h"
#include "results/study_data.h"

// Tables that say more than one arm at a time: what the components of a factorial design bring, and
// what several tasks say together. They call the statistics and choose digits and words.
namespace saggio::results {

// Named "effects", a row per main effect and interaction (statistics/factorial.h).
Table effects_table(const StudyData& study);

// Named "tasks", a row per arm (statistics/tasks.h). `name` and `question` are the study's; `tasks`
// as over_tasks wants them.
Table tasks_table(const std::string& name,
                  const std::string& question,
                  std::span<const StudyData> tasks);

}  // namespace saggio::results
