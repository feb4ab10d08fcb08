// SPDX-License-Identifier: MIT
#include "cli/view_window.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>

#include "cli/view.h"
#include "graph/query/query.h"
#include "graph/store/store.h"
#include "results/store/run_dir.h"

namespace saggio::cli {
namespace fs = std::filesystem;

namespace {

struct Recent {
  fs::path run;
  std::chrono::sys_seconds changed;
};

std::vector<Recent> runs_with_graphs(const Program& program) {
  std::vector<Recent> found;
  const auto files = graph::real_files();
  std::error_code absent, gone;
  for (const auto& study : fs::directory_iterator(program.runs, absent)) {
    if (!study.is_directory(gone)) continue;
    for (const auto& run : fs::directory_iterator(study.path(), gone)) {
      const fs::path store = run.path() / "graph";
      if (!fs::is_directory(store, gone) || !graph::read_identity(*files, store.string())) continue;
      const auto changed = fs::last_write_time(store, gone);
      if (!gone)
        found.push_back(
            {run.path(),
             std::chrono::floor<std::chrono::seconds>(std::chrono::file_clock::to_sys(changed))});
    }
  }
  std::sort(found.begin(), found.end(), [](const Recent& a, const Recent& b) {
    return a.changed != b.changed ? a.changed > b.changed : a.run < b.run;
  });
  return found;
}

// "study/label seed 3"
std::string name_of(const fs::path& run) {
  const std::string study = run.parent_path().filename().string();
  try {
    const nlohmann::json spec = results::RunDir(run).spec();
    const std::string label = spec.value("label", run.filename().string());
    return label.starts_with(study + "/") ? label : study + "/" + label;
  } catch (const std::exception&) {  // its folder and its graph are all there is
    return study + "/" + run.filename().string();
  }
}

}  // namespace

std::vector<viz::Offer> recent_graphs(const Program& program, size_t most) {
  std::vector<Recent> runs = runs_with_graphs(program);
  runs.resize(std::min(runs.size(), most));
  std::vector<viz::Offer> offers;
  for (const Recent& one : runs)
    offers.push_back({name_of(one.run),
                      fmt::format("{:%Y-%m-%d %H:%M} UTC   run {}",
                                  one.changed,
                                  one.run.filename().string().substr(0, 8)),
                      (one.run / "graph").string()});
  return offers;
}

int open_window(const Program& program, viz::RenderRequest view, const std::string& record) {
  const auto show = reinterpret_cast<viz::WindowFunction>(
      viewer_symbol(program, "libsaggio_window.so", viz::kWindowSymbol, "libglfw3 libimgui-dev"));
  std::ofstream lines;
  if (!record.empty()) {
    lines.open(record, std::ios::trunc);
    if (!lines)
      throw std::invalid_argument(
          fmt::format("--record = {}: no file can be written there; give another place", record));
  }
  viz::WindowRequest request{.view = std::move(view)};
  request.offers = [&] { return recent_graphs(program); };
  if (!record.empty())
    request.record = [&](const std::string& line) { lines << line << std::endl; };
  try {
    show(request);
  } catch (const viz::NoDevice& error) {
    throw ViewerMissing(error.what());
  } catch (const graph::QueryError& error) {
    throw std::invalid_argument(graph::pointed(request.view.query, error));
  }
  return 0;
}

}  // namespace saggio::cli
