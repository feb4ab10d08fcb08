// SPDX-License-Identifier: MIT
#include "results/store/evidence.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "results/random.h"
#include "results/store/record_json.h"
#include "tests/results/store/temporary_folder.h"

namespace saggio::results {
namespace {

using Json = nlohmann::json;

EvidenceRun run_of(Evidence& evidence, const std::string& label, uint64_t seed, double width) {
  EvidenceRun run;
  run.id = label + std::to_string(seed);
  run.label = label;
  run.seed = seed;
  run.code_id = "c0de";
  run.environment = evidence.add_environment(R"({"host": "x", "time": "2026-01-01T00:00:00Z"})");
  run.spec = compact(
      {{"seed", seed}, {"config", {{"model", {{"width", width}, {"layers", 2}}}, {"rate", .1}}}});
  run.record.metrics = {{"loss", 1. / static_cast<double>(seed + 3)}, {"gain", std::nan("")}};
  run.record.ledger.set("", "parameters", 12);
  return run;
}

Evidence example() {
  Evidence evidence;
  evidence.study = "first";
  evidence.question = "Which?";
  evidence.module = "toy 1";
  evidence.exported = "2026-01-02";
  evidence.looks = {8, 12};
  for (const uint64_t seed : {uint64_t{2}, uint64_t{1}, UINT64_MAX}) {
    evidence.runs.push_back(run_of(evidence, "minus_gate", seed, 32));
    evidence.runs.push_back(run_of(evidence, "full", seed, 64));
  }
  return evidence;
}

TEST(Evidence, IsReadable) {
  Evidence evidence = example();
  evidence.runs.erase(evidence.runs.begin() + 2, evidence.runs.end());

  EXPECT_EQ(
      to_text(evidence),
      "{\"environments\":{\"" + evidence.runs[0].environment +
          R"(":{"host":"x","time":"2026-01-01T00:00:00Z"}},"exported":"2026-01-02","looks":[8,12],"module":"toy 1",)"
          R"("question":"Which?","saggio_evidence":1,"spec":{"config":{"model":{"layers":2},"rate":0.1},"seed":2},)"
          R"("study":"first"})"
          "\n" +
          R"({"code_id":"c0de","environment":")" + evidence.runs[0].environment +
          R"(","id":"full2","label":"full","record":{"ledger":{"":{"parameters":12.0}},"message":"",)"
          R"("metrics":{"gain":"nan","loss":0.2},"outcome":"finished","uncounted":{},"warnings":[]},"seed":2,)"
          R"("spec":{"config":{"model":{"width":64.0}}}})"
          "\n" +
          R"({"code_id":"c0de","environment":")" + evidence.runs[0].environment +
          R"(","id":"minus_gate2","label":"minus_gate","record":{"ledger":{"":{"parameters":12.0}},"message":"",)"
          R"("metrics":{"gain":"nan","loss":0.2},"outcome":"finished","uncounted":{},"warnings":[]},"seed":2,)"
          R"("spec":{"config":{"model":{"width":32.0}}}})"
          "\n");
}

TEST(Evidence, ComesBackSortedAndTheSame) {
  Evidence evidence = example();

  const Evidence back = evidence_from_text(to_text(evidence), "file");

  EXPECT_EQ(back.study, evidence.study);
  EXPECT_EQ(back.question, evidence.question);
  EXPECT_EQ(back.module, evidence.module);
  EXPECT_EQ(back.exported, evidence.exported);
  EXPECT_EQ(back.looks, evidence.looks);
  EXPECT_EQ(back.environments, evidence.environments);
  ASSERT_EQ(back.runs.size(), 6U);
  const std::vector<size_t> order = {
      3, 1, 5, 2, 0, 4};  // full 1, 2, the largest; minus_gate 1, 2, the largest
  for (size_t i = 0; i < order.size(); ++i) {
    const EvidenceRun &was = evidence.runs[order[i]], &is = back.runs[i];
    EXPECT_EQ(is.id, was.id);
    EXPECT_EQ(is.label, was.label);
    EXPECT_EQ(is.seed, was.seed);
    EXPECT_EQ(is.code_id, was.code_id);
    EXPECT_EQ(is.environment, was.environment);
    EXPECT_EQ(is.spec, was.spec);
    EXPECT_EQ(compact(record_to_json(is.record)), compact(record_to_json(was.record)));
  }
}

TEST(Evidence, IsTheSameBytesForAnyOrderOfRuns) {
  Evidence evidence = example();
  const std::string text = to_text(evidence);
  std::reverse(evidence.runs.begin(), evidence.runs.end());

  EXPECT_EQ(to_text(evidence), text);
  EXPECT_EQ(to_text(evidence_from_text(text, "file")), text);
}

