// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "results/record.h"

// A fast view of many run directories, in one SQLite file beside the studies: runs/index.db. It is
// a cache and never the truth: deleted, damaged or of another version, it is silently made again
// from the directories. Where its folder may not be written (somebody else's runs) it lives in
// memory, and every program reads the directories anew. Many processes may use one file; an Index
// is for one thread. Errors are std::runtime_error naming the file, of the runs as well: a damaged
// done.json.
namespace saggio::results {

// One committed run.
struct RunRow {
  std::string id;              // the name of its folder
  uint64_t seed = 0;           // of spec.json
  std::string code_id, label;  // of env.json; "" if it does not say
  std::filesystem::path folder;
  std::string record_json;  // done.json in one line
  Record record() const;    // parsed now
};

class Index {
 public:
  explicit Index(const std::filesystem::path& file);
  Index(Index&&) noexcept;
  ~Index();

  struct Refreshed {
    int64_t committed = 0;    // runs with a record
    int64_t uncommitted = 0;  // runs without one
    int64_t read = 0;         // records that were new or had changed
    int64_t removed = 0;      // rows whose record is gone
  };
  // Brings the index up to date with a study's folder (runs/STUDY) and says what is there. Costs
  // one look at every run, and one read of those that changed.
  Refreshed refresh(const std::filesystem::path& study);

  // As of the last refresh. Runs are sorted by id.
  std::vector<RunRow> runs(const std::filesystem::path& study);
  std::map<Outcome, int64_t> counts(const std::filesystem::path& study);

  // What such a run took: the median over finished runs of any study with the same module, version,
  // config, threads and device, whichever their seed. nullopt if there is none.
  std::optional<double> median_seconds(const nlohmann::json& spec);

  // Small answers that are expensive to find again. The key says all that the answer depends on.
  std::optional<std::string> cached(std::string_view key);
  void cache(std::string_view key, std::string_view value);

  // SHA-256 of a file, hashed again only if its path, size, time or inode changed.
  std::string file_hash(const std::filesystem::path& file);

  bool in_memory() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace saggio::results
