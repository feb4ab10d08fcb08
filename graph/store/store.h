// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graph/store/file_system.h"
#include "graph/store/history.h"
#include "graph/store/log.h"
#include "graph/store/payload.h"

// A reasoning graph on disk (graph/FORMAT.md): one folder, written by one Store, read by any number
// of Readers at the same time, also in other processes. What a Store adds, revises and retires
// becomes version V at its V-th commit, all of it or nothing, whatever happens to the machine;
// every version stays readable for ever. It is no database server: what is in it is read through
// History, or as arrays through a View, or asked for by a query (graph/query).
//
//   Store store = Store::open("thoughts");
//   const NodeId claim = store.add_node(NodeKind::Claim, {.text = "It rained."});
//   const NodeId wet = store.add_node(NodeKind::Evidence, {.text = "The street is wet."});
//   store.add_edge(wet, store.type("supports"), claim, {.weight = 0.8f});
//   const Version version = store.commit();
//   store.history().out(wet, {.version = version});
namespace saggio::graph {

enum class Durability {
  Visible,  // Readers see it; a crash of the machine, not of the process, may lose it
  Durable,  // on the disk when commit() returns: one sync, a few milliseconds
};

struct StoreOptions {
  std::optional<Uuid> uuid;       // of a store that is made; nullopt: a random one
  std::function<TimeUs()> clock;  // empty: the machine's
  FileSystem* files = nullptr;    // borrowed; nullptr: the machine's
  uint64_t log_file_bytes = LogWriter::kFileBytes;
  size_t longest_text_in_log = kLongestTextInLog;  // bytes; longer ones go to texts.pack
};

// "kind:" and the SHA-256 of the text: the key of a node that is given none.
std::string default_key(NodeKind kind, std::string_view text);

// Not thread-safe. A function that throws std::invalid_argument has changed nothing. After a sync
// that failed, everything throws until the store is opened again, since nobody knows what is on the
// disk; a write that failed for want of space may be tried again by another commit().
class Store {
 public:
  // Makes the store if the folder, in a folder that is there, has none. Cuts off what a crash left.
  // Throws std::runtime_error if another Store has it open, Damage if it is damaged.
  static Store open(const std::string& folder, const StoreOptions& options = {});
  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;
  ~Store();  // what was not committed is dropped

  // What has been committed and, in counts and finds, what is pending.
  const History& history() const;
  const Identity& identity() const;
  uint64_t dropped_bytes() const;  // of the log, when it was opened
  bool has_pending() const;
  const std::string& folder() const;
  FileSystem& files() const;

  // The number of the edge type of this name, which is defined if it is new.
  TypeId type(std::string_view name);
  // The key must not be that of another node that is not retired. An empty one stands for
  // default_key; a node without key and text has none.
  NodeId add_node(NodeKind kind, const Attributes& attributes, std::string_view key = {});
  EdgeId add_edge(NodeId source, TypeId type, NodeId target, const Attributes& attributes = {});
  // Many edges of one type at once, the fast way in; returns the id of the first.
  //   sources, targets  [M]       weights  [M], or empty: 1
  EdgeId add_edges(TypeId type,
                   std::span<const NodeId> sources,
                   std::span<const NodeId> targets,
                   std::span<const float> weights = {});
  // The whole new state.
  void revise_node(NodeId id, const Attributes& attributes);
  void revise_edge(EdgeId id, const Attributes& attributes);
  // Gone from the next version on. The edges of a retired node are not there either.
  void retire_node(NodeId id);
  void retire_edge(EdgeId id);

  // The table of that name, which is defined if it is new; it must be the same if it is not.
  TableId embedding_table(const EmbeddingTable& table);
  // Rows as they lie in memory, row-major; returns the number of the first.
  uint64_t add_rows(TableId table, std::string_view bytes);
  std::string rows(TableId table, uint64_t first, uint64_t count);
  // The text of a node or an edge, wherever it lies. O(its length).
  std::string text(const Attributes& attributes);

  // Names a version that is committed; the last one of a name counts. Takes effect with the commit.
  void tag(std::string_view name, Version version);
  // Ends a version and returns it; with nothing pending, the head.
  Version commit(Durability durability = Durability::Durable);
  // Forgets all versions above `version`, and what is pending, and raises the incarnation: Readers
  // are told to begin again.
  void rewind(Version version);

 private:
  struct State;
  explicit Store(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// A store as another process sees it while it is written. Needs no lock and never writes.
class Reader {
 public:
  struct News {
    bool reset = false;  // a rewind: the history is another one, `commits` begins at version 1
    std::vector<Commit> commits;  // in order, each of them once
  };
  // Told from time to time how many bytes of the log were read, of how many; may throw to end it.
  using Progress = std::function<void(uint64_t bytes, uint64_t all)>;

  // Throws std::runtime_error if there is no store, Damage if it is damaged. Borrows `files`;
  // nullptr: the machine's.
  static Reader open(const std::string& folder,
                     FileSystem* files = nullptr,
                     const Progress& progress = {});
  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;
  ~Reader();

  // Reads what was committed since; open() has done so once. Time: the bytes since, or less if
  // `enough`, asked after each commit that was read, says so: then the rest is left to later calls.
  News poll(const std::function<bool()>& enough = {});
  // Whether poll() would have to read for long before it can ask: the history was begun again, or what
  // follows is one version of more than `bytes`. Then another Reader may be opened elsewhere.
  bool takes_long(uint64_t bytes);
  const History& history() const;
  const Identity& identity() const;
  const LogEnd& log_end() const;
  const std::string& folder() const;
  FileSystem& files() const;
  // Bytes behind the last commit: being written, or left by a crash.
  uint64_t tail_bytes();
  std::string rows(TableId table, uint64_t first, uint64_t count);
  std::string text(const Attributes& attributes);
  // Reads everything that the log names besides. Throws Damage.
  void check_payload();

 private:
  friend class Store;
  struct State;
  News read(const std::function<bool()>& enough, const std::function<void()>& now_and_then);
  History take_history();
  explicit Reader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// The SHA-256 of all that was ever committed, without its times, its durability and who wrote it:
// two stores that were told the same things in the same groups have the same. Reads the log.
std::string content_hash(const std::string& folder, FileSystem* files = nullptr);

}  // namespace saggio::graph
