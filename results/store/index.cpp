// SPDX-License-Identifier: MIT
#include "results/store/index.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <ctime>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <unordered_map>

#include "results/store/files.h"
#include "results/store/hash.h"
#include "results/store/record_json.h"
#include "results/store/run_dir.h"
#include "results/store/sqlite.h"

namespace saggio::results {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::json;

constexpr int64_t kVersion = 1;  // of the tables below: another one is made again
constexpr const char* kTables = R"(
  DROP TABLE IF EXISTS run;
  DROP TABLE IF EXISTS cache;
  CREATE TABLE run (study TEXT, name TEXT, mtime_ns INTEGER, bytes INTEGER, inode INTEGER, seed INTEGER, outcome TEXT,
                    seconds REAL, cost TEXT, code_id TEXT, label TEXT, record TEXT, UNIQUE (study, name));
  CREATE INDEX run_stamp ON run (study, name, mtime_ns, bytes, inode);
  CREATE INDEX run_outcome ON run (study, outcome);
  CREATE INDEX run_cost ON run (cost, seconds);
  CREATE TABLE cache (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
  PRAGMA user_version = 1)";

// Tells one version of a file from the next without reading it.
struct Stamp {
  int64_t mtime_ns = 0, bytes = 0, inode = 0;
  bool operator==(const Stamp&) const = default;
};

std::optional<Stamp> stamp(const fs::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return std::nullopt;
  return Stamp{int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec,
               status.st_size,
               static_cast<int64_t>(status.st_ino)};
}

// What a run's time depends on, as far as its spec tells.
std::string cost_key(const Json& spec) {
  Json key;
  for (const char* name : {"module", "version", "config", "threads", "device"})
    key[name] = spec.value(name, Json());
  return sha256(compact(key));
}

struct ReadRun {
  std::string name;
  Stamp stamp;
  int64_t seed = 0;
  std::string outcome, cost, code_id, label, record;
  double seconds = 0;
};

std::string text_at(const Json& json, const char* key) {
  return json.contains(key) && json[key].is_string() ? json[key].get<std::string>() : "";
}

ReadRun read_run(const fs::path& folder, const Stamp& stamp) {
  const RunDir dir(folder);
  const Record record = dir.record().value();
  const Json spec = dir.spec();
  if (!spec.contains("seed") || !spec["seed"].is_number_unsigned())
    throw std::runtime_error(
        fmt::format("{}: lacks 'seed', a whole number", (folder / "spec.json").string()));
  const Json env = dir.environment();
  return {.name = folder.filename(),
          .stamp = stamp,
          .seed = static_cast<int64_t>(spec["seed"].get<uint64_t>()),
          .outcome = std::string(name(record.outcome)),
          .cost = cost_key(spec),
          .code_id = text_at(env, "code_id"),
          .label = text_at(env, "label"),
          .record = compact(record_to_json(record)),
          .seconds = record.ledger.total("seconds")};
}

// nullopt if the run was taken back meanwhile.
std::optional<ReadRun> read_if_there(const fs::path& folder, const Stamp& stamp) {
  try {
    return read_run(folder, stamp);
  } catch (const std::exception&) {
    if (RunDir(folder).committed()) throw;
    return std::nullopt;
  }
}

}  // namespace

Record RunRow::record() const {
  try {
    return record_from_text(record_json);
  } catch (const std::exception& error) {
    throw std::runtime_error(
        fmt::format("the index entry of run {} is damaged ({}); remove index.db, it is made again",
                    id,
                    error.what()));
  }
}

struct Index::State {
  explicit State(fs::path path) : file(std::move(path)) {
    std::error_code ignored;  // a folder that cannot be made shows when the file in it is opened
    if (file.has_parent_path()) fs::create_directories(file.parent_path(), ignored);
    open_somewhere();
  }

  void open_somewhere() {
    for (int attempt = 0; attempt < 2 && !in_memory; ++attempt) {
      try {
        return open(file.string());
      } catch (const SqliteError& error) {
        give_up(error);
      }
    }
    in_memory = true;
    open(":memory:");
  }

