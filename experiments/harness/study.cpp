// SPDX-License-Identifier: MIT
#include "experiments/harness/study.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "experiments/harness/components.h"
#include "experiments/harness/module.h"

namespace saggio::harness {
namespace {

using Texts = std::vector<std::string>;

const Texts kStreams = {"data", "init", "dropout", "routing", "eval"};

results::Metric read_metric(const TomlItem& item) {
  TomlReader reader(item, "metric");
  results::Metric metric;
  metric.name = as_text(reader.require("name"), "metric.name");
  const std::string goal = as_text(reader.require("goal"), "metric.goal");
  metric.goal = one_of(goal, {"min", "max"}, "metric.goal", item.where) == "min"
                    ? results::Goal::kMin
                    : results::Goal::kMax;
  const std::string scale = reader.text("scale", "difference");
  metric.scale =
      one_of(scale, {"difference", "log_ratio"}, "metric.scale", item.where) == "difference"
          ? results::Scale::kDifference
          : results::Scale::kLogRatio;
  reader.finish();
  return metric;
}

void read_seeds(const TomlItem* item, Study& study) {
  study.shared = {"init", "data", "eval"};
  if (item == nullptr) return;
  TomlReader reader(*item, "seeds");
  study.seeds = reader.integer("n", 1, {1, 1e5});
  study.shared = reader.texts("share", study.shared);
  for (const std::string& stream : study.shared)
    one_of(stream, kStreams, "seeds.share", item->where);
  std::sort(study.shared.begin(), study.shared.end());
  reader.finish();
}

void read_stats(const TomlItem* item, Study& study) {
  if (item == nullptr) return;
  TomlReader reader(*item, "[stats]");
  study.smallest_effect = reader.number("smallest_effect", 0, {0, 1e300});
  study.alpha = reader.number("alpha", .05, {1e-6, .5});
  reader.finish();
}

void read_limits(const TomlItem* item, Study& study) {
  if (item == nullptr) return;
  TomlReader reader(*item, "[limits]");
  study.per_run_seconds = reader.seconds("per_run", 0);
  study.total_seconds = reader.seconds("total", 0);
  const std::string on_fail = reader.text("on_fail", "continue");
  study.stop_on_failure =
      one_of(on_fail, {"continue", "stop"}, "limits.on_fail", item->where) == "stop";
  reader.finish();
}

// Calls `read` for each element of a [[name]] list.
template <typename Read>
void for_each_table(TomlReader& reader, const std::string& name, const Read& read) {
  const TomlItem* list = reader.take(name);
  if (list == nullptr) return;
  if (list->list() == nullptr)
    refuse(list->where, fmt::format("{0} must be written as [[{0}]]", name));
  for (const TomlItem& element : *list->list()) {
    TomlReader one(element, "[[" + name + "]]");
    read(one);
    one.finish();
  }
}

void read_presentation(TomlReader& reader, Study& study) {
  for_each_table(reader, "table", [&](TomlReader& one) {
    TableSpec table{
        one.text("name", "main"), one.texts("columns", {}), one.texts("formats", {"md"})};
    for (const std::string& format : table.formats)
      one_of(format, {"md", "tex", "csv", "json", "html"}, "formats", one.where());
    study.tables.push_back(std::move(table));
  });
  if (study.tables.empty())
    study.tables.push_back({"main", {study.metric.name, "delta", "p", "n"}, {"md", "tex", "csv"}});
  for_each_table(reader, "plot", [&](TomlReader& one) {
    PlotSpec plot;
    plot.kind = one_of(as_text(one.require("kind"), "plot.kind"),
                       {"forest", "curve", "scatter"},
                       "plot.kind",
                       one.where());
    plot.name = one.text("name", plot.kind);
    plot.metric = one.text("metric", study.metric.name);
    plot.x = one.text("x", plot.kind == "curve" ? "step" : "seconds");
    plot.y = one.text("y", study.metric.name);
    study.plots.push_back(std::move(plot));
  });
  if (study.plots.empty()) study.plots.push_back({"forest", "forest", study.metric.name, "", ""});
}

constexpr Range kAny{-1e300, 1e300};

void read_claim_kind(TomlReader& reader, Claim& claim, const results::Metric& metric) {
  const auto number = [&](const std::string& key, Range range = kAny) {
    reader.require(key);
    return reader.number(key, 0, range);
  };
  const auto words = [&](const std::string& key) {
    return as_text(reader.require(key), "claim." + key);
  };
  claim.metric = metric;
  if (claim.kind == "effect" || claim.kind == "value")
    claim.metric.name = reader.text("metric", metric.name);
  if (claim.kind == "effect") {
    const Texts arms = as_texts(reader.require("arms"), "claim.arms");
    if (arms.size() != 2) refuse(reader.where(), "claim.arms must name two arms, the better first");
    claim.better = arms[0];
    claim.worse = arms[1];
    claim.effect = number("effect", {0, 1e300});
  } else if (claim.kind == "value") {
    claim.arm = words("arm");
    claim.value = number("value");
    claim.tolerance = number("tolerance", {1e-300, 1e300});
  } else if (claim.kind == "count") {
    claim.arm = reader.text("arm", "full");
    claim.quantity = words("quantity");
    claim.count = number("count");
    claim.rounding = reader.number(
        "rounding", 0, {0, 1e300});  // half a unit of the last digit stated: 5e5 for "89 M"
  } else if (claim.kind == "bound") {
    claim.rate = number("rate");
    claim.bound = number("bound");
    claim.derivation = words("derivation");
  } else {
    claim.reason = words("reason");
  }
}

Claim read_claim(const TomlItem& item, const results::Metric& metric) {
  TomlReader reader(item, "[claim]");
  Claim claim;
  claim.id = as_text(reader.require("id"), "claim.id");
  claim.statement = as_text(reader.require("statement"), "claim.statement");
  claim.source = as_text(reader.require("source"), "claim.source");
  claim.kind = one_of(as_text(reader.require("kind"), "claim.kind"),
                      {"effect", "value", "count", "bound", "untestable"},
                      "claim.kind",
                      item.where);
  claim.note = reader.text("note", "");
  claim.task = reader.text("task", "");
  read_claim_kind(reader, claim, metric);
  reader.finish();
  return claim;
}

void check_claim_task(const Claim& claim,
                      const std::vector<Task>& tasks,
                      const std::string& where) {
  if (!claim.needs_runs()) return;
  Texts names;
  for (const Task& task : tasks) names.push_back(task.name);
  if (names.front().empty() && !claim.task.empty())
    refuse(where, fmt::format("claim.task = '{}', but the study declares no tasks", claim.task));
  if (!names.front().empty()) one_of(claim.task, names, "claim.task", where);
}

// Every path below starts at this folder, unless it starts elsewhere already.
void set_folder(TomlItem& item, const std::filesystem::path& folder) {
  if (item.folder.empty()) item.folder = folder;
  if (auto* list = std::get_if<TomlList>(&item.content))
    for (TomlItem& one : *list) set_folder(one, folder);
  if (auto* table = std::get_if<TomlTable>(&item.content))
    for (auto& [key, one] : *table) set_folder(one, folder);
}

// The file with everything that it extends underneath. `depth` stops a circle.
TomlItem read_extended(const std::filesystem::path& file, int depth = 0) {
  TomlItem item = read_toml(file);
  const auto extends = item.table()->find("extends");
  if (extends == item.table()->end()) return item;
  if (depth == 8)
    refuse(extends->second.where, "extends goes more than 8 files deep; does it run in a circle?");
  const std::filesystem::path parent = file.parent_path() / as_text(extends->second, "extends");
  if (!std::filesystem::exists(parent))
    refuse(extends->second.where, fmt::format("extends = '{}', no such file", parent.string()));
  std::get<TomlTable>(item.content).erase("extends");
  TomlItem below = read_extended(parent, depth + 1);
  const auto folder = [](const std::filesystem::path& of) {
    return std::filesystem::absolute(of).lexically_normal().parent_path();
  };
  if (folder(parent) != folder(file)) set_folder(below, folder(parent));
  return merged(std::move(below), item);
}

const ModuleInfo& find_module(const TomlItem& item, const Modules& modules) {
  const std::string name = as_text(item, "module");
  const auto found = modules.find(name);
  if (found != modules.end()) return found->second;
  Texts known;
  for (const auto& [one, info] : modules) known.push_back(one);
  refuse(item.where,
         fmt::format("module '{}' is not known{}; there are: {}",
                     name,
                     did_you_mean(name, known),
                     fmt::join(known, ", ")));
}

// A claim that needs no runs has no study behind it.
bool stands_alone(const TomlTable& table) {
  const auto claim = table.find("claim");
  if (claim == table.end() || claim->second.table() == nullptr) return false;
  const auto kind = claim->second.table()->find("kind");
  if (kind == claim->second.table()->end() || table.contains("module")) return false;
  const std::string text = as_text(kind->second, "claim.kind");
  return text == "bound" || text == "untestable";
}

}  // namespace

WorkerInfo read_worker_info(const std::filesystem::path& file) {
  std::ifstream stream(file);
  const auto json = nlohmann::json::parse(stream, nullptr, false);
  if (!json.is_object() || !json.contains("modules"))
    throw std::runtime_error(
        fmt::format("{}: missing or damaged; build Saggio again (make build)", file.string()));
  WorkerInfo worker;
  worker.versions = json.at("versions").get<std::map<std::string, std::string>>();
  for (const auto& entry : json["modules"]) {
    ModuleInfo info{entry.at("name"),
                    entry.at("version"),
                    entry.at("summary"),
                    entry.at("match_by"),
                    schema_from_json(entry.at("schema")),
                    entry.value("probe", false)};
    worker.modules.emplace(info.name, std::move(info));
  }
  return worker;
}

std::string worker_info_json(const std::map<std::string, std::string>& versions) {
  nlohmann::json list = nlohmann::json::array();
  for (const auto& [name, entry] : modules())
    list.push_back({{"name", name},
                    {"version", entry.version},
                    {"summary", entry.summary},
                    {"match_by", entry.match_by},
                    {"probe", static_cast<bool>(entry.probe)},
                    {"schema", to_json(entry.schema)}});
  return nlohmann::json{{"modules", list}, {"versions", versions}}.dump(1) + "\n";
}

std::pair<std::string, Value> parse_set(const std::string& set, const Schema& schema) {
  const size_t equals = set.find('=');
  if (equals == std::string::npos || equals == 0)
    throw std::invalid_argument(
        fmt::format("--set {}: allowed KEY=VALUE, for example --set train.lr=1e-3", set));
  const std::string key = set.substr(0, equals), value = set.substr(equals + 1);
  Value parsed = value;
  try {
    parsed = leaf_value(parse_toml("v = " + value, "--set").table()->at("v"), key);
  } catch (const std::invalid_argument&) {  // no TOML: plain text, as the shell gave it
  }
  Value own = checked(schema, key, parsed, "--set");
  // A study's own paths start at its folder; one typed in a shell starts where the shell is.
  own = starting_at(std::filesystem::current_path(), key, std::move(own), schema);
  return {key, own};
}

std::string study_name(const std::filesystem::path& file) {
  const TomlItem item = read_extended(file);
  const auto name = item.table()->find("study");
  return name == item.table()->end() ? file.stem().string() : as_text(name->second, "study");
}

Study read_study(const std::filesystem::path& file, const Modules& modules, const Texts& sets) {
  const TomlItem root = read_extended(file);
  TomlReader reader(root, "the study");
  Study study;
  study.file = file;
  study.name = reader.text("study", file.stem().string());
  if (study.name.empty() || study.name.find_first_of("/\\ ") != std::string::npos ||
      study.name.front() == '.')
    refuse(root.where,
           fmt::format("study = '{}', allowed a name without spaces and slashes", study.name));
  if (stands_alone(*root.table())) {
    study.claim = read_claim(reader.require("claim"), {});
    reader.finish();
    return study;
  }
  study.question = reader.text("question", "");
  const ModuleInfo& module = find_module(reader.require("module"), modules);
  study.module = module.name;
  study.metric = read_metric(reader.require("metric"));
  read_seeds(reader.take("seeds"), study);
  study.threads = static_cast<int>(reader.integer("threads", 1, {1, 1024}));
  study.device = one_of(reader.text("device", "cpu"), {"cpu", "cuda"}, "device", root.where);
  if (const TomlItem* base = reader.take("base")) study.base = checked_values(*base, module.schema);
  for (const std::string& set : sets) {
    const auto [key, value] = parse_set(set, module.schema);
    study.base[key] = value;
  }
  study.components = read_components(reader.take("component"), module, study.metric.name);
  study.tasks = take_tasks(reader.take("tasks"), study.components);
  study.design = read_design(reader.take("design"), module.schema, study.components);
  read_stats(reader.take("stats"), study);
  read_limits(reader.take("limits"), study);
  read_presentation(reader, study);
  if (const TomlItem* claim = reader.take("claim")) {
    study.claim = read_claim(*claim, study.metric);
    check_claim_task(*study.claim, study.tasks, claim->where);
  }
  reader.finish();
  return study;
}

}  // namespace saggio::harness
