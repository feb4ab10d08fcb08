// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

// What reads bytes that somebody else may have written, each as a libFuzzer target: any bytes may
// be refused by Damage, FileError or std::invalid_argument and by nothing else, in memory that does
// not exceed a small multiple of theirs. graph_fuzz_test.cpp replays a corpus in every test run;
// with clang and -DSAGGIO_FUZZ=ON each becomes a program fuzz_NAME that goes on looking.
namespace saggio::graph {

struct FuzzTarget {
  std::string_view name;
  void (*run)(std::span<const uint8_t> bytes);
};

void fuzz_records(std::span<const uint8_t> bytes);  // bodies of records, framed as the log does
void fuzz_log(std::span<const uint8_t> bytes);      // a log file behind its header
void fuzz_segment(std::span<const uint8_t> bytes);  // changes to a segment

inline constexpr FuzzTarget kFuzzTargets[] = {
    {"records", fuzz_records}, {"log", fuzz_log}, {"segment", fuzz_segment}};

}  // namespace saggio::graph
