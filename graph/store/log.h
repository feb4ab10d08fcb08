// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/store/file_system.h"
#include "graph/store/model.h"

// The log of FORMAT.md 1 and 2: groups of records, each ended by a commit, over files of 64 MiB.
// What a record says is not known here. LogReader reads committed groups, also while another
// process writes; LogWriter cuts off what a crash left and appends.
namespace saggio::graph {

using Uuid = std::array<uint8_t, 16>;

struct Identity {
  Uuid uuid{};
  uint32_t incarnation = 1;
  uint64_t cut = 0;  // log bytes from here on must carry `incarnation`
  bool operator==(const Identity&) const = default;
};

// nullopt: no store was made here. Throws Damage.
std::optional<Identity> read_identity(FileSystem& files, const std::string& folder);
void write_identity(FileSystem& files, const std::string& folder, const Identity& identity);
// Makes the folder, an empty log and, last, store.id. Throws Damage on a log without store.id.
void make_store(FileSystem& files, const std::string& folder, const Identity& identity);

// Kinds of records, the first byte of a body.
enum class RecordKind : uint8_t {
  Type = 1,
  Node,
  Edge,
  ReviseNode,
  ReviseEdge,
  RetireNode,
  RetireEdge,
  Edges,
  Table,
  Rows,
  Tag,
  Commit,
  Durable,
};

struct Commit {
  Version version = 0;
  TimeUs time = 0;                // increases strictly from commit to commit
  uint64_t durable = 0;           // the log below this offset was on the disk when this was written
  uint64_t nodes = 0, edges = 0;  // ever added
  // Not in the body of the record, but known from where it lies:
  uint64_t end = 0;          // log offset behind this commit
  uint32_t incarnation = 1;  // of the writer; with `end`, it names this commit for ever
};

// The bytes of one record: pieces that may lie apart.
struct Body {
  std::array<std::string_view, 4> pieces;
  size_t size() const {
    size_t bytes = 0;
    for (const std::string_view piece : pieces) bytes += piece.size();
    return bytes;
  }
};

struct Group {
  std::vector<std::string_view> bodies;  // borrowed until the next call of LogReader::next
  Commit commit;
};

inline constexpr uint64_t kLogBegin = 64;  // log offset of the first record

// Where a writer goes on.
struct LogEnd {
  uint64_t file = 0;         // number of the last file
  uint64_t start = 0;        // log offset of its first byte
  uint64_t end = kLogBegin;  // log offset behind the last group and the marks that follow it
  uint64_t groups = 0;       // log offset behind the last group, without the marks
  uint64_t durable = 0;      // the log is on the disk up to here
};

class LogReader {
 public:
  // Borrows `files`. Throws Damage if the first file is not this store's.
  LogReader(FileSystem& files, std::string folder, const Identity& identity);
  // Goes on from there.
  LogReader(FileSystem& files, std::string folder, const Identity& identity, const LogEnd& from);

  // The next group; false if there is none yet: what follows, if anything, is tail. Throws Damage
  // with file and offset. Time: the bytes read.
  bool next(Group& group);

  const LogEnd& end() const { return end_; }
  uint64_t tail_bytes();  // behind end()
  // Whether the next group ends within so many bytes of this file, or another file begins.
  bool has_group_within(uint64_t bytes);

 private:
  enum class NextFile { None, Entered };
  bool parse_group(Group& group);
  bool load(uint64_t most = UINT64_MAX);
  NextFile enter_next_file();
  std::optional<std::string> proof_of_damage();
  std::optional<uint64_t> later_start(uint64_t number);

  FileSystem* files_;  // a pointer, so that a reader can be assigned
  std::string folder_;
  Identity identity_;
  LogEnd end_;
  std::string buffer_;              // the file's bytes from the log offset buffer_at_ on
  uint64_t buffer_at_ = kLogBegin;  // log offset
  uint64_t stop_ = kLogBegin;       // log offset of the first record that was not valid
};

struct GroupEnd {
  LogEnd log;
  uint32_t incarnation = 1;
};

// Where a reader goes on behind the group of `version`, if that group ends at log offset `end`.
// Reads nothing of the log but headers of files and that commit.
std::optional<GroupEnd> find_group_end(FileSystem& files,
                                       const std::string& folder,
                                       const Identity& identity,
                                       Version version,
                                       uint64_t end);

class LogWriter {
 public:
  static constexpr uint64_t kFileBytes = uint64_t{64} << 20;

  // Makes the log end at `end`, on the disk: removes the tail, writes again what may not have
  // reached the disk. Borrows `files`.
  LogWriter(FileSystem& files,
            std::string folder,
            const Identity& identity,
            const LogEnd& end,
            uint64_t file_bytes = kFileBytes);

  // Appends the bodies and their commit as one group; sets commit.durable and commit.end. If it
  // throws, nothing of the group counts; is_sound() says whether it may be tried again.
  void append(const std::vector<Body>& bodies, Commit& commit);
  // Waits until the log is on the disk, and says so in it.
  void sync();

  const LogEnd& end() const { return end_; }
  // False after a failed sync, and after a failed write that could not be taken back: the store
  // must be opened again.
  bool is_sound() const { return sound_; }

 private:
  std::string file() const;
  void sync_file(const std::string& file_or_folder);
  void write_or_take_back(const std::vector<std::string_view>& parts);
  void remove_tail();
  void write_again();
  void settle_names();
  void begin_next_file();

  FileSystem& files_;
  std::string folder_;
  Identity identity_;
  LogEnd end_;
  uint64_t file_bytes_;
  bool sound_ = true;
};

std::string log_file(const std::string& folder, uint64_t number);

}  // namespace saggio::graph
