// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>

#include "cli/program.h"
#include "experiments/harness/judge.h"

namespace saggio::cli {
namespace fs = std::filesystem;

namespace {

using harness::Judgement;
using harness::Study;

struct Entry {
  Study study;
  std::string verdict, words, advice;  // verdict "open": its study has not run
};

// The claims in the folder of one of them: those of the same study share its level.
int sharing(const Study& study, const std::vector<Study>& all) {
  return static_cast<int>(std::count_if(all.begin(), all.end(), [&](const Study& other) {
    return other.name == study.name && other.claim &&
           (other.claim->kind == "effect" || other.claim->kind == "value");
  }));
}

std::vector<Study> claims_in(const fs::path& folder, const harness::Setup& setup) {
  std::vector<fs::path> files;
  std::error_code absent;
  for (const auto& entry : fs::directory_iterator(folder, absent))
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<Study> claims;
  for (const fs::path& file : files)
    claims.push_back(harness::read_study(file, setup.info.modules));
  std::erase_if(claims, [](const Study& study) { return !study.claim; });
  return claims;
}

Entry judged(const Study& study,
             const std::vector<Study>& siblings,
             const harness::Setup& setup,
             bool mixed_code) {
  Entry entry{.study = study};
  if (!study.claim->needs_runs()) {
    const Judgement found = harness::judge_claim(*study.claim, {}, 1);
    return {study, std::string(results::name(found.verdict)), found.words, found.advice};
  }
  harness::Workspace workspace(study, setup);
  results::StudyData data = workspace.collect(workspace.plan(), study.claim->task);
  data.allow_mixed_code = mixed_code;
  const bool has_runs = std::any_of(
      data.arms.begin(), data.arms.end(), [](const auto& arm) { return !arm.runs.empty(); });
  if (!has_runs)
    return {
        study, "open", fmt::format("no runs yet; type `saggio run {}`", study.file.string()), ""};
  const Judgement found =
      harness::judge_claim(*study.claim, data, std::max(1, sharing(study, siblings)));
  return {study, std::string(results::name(found.verdict)), found.words, found.advice};
}

void print(const Entry& entry) {
  const harness::Claim& claim = *entry.study.claim;
  fmt::print("{}\n  claim    {}\n  source   {}\n", claim.id, claim.statement, claim.source);
  if (!claim.note.empty()) fmt::print("  note     {}\n", claim.note);
  fmt::print("  verdict  {}\n           {}\n", entry.verdict, entry.words);
  if (!entry.advice.empty()) fmt::print("           {}\n", entry.advice);
}

void print_ledger(const std::vector<Entry>& entries) {
  size_t width = 2, verdict_width = 7;
  std::map<std::string, int> tally;
  for (const Entry& entry : entries) {
    width = std::max(width, entry.study.claim->id.size());
    verdict_width = std::max(verdict_width, entry.verdict.size());
    ++tally[entry.verdict];
  }
  for (const Entry& entry : entries)
    fmt::print("{:<{}}  {:<{}}  {}\n",
               entry.study.claim->id,
               width,
               entry.verdict,
               verdict_width,
               entry.study.claim->statement);
  fmt::print("\n{} claim{}", entries.size(), entries.size() == 1 ? "" : "s");
  for (const auto& [verdict, count] : tally) fmt::print(", {} {}", count, verdict);
  fmt::print("\n");
}

nlohmann::json as_json(const std::vector<Entry>& entries) {
  nlohmann::json list = nlohmann::json::array();
  for (const Entry& entry : entries)
    list.push_back({{"id", entry.study.claim->id},
                    {"statement", entry.study.claim->statement},
                    {"source", entry.study.claim->source},
                    {"study", entry.study.name},
                    {"verdict", entry.verdict},
                    {"words", entry.words},
                    {"advice", entry.advice}});
  return list;
}

}  // namespace

int claim(const Program& program,
          const std::vector<std::string>& names,
          bool all,
          bool mixed_code) {
  if (names.empty() != all)
    throw std::invalid_argument(
        "saggio claim: give claim files, or --all for every claim in experiments/claims");
  const harness::Setup setup = program.setup();
  std::vector<Entry> entries;
  if (all) {
    const fs::path here = "experiments/claims";
    const std::vector<Study> claims =
        claims_in(fs::is_directory(here) ? here : program.folder / ".." / here, setup);
    for (const Study& study : claims) entries.push_back(judged(study, claims, setup, mixed_code));
  }
  for (const std::string& name : names) {
    const Study study = load_study(program, name, {}, setup);
    if (!study.claim)
      throw std::invalid_argument(
          fmt::format("{}: has no [claim] table; it is a study, see `saggio table`", name));
    entries.push_back(judged(study, claims_in(study.file.parent_path(), setup), setup, mixed_code));
  }
  if (program.json)
    std::cout << as_json(entries).dump(1) << "\n";
  else if (all)
    print_ledger(entries);
  else
    for (const Entry& entry : entries) print(entry);
  return 0;
}

}  // namespace saggio::cli
