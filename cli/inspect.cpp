// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>
#include <set>

#include "cli/program.h"
#include "results/store/record_json.h"
#include "results/store/run_dir.h"

namespace saggio::cli {
namespace fs = std::filesystem;

namespace {

using Json = nlohmann::json;
using results::RunDir;

Json environment_of(const RunDir& dir) {
  const fs::path file = dir.folder() / "env.json";
  return fs::exists(file) ? Json::parse(results::read_file(file), nullptr, false) : Json::object();
}

Json all_of(const RunDir& dir) {
  Json json = {{"folder", dir.folder().string()},
               {"spec", dir.spec()},
               {"environment", environment_of(dir)}};
  if (const auto record = dir.record()) json["record"] = results::record_to_json(*record);
  return json;
}

std::string one_line(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

void print_record(const RunDir& dir) {
  const auto record = dir.record();
  if (!record) {
    const auto holder = results::Lease::holder(dir.folder() / "lease");
    fmt::print("outcome   {}\n",
               holder ? "running: " + *holder : "not finished; `saggio run` continues it");
    return;
  }
  fmt::print("outcome   {}{}\n",
             results::name(record->outcome),
             record->message.empty() ? "" : ": " + record->message);
  for (const std::string& warning : record->warnings) fmt::print("warning   {}\n", warning);
  for (const auto& [metric, value] : record->metrics)
    fmt::print("metric    {} = {}\n", metric, value);
  for (const auto& [component, quantities] : record->ledger.components())
    for (const auto& [quantity, value] : quantities)
      fmt::print(
          "cost      {}{} = {}\n", component.empty() ? "" : component + "/", quantity, value);
  for (const auto& [operation, count] : record->ledger.uncounted)
    fmt::print("uncounted {} x {}: not in the FLOPs above\n", operation, count);
}

// All leaves of a JSON object by dotted path.
void flatten(const Json& json,
             const std::string& path,
             std::map<std::string, std::string>& leaves) {
  if (!json.is_object()) {
    leaves[path] = one_line(json);
    return;
  }
  for (const auto& [key, value] : json.items())
    flatten(value, path.empty() ? key : path + "." + key, leaves);
}

// The patches that some run's environment names.
std::set<std::string> used_patches(const fs::path& runs) {
  std::set<std::string> used;
  for (const auto& study : fs::directory_iterator(runs))
    if (study.is_directory())
      for (const auto& run : fs::directory_iterator(study.path())) {
        std::map<std::string, std::string> leaves;
        if (run.is_directory()) flatten(environment_of(RunDir(run.path())), "", leaves);
        for (const auto& [key, value] : leaves) used.insert(value);
      }
  return used;
}

bool is_superfluous_run(const fs::path& folder) {
  return RunDir(folder).committed() && fs::exists(folder / "checkpoint");
}

uintmax_t bytes_below(const fs::path& path) {
  if (fs::is_regular_file(path)) return fs::file_size(path);
  uintmax_t sum = 0;
  for (const auto& entry : fs::recursive_directory_iterator(path))
    if (entry.is_regular_file()) sum += entry.file_size();
  return sum;
}

}  // namespace

int show(const Program& program, const std::string& run) {
  const RunDir dir(find_run(program, run));
  if (program.json) {
    std::cout << all_of(dir).dump(1) << "\n";
    return 0;
  }
  const Json spec = dir.spec();
  fmt::print("run       {}\nfolder    {}\nidentity  {}\nmodule    {} {}\n",
             one_line(spec.at("label")),
             dir.folder().string(),
             one_line(spec.at("id")),
             one_line(spec.at("module")),
             one_line(spec.at("version")));
  for (const auto& [key, value] : spec.at("config").items())
    fmt::print("config    {} = {}\n", key, one_line(value));
  print_record(dir);
  if (const std::string tail = dir.log_tail(10); !tail.empty())
    fmt::print("log, its last lines:\n{}\n", tail);
  fmt::print("files:\n");
  for (const auto& entry : fs::directory_iterator(dir.folder()))
    fmt::print("  {}\n", entry.path().string());
  return 0;
}

int diff(const Program& program, const std::string& first, const std::string& second) {
  std::map<std::string, std::string> a, b;
  flatten(all_of(RunDir(find_run(program, first))), "", a);
  flatten(all_of(RunDir(find_run(program, second))), "", b);
  std::set<std::string> keys;
  for (const auto& side : {a, b})
    for (const auto& [key, value] : side) keys.insert(key);
  Json json = Json::object();
  for (const std::string& key : keys) {
    const std::string left = a.contains(key) ? a[key] : "(none)",
                      right = b.contains(key) ? b[key] : "(none)";
    if (left == right) continue;
    json[key] = {left, right};
    if (!program.json) fmt::print("{}\n  - {}\n  + {}\n", key, left, right);
  }
  if (program.json) std::cout << json.dump(1) << "\n";
  return 0;
}

int gc(const Program& program, bool really) {
  if (!fs::is_directory(program.runs))
    throw std::invalid_argument(fmt::format("{}: no such folder", program.runs.string()));
  std::vector<fs::path> superfluous;
  for (const auto& study : fs::directory_iterator(program.runs)) {
    if (!study.is_directory()) continue;
    for (const auto& run : fs::directory_iterator(study.path()))
      if (is_superfluous_run(run.path())) superfluous.push_back(run.path() / "checkpoint");
  }
  const std::set<std::string> used = used_patches(program.runs);
  std::error_code absent;
  for (const auto& patch : fs::directory_iterator(program.runs / "patches", absent))
    if (!used.contains(patch.path().stem())) superfluous.push_back(patch.path());
  uintmax_t bytes = 0;
  for (const fs::path& path : superfluous) {
    bytes += bytes_below(path);
    if (!program.quiet) fmt::print("{} {}\n", really ? "removed" : "would remove", path.string());
    if (really) fs::remove_all(path);
  }
  fmt::print("{} of {} files and folders{}\n",
             fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6),
             superfluous.size(),
             really ? " removed" : "; add --yes to remove them");
  return 0;
}

}  // namespace saggio::cli
