// SPDX-License-Identifier: MIT
#include "results/pages/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/program.h"
#include "experiments/harness/gates.h"
#include "experiments/harness/judge.h"
#include "results/pages/plot.h"
#include "results/pages/table_builder.h"
#include "results/store/files.h"

// Joins what a study found with its tables, plots and verdict into one page: the only place that
// knows all of them.
namespace saggio::cli {
namespace fs = std::filesystem;

namespace {

using harness::Plan;
using harness::PlotSpec;
using harness::Study;
using harness::Workspace;
using results::StudyData;

// The points of one event in every run of every arm; runs that are known from evidence only have
// none.
std::vector<std::vector<std::vector<results::Point>>> curves(const StudyData& data,
                                                             const std::string& event) {
  std::vector<std::vector<std::vector<results::Point>>> all;
  for (const results::Arm& arm : data.arms) {
    auto& runs = all.emplace_back();
    for (const results::RunResult& run : arm.runs)
      runs.push_back(run.folder.empty() ? std::vector<results::Point>()
                                        : results::RunDir(run.folder).events(event));
  }
  return all;
}

bool has_curve(const StudyData& data, const std::string& event) {
  for (const auto& arm : curves(data, event))
    for (const auto& run : arm)
      if (!run.empty()) return true;
  return false;
}

results::Plot plot_of(const PlotSpec& spec, const StudyData& data) {
  if (spec.kind == "forest") {
    results::ForestPlot plot = results::forest_plot(data, results::compare_to_baseline(data));
    plot.name = spec.name;
    return results::make_plot(plot);
  }
  if (spec.kind == "curve") {
    results::CurvePlot plot = results::curve_plot(data, spec.metric, curves(data, spec.metric));
    plot.name = spec.name;
    plot.x_label = spec.x;
    return results::make_plot(plot);
  }
  results::ScatterPlot plot = results::scatter_plot(
      data, spec.x, results::summarise(data, spec.x), spec.y, results::summarise(data, spec.y));
  plot.name = spec.name;
  return results::make_plot(plot);
}

std::string caption_of(const PlotSpec& spec, const StudyData& data) {
  if (spec.kind == "forest")
    return fmt::format("Paired difference of every arm to '{}' with its {:g} % interval{}.",
                       data.arms.front().label,
                       100 * (1 - data.alpha),
                       data.smallest_effect > 0 ? "; the band is what does not matter" : "");
  if (spec.kind == "curve")
    return fmt::format(
        "{}: mean over seeds, with its {:g} % interval.", spec.metric, 100 * (1 - data.alpha));
  return fmt::format(
      "{} against {}, with {:g} % intervals.", spec.y, spec.x, 100 * (1 - data.alpha));
}

using Files = std::vector<std::pair<std::string, fs::path>>;  // "table" or "plot", and where

void add_tables(results::Report& report,
                std::vector<StudyTable> tables,
                const fs::path& folder,
                Files& files) {
  for (auto& [table, formats] : tables) {
    for (const std::string& format : formats) {
      const results::TableFormat kind = results::table_format(format);
      const fs::path file =
          folder / fmt::format("{}.{}", table.name, results::file_extension(kind));
      results::write_durably(file, results::render(table, kind));
      files.emplace_back("table", file);
    }
    report.tables.push_back(std::move(table));
  }
}

void add_plots(results::Report& report,
               const Study& study,
               const StudyData& data,
               const fs::path& folder,
               Files& files) {
  for (PlotSpec spec : study.plots) {
    if (!data.task.empty()) spec.name += "_" + data.task;
    if (spec.kind == "curve" && !has_curve(data, spec.metric)) {
      report.warnings.push_back(fmt::format(
          "no plot of {} by {}: no run's folder is here, and evidence carries no curves",
          spec.metric,
          spec.x));
      continue;
    }
    const results::PlotFiles drawn = results::draw(plot_of(spec, data), folder);
    report.figures.push_back({drawn.svg,
                              (data.task.empty() ? "" : data.task + ": ") + caption_of(spec, data),
                              {drawn.script, drawn.data, drawn.png, drawn.pdf}});
    files.emplace_back("plot", drawn.svg);
  }
}

void add_verdict(results::Report& report, const Study& study, const std::vector<StudyData>& tasks) {
  if (!study.claim) return;
  const auto on_its_task = std::find_if(tasks.begin(), tasks.end(), [&](const StudyData& one) {
    return one.task == study.claim->task;
  });
  const StudyData& data = on_its_task == tasks.end() ? tasks.front() : *on_its_task;
  report.claim = results::ReportClaim{
      study.claim->id, study.claim->statement, study.claim->source, study.claim->note};
  const harness::Judgement found = harness::judge_claim(*study.claim, data, 1);
  report.verdict = found.words + (found.advice.empty() ? "" : " " + found.advice + ".");
}

// The machines that the runs were made on, each once.
void add_environment(results::Report& report, const StudyData& data) {
  std::vector<std::string> seen;
  for (const results::Arm& arm : data.arms)
    for (const results::RunResult& run : arm.runs) {
      if (run.folder.empty()) continue;
      const auto json = nlohmann::json::parse(
          results::read_file(fs::path(run.folder) / "env.json"), nullptr, false);
      if (!json.is_object()) continue;
      const std::string cpu = json.value("cpu", "?");
      const std::string key = cpu + json.value("host", "") + json.value("code_id", "");
      if (std::find(seen.begin(), seen.end(), key) != seen.end()) continue;
      seen.push_back(key);
      report.environment.push_back({"machine",
                                    fmt::format("{}, {} cores, {:.0f} GB",
                                                cpu,
                                                json.value("cores", 0),
                                                json.value("memory_bytes", 0.) / 1e9)});
      report.environment.push_back(
          {"system", fmt::format("{}, {}", json.value("os", "?"), json.value("kernel", "?"))});
      std::string versions = json.value("compiler", "");
      const auto libraries = json.value("versions", nlohmann::json::object());
      for (const auto& [name, version] : libraries.items())
        versions += ", " + name + " " + version.get<std::string>();
      report.environment.push_back({"built with", versions});
      const auto git = json.value("git", nlohmann::json::object());
      if (git.contains("commit"))
        report.environment.push_back({"commit", git["commit"].get<std::string>()});
    }
}

void add_warnings(results::Report& report,
                  const Plan& plan,
                  const Study& study,
                  const std::vector<StudyData>& tasks) {
  const auto add = [&](const std::string& text) {
    if (std::find(report.warnings.begin(), report.warnings.end(), text) == report.warnings.end())
      report.warnings.push_back(text);
  };
  for (const std::string& warning : plan.warnings) add(warning);
  const auto add_failed = [&](const harness::GateResult& gate) {
    if (gate.status == harness::GateResult::Status::kFailed) add(gate.gate + ": " + gate.message);
  };
  add_failed(harness::check_held_out(study.metric.name));
  for (const StudyData& data : tasks) {
    add_failed(harness::check_measured_cells(data));
    add_failed(harness::check_arm_effects(data));
    for (const results::Arm& arm : data.arms)
      for (const results::RunResult& run : arm.runs)
        for (const std::string& warning : run.record.warnings) add(arm.label + ": " + warning);
  }
}

}  // namespace

int report(const Program& program,
           const std::string& name,
           const Overrides& overrides,
           const std::string& out) {
  const harness::Setup setup = program.setup();
  Workspace workspace(load_study(program, name, overrides, setup), setup);
  const Study& study = workspace.study();
  const Plan plan = workspace.plan();
  const std::vector<StudyData> tasks = collected(workspace, plan, overrides);
  const StudyData data = together(study.name, tasks);
  const fs::path folder = out.empty() ? workspace.study_folder() / "report" : fs::path(out);
  fs::create_directories(folder);

  results::Report report = results::report_of(data);
  add_warnings(report, plan, study, tasks);
  add_verdict(report, study, tasks);
  Files files;
  add_tables(report, tables_of(study, tasks), folder, files);
  for (const StudyData& task : tasks) add_plots(report, study, task, folder, files);
  add_environment(report, data);
  report.commands = {command_line("run", study, overrides),
                     command_line("report", study, overrides)};
  const fs::path page = folder / "report.html";
  results::write_durably(page, results::html(report));

  if (program.json) {
    std::cout << nlohmann::json{{"report", page.string()}, {"folder", folder.string()}}.dump()
              << "\n";
    return 0;
  }
  fmt::print("report  {}\n", page.string());
  for (const auto& [kind, file] : files) fmt::print("{:<6}  {}\n", kind, file.string());
  for (const std::string& warning : report.warnings) fmt::print(stderr, "warning: {}\n", warning);
  return 0;
}

}  // namespace saggio::cli
