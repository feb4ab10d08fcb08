// SPDX-License-Identifier: MIT
#include "results/store/git_state.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "results/store/files.h"
#include "results/store/hash.h"

namespace saggio::results {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::json;

constexpr size_t kMostUntracked = 50;
constexpr uintmax_t kMostHashedBytes = 1 << 20;

// What keeps git from answering, as a state; empty if it answered.
std::string trouble(const ProgramOutput& output, std::chrono::milliseconds timeout) {
  using End = ProgramOutput::End;
  if (output.end == End::kNotFound) return "git is not installed";
  if (output.end == End::kTimedOut) return fmt::format("git took over {} ms", timeout.count());
  if (output.end == End::kTooLong) return "git failed: its answer is too long";
  if (output.status == 0) return {};
  if (output.err.find("not a git repository") != std::string::npos) return "no repository";
  return fmt::format("git failed: {}", output.err.substr(0, output.err.find('\n')));
}

struct Git {
  fs::path folder;
  std::chrono::milliseconds timeout;

  // Its settings must not change what is recorded, nor start other programs.
  ProgramOutput operator()(const std::vector<std::string>& arguments) const {
    std::vector<std::string> command = {
        "git", "-C", folder.string(), "-c", "core.fsmonitor=false", "-c", "core.quotePath=true"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return run_program(command, timeout);
  }
};

// A path may hold any byte, JSON may not.
std::string printable(std::string_view path) {
  std::string text;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x7f) {
      text += fmt::format("\\x{:02x}", byte);
    } else {
      text += c;
    }
  }
  return text;
}

Json describe_untracked(const fs::path& root, std::string_view path) {
  Json entry = {{"path", printable(path)}};
  std::error_code error;
  const fs::path file = root / path;
  if (fs::symlink_status(file, error).type() != fs::file_type::regular) return entry;
  const uintmax_t bytes = fs::file_size(file, error);
  if (error) return entry;  // gone meanwhile
  entry["bytes"] = bytes;
  if (bytes > kMostHashedBytes) return entry;
  try {
    entry["sha256"] = sha256_file(file);
  } catch (const std::runtime_error&) {
    entry["sha256"] = "unreadable";
  }
  return entry;
}

// The NUL-ended entries of `git status --porcelain=v2 --branch`.
void read_status(Json& state, const fs::path& root, std::string_view entries) {
  size_t omitted = 0;
  state["untracked"] = Json::array();
  while (!entries.empty()) {
    const std::string_view entry = entries.substr(0, entries.find('\0'));
    entries.remove_prefix(std::min(entries.size(), entry.size() + 1));
    const auto after = [&](std::string_view prefix) -> std::optional<std::string_view> {
      if (!entry.starts_with(prefix)) return std::nullopt;
      return entry.substr(prefix.size());
    };
    if (const auto commit = after("# branch.oid ")) {
      state["commit"] = *commit == "(initial)" ? "" : *commit;
    } else if (const auto branch = after("# branch.head ")) {
      state["branch"] = *branch == "(detached)" ? "" : printable(*branch);
    } else if (const auto path = after("? ")) {
      if (state["untracked"].size() < kMostUntracked) {
        state["untracked"].push_back(describe_untracked(root, *path));
      } else {
        ++omitted;
      }
    }
  }
  if (omitted > 0) state["untracked_omitted"] = omitted;
}

std::string keep_patch(const std::string& patch, const fs::path& patches) {
  if (patch.empty()) return {};
  std::string hash = sha256(patch);
  if (patches.empty()) return hash;
  const fs::path file = patches / (hash + ".patch");
  if (fs::exists(file)) return hash;
  make_folder(patches);
  write_durably(file, patch);
  return hash;
}

}  // namespace

Json git_state(const fs::path& folder, const fs::path& patches, std::chrono::milliseconds timeout) {
  const Git git{folder, timeout};
  const ProgramOutput top = git({"rev-parse", "--show-toplevel"});
  if (const std::string reason = trouble(top, timeout); !reason.empty()) return {{"state", reason}};
  const fs::path root = top.out.substr(0, top.out.rfind('\n'));
  const ProgramOutput status =
      git({"status", "--porcelain=v2", "--branch", "-z", "--untracked-files=all", "--no-renames"});
  if (const std::string reason = trouble(status, timeout); !reason.empty())
    return {{"state", reason}};

  Json state;
  read_status(state, root, status.out);
  state["patch"] = "";
  if (!state.value("commit", "").empty()) {
    const ProgramOutput diff = git({"diff",
                                    "HEAD",
                                    "--binary",
                                    "--full-index",
                                    "--no-color",
                                    "--no-ext-diff",
                                    "--no-textconv",
                                    "--no-renames",
                                    "--no-relative",
                                    "--src-prefix=a/",
                                    "--dst-prefix=b/"});
    if (const std::string reason = trouble(diff, timeout); !reason.empty())
      return {{"state", reason}};
    state["patch"] = keep_patch(diff.out, patches);
  }
  state["state"] = state["patch"] == "" && state["untracked"].empty() ? "clean" : "changed";
  return state;
}

}  // namespace saggio::results
