// SPDX-License-Identifier: MIT
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <ctime>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/program.h"
#include "cli/tensorboard.h"
#include "results/pages/summary_tables.h"
#include "results/pages/table_builder.h"
#include "results/store/record_json.h"

namespace saggio::cli {
namespace fs = std::filesystem;

namespace {

// No run of this study has its configuration: none at all, or those of another one.
std::string nothing_to_show(const harness::Workspace& workspace) {
  const std::string folder = workspace.study_folder().string();
  const std::string todo = fmt::format("type `saggio run {}`", workspace.study().file.string());
  if (workspace.known_runs() == 0)
    return fmt::format("{}: no runs yet below {}; {}", workspace.study().name, folder, todo);
  return fmt::format(
      "{}: none of the {} runs below {} has this configuration: a value, a file or the module has "
      "changed since; {}",
      workspace.study().name,
      workspace.known_runs(),
      folder,
      todo);
}

}  // namespace

std::vector<results::StudyData> collected(harness::Workspace& workspace,
                                          const harness::Plan& plan,
                                          const Overrides& overrides) {
  std::vector<results::StudyData> tasks;
  bool any = false;
  for (const harness::Task& task : workspace.study().tasks) {
    results::StudyData& data = tasks.emplace_back(workspace.collect(plan, task.name));
    data.allow_mixed_code = overrides.mixed_code;
    for (const results::Arm& arm : data.arms) any = any || !arm.runs.empty();
  }
  if (!any) throw std::invalid_argument(nothing_to_show(workspace));
  return tasks;
}

results::StudyData together(const std::string& study,
                            const std::vector<results::StudyData>& tasks) {
  results::StudyData all = tasks.front();
  if (tasks.size() == 1) return all;
  all.name = study;
  all.arms.clear();
  for (const results::StudyData& data : tasks)
    for (results::Arm arm : data.arms) {
      arm.name += " on " + data.task;
      arm.label += " on " + data.task;
      all.arms.push_back(std::move(arm));
    }
  return all;
}

std::vector<StudyTable> tables_of(const harness::Study& study,
                                  const std::vector<results::StudyData>& tasks) {
  std::vector<StudyTable> tables;
  const std::vector<std::string>& formats = study.tables.front().formats;
  if (tasks.size() > 1)
    tables.push_back({results::tasks_table(study.name, study.question, tasks), formats});
  for (const results::StudyData& data : tasks) {
    const std::string suffix = data.task.empty() ? "" : "_" + data.task;
    for (const harness::TableSpec& spec : study.tables)
      tables.push_back(
          {results::make_table(
               data, results::analyse(data, spec.columns), spec.name + suffix, spec.columns),
           spec.formats});
    if (!data.factorial) continue;
    tables.push_back({results::effects_table(data), formats});
    tables.back().table.name += suffix;
  }
  return tables;
}

namespace {

// "table.tex" -> "tex"; without a file, or one of another ending, text.
std::string format_of(const std::string& file) {
  const std::string ending = fs::path(file).extension();
  for (const char* format : {"md", "tex", "csv", "json", "html"})
    if (ending == std::string(".") + format) return format;
  return "text";
}

}  // namespace

int table(const Program& program,
          const std::string& study,
          const Overrides& overrides,
          const std::string& format,
          const std::string& out) {
  const harness::Setup setup = program.setup();
  harness::Workspace workspace(load_study(program, study, overrides, setup), setup);
  const auto tables =
      tables_of(workspace.study(), collected(workspace, workspace.plan(), overrides));
  const std::string wanted = !format.empty() ? format : program.json ? "json" : format_of(out);
  std::vector<std::string> texts;
  for (const auto& [made, formats] : tables)
    texts.push_back(wanted == "text" && is_terminal()
                        ? results::text(made, terminal_width())
                        : results::render(made, results::table_format(wanted)));
  const bool list = wanted == "json" && texts.size() > 1;
  const std::string between = list ? "," : wanted == "json" || wanted == "csv" ? "" : "\n";
  const std::string text = fmt::format("{}", fmt::join(texts, between));
  put_text(out, list ? "[" + text + "]\n" : text);
  return 0;
}

int export_evidence(const Program& program, const std::string& study, const Overrides& overrides) {
  const harness::Setup setup = program.setup();
  harness::Workspace workspace(load_study(program, study, overrides, setup), setup);
  const harness::Plan plan = workspace.plan();
  collected(workspace, plan, overrides);
  results::Evidence evidence = workspace.evidence(plan);
  evidence.exported = fmt::format("{:%FT%TZ}", fmt::gmtime(std::time(nullptr)));
  const fs::path file = harness::evidence_file(workspace.study()).lexically_normal();
  fs::create_directories(file.parent_path());
  results::write_evidence(file, evidence);
  fmt::print("{}: {} runs, {:.1f} kB; commit it\n",
             file.string(),
             evidence.runs.size(),
             static_cast<double>(fs::file_size(file)) / 1e3);
  return 0;
}

int export_tensorboard(const Program& program,
                       const std::string& study,
                       const Overrides& overrides,
                       const std::string& folder) {
  const harness::Setup setup = program.setup();
  harness::Workspace workspace(load_study(program, study, overrides, setup), setup);
  const size_t runs = EventFiles(workspace, folder).copy_all(workspace.plan());
  if (runs == 0)
    throw std::invalid_argument(fmt::format("{}: no run below {} has events; type `saggio run {}`",
                                            workspace.study().name,
                                            workspace.study_folder().string(),
                                            workspace.study().file.string()));
  fmt::print("{}: {} runs; look at them with: tensorboard --logdir {}\n",
             folder,
             runs,
             quoted_command({folder}));
  return 0;
}

}  // namespace saggio::cli
