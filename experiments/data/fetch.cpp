// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <stdexcept>

#include "experiments/data/catalogue.h"
#include "results/store/hash.h"

extern char** environ;

namespace saggio::data {
namespace fs = std::filesystem;
namespace {

// What is wrong with one file; empty: nothing.
std::string fault(const DataFile& file, const fs::path& at) {
  std::error_code error;
  const uintmax_t bytes = fs::file_size(at, error);
  if (error) return "is missing";
  if (bytes != file.bytes) return fmt::format("{} bytes, expected {}", bytes, file.bytes);
  const std::string sha256 = results::sha256_file(at);
  if (sha256 != file.sha256) return fmt::format("SHA-256 {}, expected {}", sha256, file.sha256);
  return "";
}

bool has_all(const DataSet& set, const fs::path& root) {
  for (const DataFile& file : set.files) {
    std::error_code error;
    if (fs::file_size(root / file.path, error) != file.bytes || error) return false;
  }
  return true;
}

// A file that is removed at the end of its scope, unless it has been moved away by then.
struct Temporary {
  fs::path path;

  ~Temporary() {
    std::error_code ignored;
    fs::remove(path, ignored);
  }
};

std::string last_line(const fs::path& path) {
  std::ifstream file(path);
  std::string line, last = "no message";
  while (std::getline(file, line)) {
    if (!line.empty()) last = line;
  }
  return last;
}

// curl itself, not a shell: nothing in a path or URL is interpreted. What it says goes to a file,
// and from there into the error.
void download(const std::string& url, const fs::path& to) {
  const Temporary messages{to.string() + ".log"};
  const std::string output = to.string(), log = messages.path.string();
  const char* arguments[] = {
      "curl", "-fL", "-sS", "--retry", "2", "-o", output.c_str(), "--", url.c_str(), nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(
      &actions, STDERR_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  pid_t child = 0;
  const int refused =
      posix_spawnp(&child, "curl", &actions, nullptr, const_cast<char**>(arguments), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (refused != 0) {
    throw std::runtime_error(
        fmt::format("curl cannot be started: {}: install it, or set SAGGIO_MIRROR to a folder that "
                    "has the data",
                    std::strerror(refused)));
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
  throw std::runtime_error(fmt::format(
      "{}: the download failed ({}): try again, or set SAGGIO_MIRROR to a folder that has the data",
      url,
      last_line(messages.path)));
}

void bring(const DataSet& set, const DataFile& file, const Places& places) {
  const bool mirrored = places.mirror && fs::exists(*places.mirror / file.path);
  if (!mirrored && file.url.empty())
    throw std::runtime_error(fmt::format(
        "{}: {} cannot be downloaded as it is and {}: set SAGGIO_MIRROR to a folder that has it",
        set.name,
        file.path.string(),
        places.mirror ? fmt::format("the mirror {} lacks it", places.mirror->string())
                      : "no mirror is set"));
  const fs::path to = places.data / file.path;
  fs::create_directories(to.parent_path());
  const Temporary part{fmt::format("{}.part-{}", to.string(), getpid())};
  const std::string from = mirrored ? (*places.mirror / file.path).string() : file.url;
  if (mirrored)
    fs::copy_file(from, part.path, fs::copy_options::overwrite_existing);
  else
    download(from, part.path);
  if (const std::string wrong = fault(file, part.path); !wrong.empty()) {
    throw std::runtime_error(fmt::format(
        "{}: not the file that the catalogue names ({}): nothing was kept", from, wrong));
  }
  fs::rename(part.path, to);
}

const char* environment(const char* name) {
  const char* value = std::getenv(name);
  return value && *value ? value : nullptr;
}

}  // namespace

Places Places::from_environment() {
  Places places;
  if (const char* mirror = environment("SAGGIO_MIRROR")) places.mirror = mirror;
  if (const char* data = environment("SAGGIO_DATA")) {
    places.data = data;
  } else if (const char* home = environment("HOME")) {
    places.data = fs::path(home) / ".cache/saggio/data";
  } else {
    throw std::runtime_error("no place for data: set SAGGIO_DATA to a folder, as HOME is not set");
  }
  return places;
}

std::optional<fs::path> path_of(const DataSet& set, const Places& places) {
  if (has_all(set, places.data)) return places.data / set.path();
  if (places.mirror && has_all(set, *places.mirror)) return *places.mirror / set.path();
  return std::nullopt;
}

std::vector<std::string> verify(const DataSet& set, const fs::path& root) {
  std::vector<std::string> faults;
  for (const DataFile& file : set.files) {
    const fs::path at = root / file.path;
    const std::string wrong = fault(file, at);
    if (!wrong.empty()) faults.push_back(fmt::format("{}: {}", at.string(), wrong));
  }
  return faults;
}

fs::path get(const DataSet& set, const Places& places) {
  for (const DataFile& file : set.files) {
    if (!fault(file, places.data / file.path).empty()) bring(set, file, places);
  }
  return places.data / set.path();
}

}  // namespace saggio::data
