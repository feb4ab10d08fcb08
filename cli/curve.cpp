// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <map>
#include <stdexcept>

#include "cli/program.h"
#include "results/statistics/analysis.h"
#include "results/store/run_dir.h"

namespace saggio::cli {
namespace {

// The sum and count of an event's values at each step, over runs.
using Sums = std::map<int64_t, std::pair<double, size_t>>;

Sums sums_of(const results::Arm& arm, const std::string& event) {
  Sums sums;
  for (const results::RunResult& run : arm.runs) {
    if (run.folder.empty()) continue;  // known from evidence, which has no curves
    for (const results::Point& point : results::RunDir(run.folder).events(event)) {
      sums[point.step].first += point.value;
      ++sums[point.step].second;
    }
  }
  if (sums.empty())
    throw std::invalid_argument(fmt::format(
        "--curve: no run of '{}' on this machine has logged '{}'; `saggio show RUN` lists what it "
        "has",
        arm.name,
        event));
  return sums;
}

// "train/lr_factor" -> "lr_factor"
std::string last_word(const std::string& event) { return event.substr(event.rfind('/') + 1); }

}  // namespace

int export_curves(const Program& program,
                  const std::string& study,
                  const Overrides& overrides,
                  const CurveExport& what) {
  const harness::Setup setup = program.setup();
  harness::Workspace workspace(load_study(program, study, overrides, setup), setup);
  const results::StudyData data =
      together(workspace.study().name, collected(workspace, workspace.plan(), overrides));
  const results::Arm& arm = results::find_arm(data, what.arm);
  std::vector<Sums> all;
  std::string text = "step";
  for (const std::string& event : what.events) {
    all.push_back(sums_of(arm, event));
    text += "\t" + last_word(event);
  }
  text += "\n";
  const size_t runs = all.front().begin()->second.second;  // every run has logged its first point
  for (const auto& [step, unused] : all.front()) {
    std::string line = fmt::format("{}", step);
    for (const Sums& sums : all) {
      const auto at = sums.find(step);
      if (at == sums.end() || at->second.second != runs) line.clear();
      if (line.empty()) break;
      line += fmt::format("\t{}", at->second.first / static_cast<double>(at->second.second));
    }
    if (!line.empty()) text += line + "\n";  // only steps that all of the events have in all runs
  }
  put_text(what.out, text);
  return 0;
}

}  // namespace saggio::cli
