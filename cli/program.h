// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "experiments/harness/workspace.h"
#include "results/pages/table.h"

// What all commands share: where things are, and how to say something. A command is a function that
// returns the exit code: 0 done, 1 a run failed, 2 bad usage or input, 3 a device is missing, 75
// the same command, given again, goes on.
namespace saggio::cli {

struct Program {
  std::filesystem::path runs;  // --runs, SAGGIO_RUNS or "runs"
  bool json = false, quiet = false;
  std::filesystem::path folder;  // of this program; the worker and modules.json lie beside it

  harness::Setup setup() const;
};

// Where this program lies, without symbolic links.
std::filesystem::path program_folder();

// A study or claim by its file, or by its bare name among experiments/studies and
// experiments/claims. Throws naming the nearest.
std::filesystem::path find_study(const Program& program, const std::string& name);

// A run by its folder, or by the first digits of its identity below `runs`. Throws if none or
// several fit.
std::filesystem::path find_run(const Program& program, const std::string& name);

bool is_terminal();                    // standard output
size_t terminal_width();               // in columns; 80 if it is none
std::string duration(double seconds);  // "3.2 s", "4 min 10 s", "2 h 05 min"
// On standard output; or, if a file is named, into it, saying so.
void put_text(const std::string& file, const std::string& text);
std::string quoted_command(const std::vector<std::string>& words);

struct Overrides {
  std::vector<std::string> sets;
  int64_t seeds = 0;  // 0: those of the file
  bool mixed_code = false;
};

harness::Study load_study(const Program& program,
                          const std::string& name,
                          const Overrides& overrides,
                          const harness::Setup& setup);

// The same study's command with the same overrides, to be typed again.
std::string command_line(const std::string& command,
                         const harness::Study& study,
                         const Overrides& overrides);

// The study's runs as data, one for each of its tasks; an error if there are none yet.
std::vector<results::StudyData> collected(harness::Workspace& workspace,
                                          const harness::Plan& plan,
                                          const Overrides& overrides);

// All tasks' arms side by side, "full on english": for what is counted or drawn over a whole study.
results::StudyData together(const std::string& study, const std::vector<results::StudyData>& tasks);

// Every table that a study has: over its tasks together if there are several, those that it
// declares for each task, and the effects of a factorial design. `formats`: what a report writes.
struct StudyTable {
  results::Table table;
  std::vector<std::string> formats;
};
std::vector<StudyTable> tables_of(const harness::Study& study,
                                  const std::vector<results::StudyData>& tasks);

// --- the commands
int plan(const Program& program, const std::string& study, const Overrides& overrides);

struct RunOptions {
  Overrides overrides;
  int jobs = 0;  // 0: cores / threads of a run
  std::vector<std::string> only;
  bool force = false;
  double checkpoint_seconds = 30;
  std::string tensorboard;  // folder for event files; empty: none
};
int run(const Program& program, const std::string& study, const RunOptions& options);

int status(const Program& program, const std::string& study, bool watch);
int show(const Program& program, const std::string& run);
int diff(const Program& program, const std::string& first, const std::string& second);
int gc(const Program& program, bool really);
int export_evidence(const Program& program, const std::string& study, const Overrides& overrides);
int export_tensorboard(const Program& program,
                       const std::string& study,
                       const Overrides& overrides,
                       const std::string& folder);

struct CurveExport {
  std::vector<std::string> events;
  std::string arm, out;  // out: a file, or empty for standard output
};
// The mean over an arm's runs of what they logged, as a table of steps.
int export_curves(const Program& program,
                  const std::string& study,
                  const Overrides& overrides,
                  const CurveExport& what);
int table(const Program& program,
          const std::string& study,
          const Overrides& overrides,
          const std::string& format,
          const std::string& out);
int report(const Program& program,
           const std::string& study,
           const Overrides& overrides,
           const std::string& out);
int claim(const Program& program,
          const std::vector<std::string>& claims,
          bool all,
          bool mixed_code);
int check(const Program& program, const std::string& name, const std::vector<std::string>& sets);
int list_modules(const Program& program, const std::string& name);
int data(const Program& program,
         const std::string& action,
         const std::string& name,
         const std::string& mirror);
int doctor(const Program& program);

}  // namespace saggio::cli
