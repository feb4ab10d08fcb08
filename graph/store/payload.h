// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "graph/store/file_system.h"
#include "graph/store/history.h"

// What is too large for the log: long texts, and the rows of embedding tables. The bytes are on the
// disk before the commit that names them, so a commit never names what is not there.
namespace saggio::graph {

inline constexpr size_t kLongestTextInLog = size_t{64} << 10;  // bytes

// Throw Damage, naming the file, if the bytes are not those that the log names.
std::string read_packed_text(FileSystem& files, const std::string& folder, const PackedText& text);
std::string read_row_block(FileSystem& files,
                           const std::string& folder,
                           const History& history,
                           TableId table,
                           const RowBlock& block);
// The bytes of rows [first, first + count), row-major, little-endian; not checked against the log.
// Throws std::invalid_argument if there are not that many.
std::string read_rows(FileSystem& files,
                      const std::string& folder,
                      const History& history,
                      TableId table,
                      uint64_t first,
                      uint64_t count);

// The writer's side. Appends, and cuts off on construction what no commit names.
class PayloadWriter {
 public:
  // Borrows `files`.
  PayloadWriter(FileSystem& files, std::string folder, const History& history);

  // A text that was packed before gets the place that it has.
  PackedText add_text(std::string_view text);
  bool has(const PackedText& text) const;
  // Returns the checksum that the log names. `first`: the number of rows in the table so far.
  uint32_t add_rows(const EmbeddingTable& table,
                    TableId id,
                    uint64_t first,
                    std::string_view bytes);
  // Waits until all of it is on the disk.
  void sync();

 private:
  FileSystem& files_;
  std::string folder_;
  uint64_t texts_end_ = 0;
  std::map<Sha256, PackedText> texts_;
  std::set<std::string> unsynced_;  // files
  std::set<std::string> entered_;   // files whose entries in their folders this writer has synced
};

}  // namespace saggio::graph
