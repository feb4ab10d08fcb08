// SPDX-License-Identifier: MIT
#include "results/store/run_dir.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "results/store/events.h"
#include "results/store/record_json.h"

namespace saggio::results {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::json;

Json read_json(const fs::path& file) {
  const std::string text = read_file(file);
  try {
    return parse_json(text);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(
        fmt::format("{}: {}; remove the run's folder and run again", file.string(), error.what()));
  }
}

// Where two specs differ first: "/config/model/width is 64 there, 32 here".
std::string first_difference(const Json& there, const Json& here) {
  const Json change = Json::diff(there, here).at(0);
  const Json::json_pointer where(change.at("path").get<std::string>());
  const auto text = [&](const Json& json) {
    return json.contains(where) ? compact(json.at(where)) : "absent";
  };
  return fmt::format("{} is {} there, {} here", where.to_string(), text(there), text(here));
}

bool same_id(const Json& a, const Json& b) {
  return a.contains("id") && b.contains("id") && a["id"] == b["id"];
}

// What a crash may leave before the spec is there is no reason to refuse the folder.
void check_is_ours(const fs::path& folder) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    const fs::path name = entry.path().filename();
    if (name == "spec.json" || name == "spec.json.tmp" || name == "lease") continue;
    throw std::runtime_error(
        fmt::format("{}: holds '{}' and no spec.json, so it is not a run; move it away",
                    folder.string(),
                    name.string()));
  }
}

void sync_if_there(const fs::path& file) {
  if (fs::exists(file)) sync_to_disk(file);
}

// A checkpoint counts as long as it has its position, so that goes first.
void remove_checkpoints(const fs::path& folder) {
  if (!fs::exists(folder)) return;
  for (const auto& entry : fs::directory_iterator(folder))
    fs::remove(entry.path() / "position.json");
  fs::remove_all(folder);
}

}  // namespace

void RunDir::create(const Json& spec) const {
  const fs::path file = folder_ / "spec.json";
  make_folder(folder_);
  if (exists()) {
    const Json there = read_json(file);
    if (there == spec) return;
    if (!same_id(there, spec))
      throw std::runtime_error(fmt::format(
          "{}: another run is there already: {}", file.string(), first_difference(there, spec)));
  } else {
    check_is_ours(folder_);
  }
  write_durably(file, pretty(spec));
}

bool RunDir::exists() const { return fs::exists(folder_ / "spec.json"); }

bool RunDir::committed() const { return fs::exists(folder_ / "done.json"); }

Json RunDir::spec() const { return read_json(folder_ / "spec.json"); }

Json RunDir::environment() const {
  const fs::path file = folder_ / "env.json";
  return fs::exists(file) ? read_json(file) : Json();
}

std::optional<Record> RunDir::record() const {
  const fs::path file = folder_ / "done.json";
  if (!fs::exists(file)) return std::nullopt;
  const std::string text = read_file(file);
  try {
    return record_from_text(text);
  } catch (const std::exception& error) {
    throw std::runtime_error(
        fmt::format("{}: {}; remove this file and run again", file.string(), error.what()));
  }
}

void RunDir::commit(const Record& record) const {
  sync_if_there(folder_ / "events.jsonl");
  sync_if_there(folder_ / "env.json");
  write_durably(folder_ / "done.json", pretty(record_to_json(record)));
}

void RunDir::remove() const {
  if (!fs::exists(folder_)) return;
  if (fs::remove(folder_ / "done.json")) sync_to_disk(folder_);
  remove_checkpoints(folder_ / "checkpoint");
  for (const auto& entry : fs::directory_iterator(folder_))
    if (entry.path().filename() != "spec.json") fs::remove_all(entry.path());
  fs::remove_all(folder_);
}

std::vector<Point> RunDir::events(std::string_view name) const {
  const fs::path file = folder_ / "events.jsonl";
  std::vector<Point> points;
  if (!fs::exists(file)) return points;
  for_each_event(read_file(file), file.string(), [&](const Event& event) {
    if (event.name == name) points.push_back({event.step, event.value});
  });
  return points;
}

std::vector<std::string> RunDir::event_names() const {
  const fs::path file = folder_ / "events.jsonl";
  std::vector<std::string> names;
  if (!fs::exists(file)) return names;
  for_each_event(read_file(file), file.string(), [&](const Event& event) {
    if (std::find(names.begin(), names.end(), event.name) == names.end())
      names.push_back(event.name);
  });
  return names;
}

std::string RunDir::log_tail(size_t lines) const {
  const fs::path file = folder_ / "log.txt";
  if (lines == 0 || !fs::exists(file)) return {};
  const std::string text = read_file(file);
  size_t begin = text.ends_with('\n') ? text.size() - 1 : text.size();
  while (begin > 0 && (text[begin - 1] != '\n' || --lines > 0)) --begin;
  return text.substr(begin);
}

}  // namespace saggio::results
