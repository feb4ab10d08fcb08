// SPDX-License-Identifier: MIT
#include "results/store/evidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <tuple>

#include "results/store/files.h"
#include "results/store/hash.h"
#include "results/store/record_json.h"

namespace saggio::results {
namespace {

using Json = nlohmann::json;

constexpr int64_t kFormat = 1;
constexpr const char* kMagic = "saggio_evidence";

// ---- What all specs share is written once: most of a config is the same in every run.

// By text: 0.0 and -0.0 are not the same, nor are 1 and 1.0.
bool same(const Json& a, const Json& b) { return compact(a) == compact(b); }

// The members that two objects have in common, at any depth.
Json shared(const Json& a, const Json& b) {
  Json common = Json::object();
  for (const auto& [key, value] : a.items()) {
    const auto other = b.find(key);
    if (other == b.end()) continue;
    if (same(value, *other)) {
      common[key] = value;
    } else if (value.is_object() && other->is_object()) {
      common[key] = shared(value, *other);
    }
  }
  return common;
}

Json without(const Json& json, const Json& common) {
  Json rest = Json::object();
  for (const auto& [key, value] : json.items()) {
    const auto part = common.find(key);
    if (part == common.end()) {
      rest[key] = value;
    } else if (!same(value, *part)) {
      rest[key] = without(value, *part);
    }
  }
  return rest;
}

Json joined(Json common, const Json& rest) {
  for (const auto& [key, value] : rest.items()) {
    const auto part = common.find(key);
    if (part != common.end() && part->is_object() && value.is_object()) {
      *part = joined(std::move(*part), value);
    } else {
      common[key] = value;
    }
  }
  return common;
}

// ---- Writing

Json object_from(std::string_view text, const std::string& what) {
  Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) throw std::invalid_argument(fmt::format("{} is not a JSON object", what));
  return json;
}

Json header_of(const Evidence& evidence, const Json& common) {
  Json environments = Json::object();
  for (const auto& [hash, text] : evidence.environments)
    environments[hash] = object_from(text, "environment " + hash);
  return {{kMagic, kFormat},
          {"study", evidence.study},
          {"question", evidence.question},
          {"module", evidence.module},
          {"exported", evidence.exported},
          {"looks", evidence.looks},
          {"environments", std::move(environments)},
          {"spec", common}};
}

void check_environment(const Evidence& evidence, const EvidenceRun& run) {
  if (!evidence.environments.contains(run.environment))
    throw std::runtime_error(
        fmt::format("run {} has the environment '{}', which is not among the {} of this file",
                    run.id,
                    run.environment,
                    evidence.environments.size()));
}

std::string run_line(const EvidenceRun& run, Json spec_rest) {
  return compact({{"id", run.id},
                  {"label", run.label},
                  {"seed", run.seed},
                  {"code_id", run.code_id},
                  {"environment", run.environment},
                  {"spec", std::move(spec_rest)},
                  {"record", record_to_json(run.record)}}) +
         "\n";
}

std::vector<const EvidenceRun*> in_order(const std::vector<EvidenceRun>& runs) {
  std::vector<const EvidenceRun*> sorted;
  for (const EvidenceRun& run : runs) sorted.push_back(&run);
  const auto key = [](const EvidenceRun* run) { return std::tie(run->label, run->seed, run->id); };
  std::sort(
      sorted.begin(), sorted.end(), [&](const auto* a, const auto* b) { return key(a) < key(b); });
  return sorted;
}

void check_size(const std::string& study,
                size_t header_bytes,
                const std::vector<std::string>& lines,
                const std::vector<const EvidenceRun*>& runs) {
  size_t total = header_bytes, largest = 0;
  for (size_t i = 0; i < lines.size(); ++i) {
    total += lines[i].size();
    if (lines[i].size() > lines[largest].size()) largest = i;
  }
  if (total <= kMostEvidenceBytes) return;
  const std::string runs_text =
      lines.empty() ? "no runs"
                    : fmt::format("{} runs {} bytes, the largest {} of them in run {}",
                                  lines.size(),
                                  total - header_bytes,
                                  lines[largest].size(),
                                  runs[largest]->id);
  throw std::runtime_error(
      fmt::format("evidence of study '{}': {} bytes, allowed {}: the header with its environments "
                  "{} bytes, {}; record fewer metrics or "
                  "ledger components, or split the study",
                  study,
                  total,
                  kMostEvidenceBytes,
                  header_bytes,
                  runs_text));
}

// ---- Reading: every getter says which key is wrong; the line is added further out.

void check_keys(const Json& json, std::initializer_list<std::string_view> keys) {
  if (!json.is_object()) throw std::runtime_error("not a JSON object");
  for (const std::string_view key : keys)
    if (!json.contains(key)) throw std::runtime_error(fmt::format("'{}' is missing", key));
  for (const auto& [key, value] : json.items())
    if (std::find(keys.begin(), keys.end(), key) == keys.end())
      throw std::runtime_error(
          fmt::format("unknown key '{}', allowed {}", key, fmt::join(keys, ", ")));
}

const std::string& text_at(const Json& json, const char* key) {
  if (!json[key].is_string())
    throw std::runtime_error(fmt::format("'{}' is {}, expected text", key, compact(json[key])));
  return json[key].get_ref<const std::string&>();
}

const Json& object_at(const Json& json, const char* key) {
  if (!json[key].is_object())
    throw std::runtime_error(
        fmt::format("'{}' is {}, expected an object", key, compact(json[key])));
  return json[key];
}

// Returns what all specs share.
Json read_header(const Json& json, Evidence& evidence) {
  if (!json.is_object() || !json.contains(kMagic))
    throw std::runtime_error(
        fmt::format("not an evidence file: the first line lacks '{}'", kMagic));
  if (json[kMagic] != kFormat)
    throw std::runtime_error(
        fmt::format("format {}, this version reads {}; use the version that wrote it",
                    compact(json[kMagic]),
                    kFormat));
  check_keys(json,
             {kMagic, "study", "question", "module", "exported", "looks", "environments", "spec"});
  evidence.study = text_at(json, "study");
  evidence.question = text_at(json, "question");
  evidence.module = text_at(json, "module");
  evidence.exported = text_at(json, "exported");
  if (!json["looks"].is_array())
    throw std::runtime_error("'looks' is no array of numbers of seeds");
  for (const Json& look : json["looks"]) {
    if (!look.is_number_unsigned())
      throw std::runtime_error(
          fmt::format("'looks' holds {}, expected numbers of seeds", compact(look)));
    evidence.looks.push_back(look.get<int64_t>());
  }
  for (const auto& [hash, environment] : object_at(json, "environments").items())
    if (evidence.add_environment(compact(environment)) != hash)
      throw std::runtime_error(
          fmt::format("environment {} does not have this hash: it was changed", hash));
  return object_at(json, "spec");
}

EvidenceRun read_run(const Json& json, const Json& common) {
  check_keys(json, {"id", "label", "seed", "code_id", "environment", "spec", "record"});
  if (!json["seed"].is_number_unsigned())
    throw std::runtime_error(
        fmt::format("'seed' is {}, expected a whole number from 0", compact(json["seed"])));
  return {.id = text_at(json, "id"),
          .label = text_at(json, "label"),
          .seed = json["seed"].get<uint64_t>(),
          .code_id = text_at(json, "code_id"),
          .environment = text_at(json, "environment"),
          .spec = compact(joined(common, object_at(json, "spec"))),
          .record = record_from_text(compact(json["record"]))};
}

}  // namespace

