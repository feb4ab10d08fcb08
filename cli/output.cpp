// SPDX-License-Identifier: MIT
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/program.h"
#include "results/pages/table_builder.h"
#include "results/store/record_json.h"

namespace saggio::cli {
namespace fs = std::filesystem;

results::StudyData collected(harness::Workspace& workspace,
                             const harness::Plan& plan,
                             const Overrides& overrides) {
  results::StudyData data = workspace.collect(plan);
  data.allow_mixed_code = overrides.mixed_code;
  bool any = false;
  for (const results::Arm& arm : data.arms) any = any || !arm.runs.empty();
  if (!any)
    throw std::invalid_argument(fmt::format("{}: no runs yet below {}; type `saggio run {}`",
                                            workspace.study().name,
                                            workspace.study_folder().string(),
                                            workspace.study().file.string()));
  return data;
}

namespace {

void write_text(const std::string& out, const std::string& text) {
  if (out.empty()) {
    std::cout << text;
    return;
  }
  std::ofstream file(out, std::ios::binary);
  file << text;
  if (!file.flush()) throw std::runtime_error(fmt::format("{}: cannot be written", out));
  fmt::print("{}\n", out);
}

}  // namespace

int table(const Program& program,
          const std::string& study,
          const Overrides& overrides,
          const std::string& format,
          const std::string& out) {
  const harness::Setup setup = program.setup();
  harness::Workspace workspace(load_study(program, study, overrides.sets, setup), setup);
  const results::StudyData data = collected(workspace, workspace.plan(), overrides);
  const std::string wanted = !format.empty() ? format : program.json ? "json" : "text";
  std::string text;
  for (const harness::TableSpec& spec : workspace.study().tables) {
    const results::Table made =
        results::make_table(data, results::analyse(data, spec.columns), spec.name, spec.columns);
    text += wanted == "text" && is_terminal()
                ? results::text(made, terminal_width())
                : results::render(made, results::table_format(wanted));
  }
  write_text(out, text);
  return 0;
}

int export_evidence(const Program& program, const std::string& study, const Overrides& overrides) {
  const harness::Setup setup = program.setup();
  harness::Workspace workspace(load_study(program, study, overrides.sets, setup), setup);
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

}  // namespace saggio::cli
