// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

// Where a run was made: env.json. What git cannot say is recorded as such, never an error
// ({"state": "no repository"}), for a run must not fail for want of a label.
namespace saggio::results {

struct EnvironmentRequest {
  std::map<std::string, std::string> versions;  // of the libraries in use: "torch" -> "2.11.0"
  int threads = 1;
  std::filesystem::path folder = ".";  // whose git repository is recorded
  std::filesystem::path patches{};     // where HASH.patch goes; empty: only its hash is kept
  std::chrono::milliseconds git_timeout{10'000};  // per command
};

// {host, cpu, cores, memory_bytes, kernel, os, compiler, versions, threads, time, git}; time is
// UTC, git as in git_state.h.
nlohmann::json capture_environment(const EnvironmentRequest& request);

// The GNU build id of a 64-bit little-endian ELF file, in hex. Throws std::runtime_error naming the
// file: no such ELF file, cut short, or linked without --build-id.
std::string build_id(const std::filesystem::path& program);

// Names the code of a run: the program's build id and the versions of what it loads, hashed.
std::string code_id(const std::filesystem::path& program, std::string_view versions);

}  // namespace saggio::results
