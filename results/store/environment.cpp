// SPDX-License-Identifier: MIT
#include "results/store/environment.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <ctime>
#include <nlohmann/json.hpp>

#include "results/store/files.h"
#include "results/store/git_state.h"

namespace saggio::results {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::json;

#if defined(__clang__)
constexpr const char* kCompiler = "clang " __clang_version__;
#else
constexpr const char* kCompiler = "gcc " __VERSION__;
#endif

// The value of the first "key<separator>value" line of a small file; empty if there is none.
std::string look_up(const fs::path& file, std::string_view key, char separator) {
  if (!fs::exists(file)) return {};
  const std::string content = read_file(file);
  std::string_view text = content;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const size_t split = line.find(separator);
    if (split == std::string_view::npos || !line.starts_with(key)) continue;
    line.remove_prefix(split + 1);
    const size_t begin = line.find_first_not_of(" \t\""), end = line.find_last_not_of(" \t\"");
    return begin == std::string_view::npos ? "" : std::string(line.substr(begin, end - begin + 1));
  }
  return {};
}

// Those this process may use: fewer than the machine has, in a container or a batch job.
int64_t usable_cores() {
  cpu_set_t set;
  if (::sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
  return ::sysconf(_SC_NPROCESSORS_ONLN);
}

}  // namespace

Json capture_environment(const EnvironmentRequest& request) {
  utsname system{};
  ::uname(&system);
  const std::string cpu = look_up("/proc/cpuinfo", "model name", ':');
  return {{"host", system.nodename},
          {"cpu", cpu.empty() ? system.machine : cpu},
          {"cores", usable_cores()},
          {"memory_bytes", ::sysconf(_SC_PHYS_PAGES) * ::sysconf(_SC_PAGE_SIZE)},
          {"kernel", fmt::format("{} {} {}", system.sysname, system.release, system.machine)},
          {"os", look_up("/etc/os-release", "PRETTY_NAME", '=')},
          {"compiler", kCompiler},
          {"versions", request.versions},
          {"threads", request.threads},
          {"time", fmt::format("{:%FT%TZ}", fmt::gmtime(std::time(nullptr)))},
          {"git", git_state(request.folder, request.patches, request.git_timeout)}};
}

}  // namespace saggio::results
