// SPDX-License-Identifier: MIT
#include "experiments/harness/workspace.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

#include "results/store/environment.h"
#include "results/store/hash.h"
#include "results/store/record_json.h"
#include "results/store/run_dir.h"

namespace saggio::harness {
namespace fs = std::filesystem;

namespace {

constexpr std::string_view kLooksFile = "looks.json";

std::string now_utc() { return fmt::format("{:%FT%TZ}", fmt::gmtime(std::time(nullptr))); }

Workspace::Looks looks_from_json(const nlohmann::json& json) {
  Workspace::Looks looks;
  looks.seeds = json.at("seeds");
  for (const auto& extension : json.at("extensions"))
    looks.extensions.emplace_back(extension.at("seeds"), extension.at("when"));
  return looks;
}

nlohmann::json to_json(const Workspace::Looks& looks) {
  nlohmann::json extensions = nlohmann::json::array();
  for (const auto& [seeds, when] : looks.extensions)
    extensions.push_back({{"seeds", seeds}, {"when", when}});
  return {{"seeds", looks.seeds}, {"extensions", extensions}};
}

// A run's env.json without what is the run's own: the runs of one launch share the rest.
std::string shared_environment(const fs::path& file) {
  nlohmann::json environment = results::parse_json(results::read_file(file));
  environment.erase("label");
  return environment.dump();
}

Workspace::Looks looks_from_evidence(const results::Evidence& evidence) {
  Workspace::Looks looks;
  if (!evidence.looks.empty()) looks.seeds = evidence.looks.front();
  for (size_t i = 1; i < evidence.looks.size(); ++i)
    looks.extensions.emplace_back(evidence.looks[i], evidence.exported);
  return looks;
}

}  // namespace

fs::path evidence_file(const Study& study) {
  return study.file.parent_path() / ".." / "evidence" / (study.name + ".jsonl");
}

Workspace::Workspace(Study study, const Setup& setup)
    : study_(std::move(study)), setup_(setup), index_(setup.runs / "index.db") {
  if (fs::exists(evidence_file(study_))) evidence_ = results::read_evidence(evidence_file(study_));
  refresh();
}

Workspace::~Workspace() = default;

fs::path Workspace::study_folder() const { return setup_.runs / study_.name; }

results::RunDir Workspace::run_dir(const std::string& id) const {
  return results::RunDir(study_folder() / folder_name(id));
}

const ModuleInfo& Workspace::module() const { return setup_.info.modules.at(study_.module); }

void Workspace::refresh() {
  runs_.clear();
  if (evidence_)
    for (const results::EvidenceRun& run : evidence_->runs)
      runs_[folder_name(run.id)].run = results::RunResult{
          .id = run.id, .seed = run.seed, .record = run.record, .code_id = run.code_id};
  if (!fs::is_directory(study_folder())) return;
  index_.refresh(study_folder());
  for (results::RunRow& row : index_.runs(study_folder())) {
    const std::string id = row.id;
    runs_.insert_or_assign(id, Known{.row = std::move(row)});
  }
}

const results::RunResult* Workspace::find(const std::string& id) const {
  const auto found = runs_.find(folder_name(id));
  if (found == runs_.end()) return nullptr;
  Known& known = found->second;
  if (!known.run)
    known.run = results::RunResult{.id = id,
                                   .seed = known.row->seed,
                                   .record = known.row->record(),
                                   .code_id = known.row->code_id,
                                   .folder = known.row->folder.string()};
  return &*known.run;
}

const results::Record* Workspace::record(const std::string& id) const {
  const results::RunResult* run = find(id);
  return run == nullptr ? nullptr : &run->record;
}

Sources::File Workspace::file(const std::string& value, const fs::path& base) const {
  constexpr std::string_view kPublic = "data:";
  if (value.starts_with(kPublic)) return setup_.public_data(value.substr(kPublic.size()));
  const fs::path path = fs::absolute(fs::path(value).is_absolute() ? fs::path(value) : base / value)
                            .lexically_normal();
  if (!fs::is_regular_file(path))
    throw std::invalid_argument(fmt::format(
        "{}: no such file; paths in a study start at the study's folder, and data:NAME is "
        "a public data set (saggio data list)",
        path.string()));
  return {path, index_.file_hash(path)};
}

WorkerProcess& Workspace::helper() {
  if (helper_ == nullptr) helper_ = std::make_unique<WorkerProcess>(setup_.worker, 1);
  return *helper_;
}

Sources Workspace::sources() {
  Sources sources;
  sources.file = [this](const std::string& value, const fs::path& base) {
    return file(value, base);
  };
  sources.record = [this](const std::string& id) { return record(id); };
  sources.count = [this](const std::string& name, const Values& config) {
    const ModuleInfo& info = setup_.info.modules.at(name);
    std::string counted = canonical(info.schema, config).dump();
    Values placed = config;
    for (const auto& [field, path] : files(config)) {
      counted += index_.file_hash(path);
      placed[field] = path.string();
    }
    const std::string key =
        fmt::format("count {} {} {}", name, info.version, results::sha256(counted));
    if (const auto known = index_.cached(key))
      return nlohmann::json::parse(*known).get<std::map<std::string, double>>();
    helper().send({{"do", "count"}, {"module", name}, {"config", harness::to_json(placed)}});
    const nlohmann::json counts = helper().wait_for_reply().at("counts");
    index_.cache(key, counts.dump());
    return counts.get<std::map<std::string, double>>();
  };
  return sources;
}

Plan Workspace::plan() { return make_plan(study_, module(), sources()); }

results::StudyData Workspace::collect(const Plan& plan, const std::string& task) const {
  results::StudyData data{.name = task.empty() ? study_.name : study_.name + " on " + task,
                          .question = study_.question,
                          .task = task,
                          .module = fmt::format("{} {}", study_.module, module().version),
                          .metric = study_.metric,
                          .planned_seeds = study_.seeds,
                          .smallest_effect = study_.smallest_effect};
  for (const Tuning& tuning : plan.tunings)
    if (tuning.task == task && !tuning.note.empty()) data.notes.push_back(tuning.note);
  data.extensions = static_cast<int64_t>(looks().extensions.size());
  data.alpha =
      study_.alpha / static_cast<double>(int64_t{1} << std::min<int64_t>(data.extensions, 60));
  data.factorial = study_.design.factorial;
  if (!task.empty()) {
    data.alpha /= static_cast<double>(study_.tasks.size());
    data.notes.push_back(fmt::format(
        "One of {} tasks: tests are at α / {}.", study_.tasks.size(), study_.tasks.size()));
  }
  std::set<std::string> codes;
  for (const PlannedArm& planned : plan.arms) {
    if (planned.task != task) continue;
    results::Arm arm{
        .name = planned.name, .label = planned.label, .runs = {}, .notes = planned.notes};
    if (planned.name == "full" || !planned.off.empty()) arm.off = planned.off;
    for (const std::string& id : planned.run_ids) {
      const results::RunResult* run = find(id);
      if (run == nullptr || run->record.outcome == results::Outcome::kStopped) continue;
      arm.runs.push_back(*run);
      codes.insert(run->code_id);
    }
    data.arms.push_back(std::move(arm));
  }
  data.mixed_code = codes.size() > 1;
  if (data.mixed_code)
    data.notes.push_back(
        fmt::format("{} builds made these runs: --mixed-code compares them all the same, --force "
                    "runs them again",
                    codes.size()));
  return data;
}

results::Evidence Workspace::evidence(const Plan& plan) const {
  results::Evidence evidence{.study = study_.name,
                             .question = study_.question,
                             .module = fmt::format("{} {}", study_.module, module().version)};
  const Looks seen = looks();
  evidence.looks.push_back(seen.seeds);
  for (const auto& [seeds, when] : seen.extensions) evidence.looks.push_back(seeds);
  for (const RunSpec& spec : plan.runs) {
    const results::RunResult* run = find(spec.id);
    if (run == nullptr) continue;
    if (run->folder.empty()) {  // committed earlier, and not on this machine
      const auto old = std::find_if(evidence_->runs.begin(),
                                    evidence_->runs.end(),
                                    [&](const auto& one) { return one.id == spec.id; });
      evidence.environments.insert(*evidence_->environments.find(old->environment));
      evidence.runs.push_back(*old);
      continue;
    }
    const std::string environment = shared_environment(fs::path(run->folder) / "env.json");
    evidence.runs.push_back({.id = spec.id,
                             .label = spec.label,
                             .seed = spec.seed,
                             .code_id = run->code_id,
                             .environment = evidence.add_environment(environment),
                             .spec = harness::to_json(spec).dump(),
                             .record = run->record});
  }
  return evidence;
}

std::vector<GateResult> Workspace::fairness(const Plan& plan) {
  if (!module().has_probe) return {};
  std::vector<GateResult> found;
  for (const Task& task : study_.tasks) {
    nlohmann::json arms = nlohmann::json::array();
    for (const PlannedArm& arm : plan.arms) {
      if (arm.task != task.name || arm.run_ids.empty()) continue;
      arms.push_back({{"name", full_name(arm)},
                      {"config", harness::to_json(located(arm.config))},
                      {"differs", said_to_differ(study_, arm)}});
    }
    if (arms.size() < 2) continue;
    const nlohmann::json request = {
        {"do", "fairness"}, {"module", study_.module}, {"arms", std::move(arms)}};
    const std::string key =
        "fairness " +
        results::sha256(request.dump() + results::code_id(setup_.worker, module().version));
    auto answer = index_.cached(key);
    if (!answer) {
      helper().send(request);
      answer = helper().wait_for_reply().at("gates").at(0).dump();
      index_.cache(key, *answer);
    }
    const auto gate = nlohmann::json::parse(*answer);
    found.push_back({gate.at("gate"),
                     static_cast<GateResult::Status>(gate.at("status").get<int>()),
                     gate.at("message")});
  }
  return found;
}

Workspace::Looks Workspace::looks() const {
  const fs::path file = study_folder() / kLooksFile;
  if (!fs::exists(file)) return evidence_ ? looks_from_evidence(*evidence_) : Looks{};
  const auto json = nlohmann::json::parse(results::read_file(file), nullptr, false);
  if (!json.is_object())
    throw std::runtime_error(fmt::format(
        "{}: damaged; it records how often the seeds were extended, restore it or remove the "
        "study's runs",
        file.string()));
  return looks_from_json(json);
}

void Workspace::extend() {
  Looks looks = this->looks();
  const int64_t last = looks.extensions.empty() ? looks.seeds : looks.extensions.back().first;
  if (looks.seeds == 0)
    looks.seeds = study_.seeds;
  else if (study_.seeds > last)
    looks.extensions.emplace_back(study_.seeds, now_utc());
  else if (fs::exists(study_folder() / kLooksFile))
    return;
  results::write_durably(study_folder() / kLooksFile, to_json(looks).dump() + "\n");
}

std::map<std::string, fs::path> Workspace::files(const Values& config) const {
  std::map<std::string, fs::path> files;
  for (const FieldSpec& field : module().schema) {
    if (field.type != FieldSpec::Type::kFile) continue;
    const std::string& value = std::get<std::string>(config.at(field.key));
    if (value.empty()) continue;
    const Sources::File found = file(value, study_.file.parent_path());
    if (found.path.empty())
      throw std::invalid_argument(
          fmt::format("{} = {}: not on this machine; type `saggio data get {}`",
                      field.key,
                      value,
                      value.substr(value.find(':') + 1)));
    files[field.key] = found.path;
  }
  return files;
}

Values Workspace::located(Values config) const {
  for (const auto& [key, path] : files(config)) config[key] = path.string();
  return config;
}

std::optional<double> Workspace::seconds_of_past_runs(const RunSpec& spec) const {
  return index_.median_seconds(harness::to_json(spec));
}

nlohmann::json Workspace::environment() const {
  results::EnvironmentRequest request;
  request.threads = study_.threads;
  request.patches = setup_.runs / "patches";
  request.versions = setup_.info.versions;
  nlohmann::json environment = results::capture_environment(request);
  environment["code_id"] =
      results::code_id(setup_.worker, nlohmann::json(setup_.info.versions).dump());
  return environment;
}

}  // namespace saggio::harness
