// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

// What `git` says about a folder's repository, so that the code behind a run can be had again.
namespace saggio::results {

//   state      "clean", "changed", "no repository", "git is not installed",
//              "git took over 10000 ms", "git failed: its words"
//   commit     hex, or "" before the first commit
//   branch     "" if detached
//   patch      SHA-256 of `git diff HEAD --binary`, kept as patches/HASH.patch; "" if no change
//   untracked  [{path, bytes, sha256}], no ignored files: the first 50, and untracked_omitted
//              counts the others; sha256 of regular files up to 1 MiB
nlohmann::json git_state(const std::filesystem::path& folder,
                         const std::filesystem::path& patches,
                         std::chrono::milliseconds timeout);

// A program's output. Its standard input is empty; it and its children are killed at the deadline.
struct ProgramOutput {
  enum class End { kExited, kNotFound, kTimedOut, kTooLong } end = End::kExited;
  int status = 0;  // exit status if kExited, 128 + signal if one ended it
  std::string out, err;
};
ProgramOutput run_program(const std::vector<std::string>& command,
                          std::chrono::milliseconds timeout,
                          size_t most_bytes = size_t{64} << 20);

}  // namespace saggio::results
