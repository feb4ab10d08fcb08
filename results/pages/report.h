// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "results/pages/table.h"
#include "results/study_data.h"

// One study as one HTML page that needs nothing else: style and pictures are inside, no script, no
// address is fetched. It reads on a phone and prints well. What must be minded comes first, then
// the question and its answer, the numbers, and how to have them again. Plain strings, tables and
// picture files go in; parts that are empty are left out. Everything is escaped.
namespace saggio::results {

struct Figure {
  std::filesystem::path picture;  // .svg goes in as text, .png as data
  std::string caption;
  std::vector<std::filesystem::path> files;  // to change and draw again: named, not included
};

struct Fact {
  std::string name, value;
};

struct ReportClaim {
  std::string id, statement, source, note;  // all but the statement may be empty
};

struct ReportRun {
  std::string id, arm;
  uint64_t seed = 0;
  std::string outcome;  // "finished", "diverged: the loss is no number at step 212"
  std::string folder;
};

struct Report {
  std::string name;  // of the study
  std::string question;
  std::vector<std::string> warnings;
  std::optional<ReportClaim> claim;
  std::string verdict;  // in words
  std::vector<Table> tables;
  std::vector<Figure> figures;
  std::vector<Fact> costs;
  std::vector<Fact> method;           // seeds, pairs, interval, test, correction, looks
  std::vector<Fact> environment;      // machine, CPU, memory, versions, commit, code id
  std::vector<std::string> commands;  // how to repeat it, line by line
  std::vector<ReportRun> runs;
};

// What a study says about itself: name, question, warnings, costs, method, code ids, runs.
Report report_of(const StudyData& study);

// Throws std::runtime_error naming the file if a picture is missing, is neither SVG nor PNG, or
// holds a script.
std::string html(const Report& report);

}  // namespace saggio::results
