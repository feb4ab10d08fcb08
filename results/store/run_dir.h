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
#include <utility>
#include <vector>

#include "results/record.h"
#include "results/store/files.h"
#include "results/study_data.h"

// The directory of one run, the only truth about it:
//
//   spec.json      what it is: module, version, config, seed, streams, threads, device, data hashes
//   events.jsonl   {"step":..,"name":..,"value":..} per line; the same bits for the same identity
//   timing.jsonl   the clocks, kept apart because they never repeat
//   log.txt        what the module printed
//   env.json       machine, versions, code id
//   checkpoint/    STEP/ folders; only the newest complete one counts
//   done.json      the record, written last: committed when it is there, and absent otherwise
//   lease          who works on it now (held by flock, so it ends with the process)
//
// spec (written once), checkpoint and done are durable: written aside, synced, renamed, the folder
// synced. Nothing else waits for the disk. Readers need no lock and tolerate a torn last line.
// Errors are std::runtime_error naming the file and the reason.
namespace saggio::results {

class RunDir {
 public:
  explicit RunDir(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // Makes the folder and its spec.json. A spec of the same run that is already there is fine, and
  // is brought up to date: its "id" leaves out what does not change the results (the label,
  // parameters at their defaults). Another spec is an error, and so is a folder that is not empty
  // and has no spec (somebody else's).
  void create(const nlohmann::json& spec) const;

  bool exists() const;     // has a spec
  bool committed() const;  // has a record
  nlohmann::json spec() const;
  nlohmann::json environment() const;    // env.json; null if there is none
  std::optional<Record> record() const;  // throws if done.json is there but damaged

  // The events and env.json first, then the record, all on the disk when it returns. Flush the
  // run's writer before.
  void commit(const Record& record) const;

  // Takes the run back. Its record goes first and its spec last, so that a crash in between leaves
  // a run to be done, never half a result or a folder that is nobody's.
  void remove() const;

  std::vector<Point> events(std::string_view name) const;  // by order of writing
  std::vector<std::string> event_names() const;            // by first appearance
  std::string log_tail(size_t lines) const;                // empty if there is no log

  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
};

// The right to work on a run. Held until destroyed, or until the process dies in whatever way.
// Children that are forked and start no other program share it.
class Lease {
 public:
  // nullopt if another live process holds it; `holder` then says who: "pid 17 on x since ...".
  static std::optional<Lease> take(const std::filesystem::path& file,
                                   std::string* holder = nullptr);

  // Who holds it; nullopt if nobody does. Asks without taking it away from anybody.
  static std::optional<std::string> holder(const std::filesystem::path& file);

  Lease(Lease&& other) noexcept = default;
  Lease& operator=(Lease&&) = delete;

 private:
  explicit Lease(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}
  Descriptor descriptor_;
};

// Appends a run's events and writes its checkpoints. One per run (its owner holds the lease), used
// by one thread.
class RunWriter {
 public:
  // Continues from the newest complete checkpoint if there is one (events are cut back to where it
  // stood), else from nothing. A run that was stopped or that failed loses its record here, for it
  // is going on; one with a result is an error.
  explicit RunWriter(const RunDir& dir);
  ~RunWriter();  // flushes; an error then stays unsaid, so flush() before commit()

  // Buffered. NaN and infinities are kept as text.
  void event(int64_t step, std::string_view name, double value);
  void timing(const nlohmann::json& entry);

  // Whole lines, to the operating system. Happens by itself twice a second and every 64 KiB.
  void flush();

  struct Checkpoint {
    int64_t step;
    std::filesystem::path folder;
  };
  // The one this writer continued from, or wrote last.
  std::optional<Checkpoint> checkpoint() const;

  // `write` puts its files into the folder it is given. All or nothing, durable; older checkpoints
  // are removed after. The name position.json is taken. Steps ascend; to save the last step again
  // does nothing, for it is the same state.
  void save(int64_t step, const std::function<void(const std::filesystem::path& folder)>& write);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace saggio::results