  // Lets go of a file that is damaged or that may not be written. Anything else goes on as an
  // error.
  void give_up(const SqliteError& error) {
    if (in_memory || !(error.damaged() || error.unwritable())) throw;
    database.reset();
    in_memory = error.unwritable();
    std::error_code ignored;
    for (const char* suffix : {"", "-wal", "-shm"})
      if (error.damaged()) fs::remove(file.string() + suffix, ignored);
  }

  void open(const std::string& name) {
    database = std::make_unique<Database>(name);
    database->run("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
    if (version() == kVersion) return;
    Transaction transaction(*database);
    if (version() != kVersion) database->run(kTables);  // unless another process was first
    transaction.commit();
  }

  int64_t version() const {
    Statement statement(*database, "PRAGMA user_version");
    statement.step();
    return statement.integer(0);
  }

  // Runs `action`. If the file turns out to be damaged or unwritable, takes another one, calls
  // `refill` and runs `action` again.
  template <typename Action, typename Refill>
  auto guarded(Action action, Refill refill) {
    try {
      return action();
    } catch (const SqliteError& error) {
      give_up(error);
    }
    open_somewhere();
    refill();
    return action();
  }
  template <typename Action>
  auto guarded(Action action) {
    return guarded(action, [] {});
  }

  // The index and the studies move together.
  std::string key(const fs::path& study) const {
    return fs::weakly_canonical(study).lexically_relative(
        fs::weakly_canonical(fs::absolute(file).parent_path()));
  }

  std::unordered_map<std::string, Stamp> stamps(const std::string& study) const {
    std::unordered_map<std::string, Stamp> known;
    Statement statement(*database, "SELECT name, mtime_ns, bytes, inode FROM run WHERE study = ?");
    statement.bind(1, study);
    while (statement.step())
      known.emplace(statement.text(0),
                    Stamp{statement.integer(1), statement.integer(2), statement.integer(3)});
    return known;
  }

  void write(const std::string& study,
             const std::vector<ReadRun>& read,
             const std::unordered_map<std::string, Stamp>& gone) {
    if (read.empty() && gone.empty()) return;
    Transaction transaction(*database);
    Statement remove(*database, "DELETE FROM run WHERE study = ? AND name = ?");
    for (const auto& [name, stamp] : gone) remove.bind(1, study).bind(2, name).run();
    Statement insert(*database,
                     "INSERT OR REPLACE INTO run VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    for (const ReadRun& run : read) {
      insert.bind(1, study).bind(2, run.name);
      insert.bind(3, run.stamp.mtime_ns).bind(4, run.stamp.bytes).bind(5, run.stamp.inode);
      insert.bind(6, run.seed).bind(7, run.outcome).bind(8, run.seconds).bind(9, run.cost);
      insert.bind(10, run.code_id).bind(11, run.label).bind(12, run.record).run();
    }
    transaction.commit();
  }

  Refreshed refresh(const fs::path& study);

  fs::path file;
  std::unique_ptr<Database> database;
  bool in_memory = false;
};

Index::Refreshed Index::State::refresh(const fs::path& study) {
  const std::string study_key = key(study);
  std::unordered_map<std::string, Stamp> gone = stamps(study_key);
  std::vector<ReadRun> read;
  Refreshed result;
  const bool begun = fs::exists(study);
  for (const auto& entry : begun ? fs::directory_iterator(study) : fs::directory_iterator()) {
    if (!entry.is_directory()) continue;
    // Stamped before it is read: what replaces it meanwhile differs from the stamp next time.
    const std::optional<Stamp> now = stamp(entry.path() / "done.json");
    const auto known = now ? gone.find(entry.path().filename()) : gone.end();
    const bool same = known != gone.end() && known->second == *now;
    std::optional<ReadRun> run;
    if (now && !same) run = read_if_there(entry.path(), *now);
    if (same || run) {
      ++result.committed;
      if (known != gone.end()) gone.erase(known);
      if (run) read.push_back(std::move(*run));
    } else {
      result.uncommitted += fs::exists(entry.path() / "spec.json");
    }
  }
  result.read = static_cast<int64_t>(read.size());
  result.removed = static_cast<int64_t>(gone.size());
  write(study_key, read, gone);
  return result;
}

Index::Index(const fs::path& file) : state_(std::make_unique<State>(file)) {}
Index::Index(Index&&) noexcept = default;
Index::~Index() = default;

bool Index::in_memory() const { return state_->in_memory; }

Index::Refreshed Index::refresh(const fs::path& study) {
  return state_->guarded([&] { return state_->refresh(study); });
}

std::vector<RunRow> Index::runs(const fs::path& study) {
  const auto select = [&] {
    std::vector<RunRow> rows;
    Statement statement(
        *state_->database,
        "SELECT name, seed, code_id, label, record FROM run WHERE study = ? ORDER BY name");
    statement.bind(1, state_->key(study));
    while (statement.step())
      rows.push_back({.id = std::string(statement.text(0)),
                      .seed = static_cast<uint64_t>(statement.integer(1)),
                      .code_id = std::string(statement.text(2)),
                      .label = std::string(statement.text(3)),
                      .folder = study / statement.text(0),
                      .record_json = std::string(statement.text(4))});
    return rows;
  };
  return state_->guarded(select, [&] { state_->refresh(study); });
}

std::map<Outcome, int64_t> Index::counts(const fs::path& study) {
  const auto select = [&] {
    std::map<Outcome, int64_t> counts;
    Statement statement(*state_->database,
                        "SELECT outcome, count(*) FROM run WHERE study = ? GROUP BY outcome");
    statement.bind(1, state_->key(study));
    while (statement.step()) counts[outcome_from_name(statement.text(0))] = statement.integer(1);
    return counts;
  };
  return state_->guarded(select, [&] { state_->refresh(study); });
}

std::optional<double> Index::median_seconds(const Json& spec) {
  const std::string cost = cost_key(spec);
  return state_->guarded([&]() -> std::optional<double> {
    std::vector<double> seconds;
    Statement statement(*state_->database,
                        "SELECT seconds FROM run WHERE cost = ? AND outcome = 'finished' AND "
                        "seconds > 0 ORDER BY seconds");
    statement.bind(1, cost);
    while (statement.step()) seconds.push_back(statement.real(0));
    if (seconds.empty()) return std::nullopt;
    const size_t n = seconds.size();
    return (seconds[(n - 1) / 2] + seconds[n / 2]) / 2;
  });
}

std::optional<std::string> Index::cached(std::string_view key) {
  return state_->guarded([&]() -> std::optional<std::string> {
    Statement statement(*state_->database, "SELECT value FROM cache WHERE key = ?");
    if (!statement.bind(1, key).step()) return std::nullopt;
    return std::string(statement.text(0));
  });
}

void Index::cache(std::string_view key, std::string_view value) {
  state_->guarded([&] {
    Statement(*state_->database, "INSERT OR REPLACE INTO cache VALUES (?, ?)")
        .bind(1, key)
        .bind(2, value)
        .run();
  });
}

std::string Index::file_hash(const fs::path& file) {
  const std::optional<Stamp> now = stamp(file);
  if (!now) throw_errno(file, "read");
  const std::string key = fmt::format("sha256 {} {} {} {}",
                                      fs::weakly_canonical(file).string(),
                                      now->bytes,
                                      now->mtime_ns,
                                      now->inode);
  if (auto known = cached(key)) return *known;
  std::string hash = sha256_file(file);
  // A file changed a moment ago may change again within one tick of its clock: look again next
  // time.
  const bool settled = now->mtime_ns / 1'000'000'000 + 2 <= std::time(nullptr);
  if (settled && stamp(file) == now) cache(key, hash);
  return hash;
}

}  // namespace saggio::results