std::string Evidence::add_environment(std::string_view env_json) {
  const Json environment = object_from(env_json, "an environment");
  Json timeless = environment;
  timeless.erase("time");
  std::string hash = sha256(compact(timeless)).substr(0, 16);
  environments.emplace(hash, compact(environment));
  return hash;
}

std::string to_text(const Evidence& evidence) {
  const std::vector<const EvidenceRun*> runs = in_order(evidence.runs);
  std::vector<Json> specs;
  std::set<std::string> ids;
  for (const EvidenceRun* run : runs) {
    check_environment(evidence, *run);
    if (!ids.insert(run->id).second)
      throw std::runtime_error(fmt::format("run {} is there twice", run->id));
    specs.push_back(object_from(run->spec, "the spec of run " + run->id));
  }
  Json common = specs.empty() ? Json::object() : specs[0];
  for (const Json& spec : specs) common = shared(common, spec);
  std::string text = compact(header_of(evidence, common)) + "\n";
  std::vector<std::string> lines;
  for (size_t i = 0; i < runs.size(); ++i)
    lines.push_back(run_line(*runs[i], without(specs[i], common)));
  check_size(evidence.study, text.size(), lines, runs);
  for (const std::string& line : lines) text += line;
  return text;
}

Evidence evidence_from_text(std::string_view text, const std::string& file) {
  Evidence evidence;
  Json common;
  std::set<std::string> ids;
  size_t line = 1;
  try {
    for (; line == 1 || !text.empty(); ++line) {
      const size_t end = text.find('\n');
      if (end == std::string_view::npos)
        throw std::runtime_error("cut short: this line has no end");
      const Json json = parse_json(text.substr(0, end));
      text.remove_prefix(end + 1);
      if (line == 1) {
        common = read_header(json, evidence);
        continue;
      }
      evidence.runs.push_back(read_run(json, common));
      const EvidenceRun& run = evidence.runs.back();
      check_environment(evidence, run);
      if (!ids.insert(run.id).second)
        throw std::runtime_error(fmt::format("run {} is there twice", run.id));
    }
  } catch (const std::exception& error) {
    throw std::runtime_error(fmt::format("{}:{}: {}", file, line, error.what()));
  }
  return evidence;
}

void write_evidence(const std::filesystem::path& file, const Evidence& evidence) {
  const std::string text = to_text(evidence);
  if (file.has_parent_path()) make_folder(file.parent_path());
  write_durably(file, text);
}

Evidence read_evidence(const std::filesystem::path& file) {
  return evidence_from_text(read_file(file), file.string());
}

}  // namespace saggio::results
