// SPDX-License-Identifier: MIT
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "results/store/record_json.h"
#include "results/store/run_dir.h"

namespace saggio::results {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::json;

bool try_lock(const Descriptor& descriptor, int kind, const fs::path& file) {
  while (::flock(descriptor.number(), kind | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return false;
    if (errno != EINTR) throw_errno(file, "lock");
  }
  return true;
}

// holder() locks for an instant as well: who wants the lease looks again a few times before giving
// up.
bool lock_patiently(const Descriptor& descriptor, const fs::path& file) {
  for (int attempt = 0; attempt < 5; ++attempt) {
    if (try_lock(descriptor, LOCK_EX, file)) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return false;
}

std::string this_host() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

// One boot of one machine; tells a lease file of before a restart, or of another machine, from a
// present one.
std::string boot_id() {
  const fs::path file = "/proc/sys/kernel/random/boot_id";
  if (!fs::exists(file)) return "unknown";
  std::string text = read_file(file);
  return text.substr(0, text.find('\n'));
}

std::string describe(const fs::path& file) {
  const Json json = Json::parse(read_file(file), nullptr, false);
  if (!json.is_object()) return "another process";  // it has the lock and has not signed yet
  return fmt::format("pid {} on {} since {}",
                     json.value("pid", 0),
                     json.value("host", "?"),
                     json.value("since", "?"));
}

void sign(const Descriptor& descriptor, const fs::path& file) {
  const Json json = {{"host", this_host()},
                     {"pid", ::getpid()},
                     {"boot_id", boot_id()},
                     {"since", fmt::format("{:%FT%TZ}", fmt::gmtime(std::time(nullptr)))}};
  if (::ftruncate(descriptor.number(), 0) != 0) throw_errno(file, "empty");
  write_all(descriptor, compact(json) + "\n", file);
}

}  // namespace

std::optional<Lease> Lease::take(const fs::path& file, std::string* holder) {
  while (true) {
    Descriptor descriptor = open_file(file, OpenFor::kLocking);
    if (!lock_patiently(descriptor, file)) {
      if (holder) *holder = describe(file);
      return std::nullopt;
    }
    if (!is_still_at(descriptor, file))
      continue;  // the run was removed meanwhile: this lock guards nothing
    sign(descriptor, file);
    return Lease(std::move(descriptor));
  }
}

std::optional<std::string> Lease::holder(const fs::path& file) {
  if (!fs::exists(file)) return std::nullopt;
  const Descriptor descriptor = open_file(file, OpenFor::kReading);
  if (try_lock(descriptor, LOCK_SH, file)) return std::nullopt;
  return describe(file);
}

}  // namespace saggio::results
