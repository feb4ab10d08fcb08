// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "results/record.h"

// The results of a study that outlive the machine: one committed file,
// experiments/evidence/NAME.jsonl.
//
//   line 1   {"saggio_evidence": 1, "study", "question", "module", "exported", "looks",
//             "environments": {HASH: env.json}, "spec": what the specs of all runs share}
//   others   {"label", "id", "seed", "code_id", "environment": HASH, "spec": the rest, "record"}
//
// by label, seed and id. The same evidence gives the same bytes, doubles come back bit for bit. At
// most 1 MB, for it lives in the repository: five hundred runs. Reading is strict: std::runtime_error "FILE:LINE:
// what is wrong" for an unknown or missing key, a wrong type, a damaged or cut line, a foreign
// environment.
namespace saggio::results {

inline constexpr size_t kMostEvidenceBytes = 1'000'000;

struct EvidenceRun {
  std::string id, label;
  uint64_t seed = 0;
  std::string code_id;
  std::string environment;  // key of Evidence::environments
  std::string spec;         // spec.json, as JSON text
  Record record;
};

struct Evidence {
  std::string study, question;
  std::string module;          // "language_model 1"
  std::string exported;        // when, UTC; given by the caller
  std::vector<int64_t> looks;  // number of seeds as first planned, then after every extension
  std::map<std::string, std::string> environments;  // by hash, as JSON text
  std::vector<EvidenceRun> runs;

  // Takes in an env.json and returns its hash. Captures that differ only in their time are one.
  std::string add_environment(std::string_view env_json);
};

std::string to_text(
    const Evidence& evidence);  // throws if it is too large, and says what takes the room
Evidence evidence_from_text(std::string_view text, const std::string& file);  // `file` for errors

void write_evidence(const std::filesystem::path& file, const Evidence& evidence);  // durably
Evidence read_evidence(const std::filesystem::path& file);

}  // namespace saggio::results
