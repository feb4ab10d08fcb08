// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "results/record.h"
#include "results/study_data.h"

// The directory of one run, the only truth about it:
//
//   spec.json      what it is: module, version, config, seed, streams, threads, device, data hashes; written once
//   events.jsonl   {"step":..,"name":..,"value":..} per line, appended; the same bits for the same identity
//   timing.jsonl   the clocks, kept apart because they never repeat
//   log.txt        what the module printed
//   env.json       machine, versions, code id
//   checkpoint/    STEP/ folders; only the newest complete one counts
//   done.json      the record; written last: a run is committed when this file is there, and absent otherwise
//   lease          who works on it now (held by flock, so it ends with the process)
//
// spec, checkpoint and done are durable (written aside, synced, renamed, folder synced); nothing else waits for the disk.
// Readers need no lock and tolerate a torn last line. Errors are std::runtime_error naming the file and the reason.
namespace saggio::results {

// Writes text to `file` so that after a crash either the old or the new content is there. Throws if the disk is full.
void write_durably(const std::filesystem::path& file, std::string_view text);
std::string read_file(const std::filesystem::path& file);  // throws if missing or unreadable

class RunDir {
 public:
  explicit RunDir(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // Makes the folder and its spec.json. An equal spec that is already there is fine; another one is an error, and so is a
  // folder that is not empty and has no spec (somebody else's).
  void create(const nlohmann::json& spec) const;

  bool exists() const;     // has a spec
  bool committed() const;  // has a record
  nlohmann::json spec() const;
  std::optional<Record> record() const;  // throws if done.json is there but damaged
  void commit(const Record& record) const;

  std::vector<Point> events(std::string_view name) const;           // by order of writing
  std::vector<std::string> event_names() const;
  std::string log_tail(size_t lines) const;

  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
};

// The right to work on a run. Held until destroyed, or until the process dies in whatever way.
class Lease {
 public:
  // nullopt if another live process holds it; `holder` then says who ("pid 17 on host x since ...").
  static std::optional<Lease> take(const std::filesystem::path& file, std::string* holder = nullptr);
  Lease(Lease&& other) noexcept;
  Lease& operator=(Lease&&) = delete;
  ~Lease();

 private:
  explicit Lease(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

// Appends a run's events and writes its checkpoints. One per run, used by one thread.
class RunWriter {
 public:
  // Continues from the newest complete checkpoint if there is one (events are cut back to where it stood), else from nothing.
  explicit RunWriter(const RunDir& dir);
  ~RunWriter();

  void event(int64_t step, std::string_view name, double value);  // buffered; NaN and infinities are kept as text
  void timing(const nlohmann::json& entry);
  void flush();  // to the operating system

  struct Checkpoint {
    int64_t step;
    std::filesystem::path folder;
  };
  std::optional<Checkpoint> checkpoint() const;  // the one this writer continued from, or wrote last

  // `write` puts its files into the folder it is given. All or nothing, durable; older checkpoints are removed after.
  void save(int64_t step, const std::function<void(const std::filesystem::path& folder)>& write);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace saggio::results