TEST(Evidence, OfNoRunsComesBack) {
  EXPECT_TRUE(evidence_from_text(to_text(Evidence()), "file").runs.empty());
}

TEST(Evidence, KeepsDoublesBitForBit) {
  Stream stream(3);
  Evidence evidence = example();
  std::vector<double> values = {-0., 5e-324, std::numeric_limits<double>::infinity()};
  while (values.size() < 1'000)
    if (const double x = std::bit_cast<double>(stream.next64()); !std::isnan(x))
      values.push_back(x);
  for (size_t i = 0; i < values.size(); ++i)
    evidence.runs[0].record.metrics[std::to_string(i)] = values[i];

  const Evidence back = evidence_from_text(to_text(evidence), "file");

  const auto run = std::find_if(back.runs.begin(), back.runs.end(), [&](const auto& r) {
    return r.id == evidence.runs[0].id;
  });
  for (size_t i = 0; i < values.size(); ++i)
    EXPECT_EQ(std::bit_cast<uint64_t>(run->record.metrics.at(std::to_string(i))),
              std::bit_cast<uint64_t>(values[i]));
}

// Specs of every shape against each other: what they share is taken out and put back.
TEST(Evidence, SpecsComeBackWhateverTheyShare) {
  const std::vector<std::string> specs = {
      R"({})",
      R"({"a":1})",
      R"({"a":1.0})",
      R"({"a":-0.0})",
      R"({"a":0.0})",
      R"({"a":null})",
      R"({"a":{}})",
      R"({"a":{"b":{}}})",
      R"({"a":{"b":{"c":1},"d":[1,{"e":2}]}})",
      R"({"a":{"b":{"c":2},"d":[1,{"e":2}]}})",
      R"({"a":{"b":1,"d":[1]},"z":"text"})",
  };
  for (size_t i = 0; i < specs.size(); ++i)
    for (size_t j = 0; j < specs.size(); ++j) {
      const std::string &one = specs[i], &two = specs[j],
                        &three = specs[(2 * i + 3 * j) % specs.size()];
      Evidence evidence;
      for (const std::string& spec : {one, two, three}) {
        evidence.runs.push_back(run_of(evidence, "arm", evidence.runs.size(), 0));
        evidence.runs.back().spec = spec;
      }

      const Evidence back = evidence_from_text(to_text(evidence), "file");

      EXPECT_EQ(back.runs[0].spec, one);
      EXPECT_EQ(back.runs[1].spec, two);
      EXPECT_EQ(back.runs[2].spec, three);
    }
}

TEST(Evidence, EnvironmentsThatDifferOnlyInTimeAreOne) {
  Evidence evidence;

  const std::string one = evidence.add_environment(R"({"host": "x", "time": 1})");

  EXPECT_EQ(evidence.add_environment(R"({"time": 2, "host": "x"})"), one);
  EXPECT_NE(evidence.add_environment(R"({"host": "y", "time": 1})"), one);
  EXPECT_EQ(evidence.environments.size(), 2U);
}

TEST(Evidence, OverItsSizeSaysWhatTakesTheRoom) {
  Evidence evidence = example();
  evidence.runs[3].record.message = std::string(kMostEvidenceBytes, 'x');
  const std::string error = error_of([&] { to_text(evidence); });

  EXPECT_NE(error.find("evidence of study 'first': 100"), std::string::npos) << error;
  EXPECT_NE(error.find("bytes, allowed 1000000: the header with its environments "),
            std::string::npos)
      << error;
  EXPECT_NE(error.find("6 runs 100"), std::string::npos) << error;
  EXPECT_NE(error.find("of them in run full1; record fewer metrics"), std::string::npos) << error;
}

TEST(Evidence, UpToItsSizeIsWritten) {
  Evidence evidence = example();
  const size_t left = kMostEvidenceBytes - to_text(evidence).size();
  evidence.runs[0].record.message = std::string(left, 'x');
  EXPECT_EQ(to_text(evidence).size(), kMostEvidenceBytes);

  evidence.runs[0].record.message += 'x';

  EXPECT_NE(error_of([&] { to_text(evidence); }), "");
}

TEST(Evidence, RefusesRunsThatDoNotBelong) {
  Evidence evidence = example();
  evidence.runs[0].environment = "elsewhere";
  EXPECT_EQ(
      error_of([&] { to_text(evidence); }),
      "run minus_gate2 has the environment 'elsewhere', which is not among the 1 of this file");

  evidence = example();
  evidence.runs[1].id = evidence.runs[0].id;
  EXPECT_EQ(error_of([&] { to_text(evidence); }), "run minus_gate2 is there twice");

  evidence = example();
  evidence.runs[1].spec = "[]";
  EXPECT_EQ(error_of([&] { to_text(evidence); }), "the spec of run full2 is not a JSON object");
}

// The text of the example with one line changed.
std::string error_with(size_t line, const std::function<void(Json&)>& damage) {
  const std::string text = to_text(example());
  size_t begin = 0;
  for (size_t i = 1; i < line; ++i) begin = text.find('\n', begin) + 1;
  const size_t end = text.find('\n', begin);
  Json json = Json::parse(text.substr(begin, end - begin));
  damage(json);
  return error_of([&] {
    evidence_from_text(text.substr(0, begin) + compact(json) + text.substr(end), "e.jsonl");
  });
}

TEST(Evidence, ReadingNamesFileAndLine) {
  EXPECT_EQ(error_with(1, [](Json& json) { json.erase("saggio_evidence"); }),
            "e.jsonl:1: not an evidence file: the first line lacks 'saggio_evidence'");
  EXPECT_EQ(error_with(1, [](Json& json) { json["saggio_evidence"] = 2; }),
            "e.jsonl:1: format 2, this version reads 1; use the version that wrote it");
  EXPECT_EQ(error_with(1, [](Json& json) { json.erase("module"); }),
            "e.jsonl:1: 'module' is missing");
  EXPECT_EQ(error_with(1, [](Json& json) { json["study"] = 1; }),
            "e.jsonl:1: 'study' is 1, expected text");
  EXPECT_EQ(error_with(1,
                       [](Json& json) {
                         json["looks"] = {8, -1};
                       }),
            "e.jsonl:1: 'looks' holds -1, expected numbers of seeds");
  EXPECT_EQ(error_with(1, [](Json& json) { json["looks"] = 8; }),
            "e.jsonl:1: 'looks' is no array of numbers of seeds");
  EXPECT_NE(error_with(1, [](Json& json) { json["environments"].begin().value()["host"] = "z"; })
                .find("it was changed"),
            std::string::npos);
  EXPECT_EQ(error_with(3, [](Json& json) { json["weights"] = 1; }),
            "e.jsonl:3: unknown key 'weights', allowed id, label, seed, code_id, environment, "
            "spec, record");
  EXPECT_EQ(error_with(3, [](Json& json) { json["seed"] = -1; }),
            "e.jsonl:3: 'seed' is -1, expected a whole number from 0");
  EXPECT_EQ(error_with(3, [](Json& json) { json["spec"] = 1; }),
            "e.jsonl:3: 'spec' is 1, expected an object");
  EXPECT_EQ(error_with(4, [](Json& json) { json["record"].erase("ledger"); }),
            "e.jsonl:4: a record lacks 'ledger'");
  EXPECT_EQ(error_with(7, [](Json& json) { json["environment"] = "z"; }),
            "e.jsonl:7: run minus_gate18446744073709551615 has the environment 'z', which is not "
            "among the 1 of this file");
  EXPECT_EQ(error_with(7, [](Json& json) { json["id"] = "full1"; }),
            "e.jsonl:7: run full1 is there twice");
  EXPECT_EQ(error_with(2, [](Json& json) { json = 1; }), "e.jsonl:2: not a JSON object");
}

TEST(Evidence, EveryPrefixOfTheFileButWholeLinesIsRefused) {
  Evidence evidence = example();
  evidence.runs.resize(2);
  const std::string text = to_text(evidence);
  for (size_t length = 0; length < text.size(); ++length) {
    const std::string prefix = text.substr(0, length);
    const std::string error = error_of([&] { evidence_from_text(prefix, "e.jsonl"); });

    const auto lines = std::count(prefix.begin(), prefix.end(), '\n');
    if (prefix.ends_with('\n')) {
      EXPECT_EQ(error, "");
    } else {
      EXPECT_EQ(error,
                "e.jsonl:" + std::to_string(lines + 1) + ": cut short: this line has no end");
    }
  }
}

TEST(Evidence, FileIsWrittenWithItsFolder) {
  const TemporaryFolder folder;

  write_evidence(folder / "evidence/first.jsonl", example());

  EXPECT_EQ(to_text(read_evidence(folder / "evidence/first.jsonl")), to_text(example()));
  EXPECT_EQ(slurp(folder / "evidence/first.jsonl"), to_text(example()));
}

}  // namespace
}  // namespace saggio::results
