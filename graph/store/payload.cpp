// SPDX-License-Identifier: MIT
#include "graph/store/payload.h"

#include <algorithm>
#include <stdexcept>

namespace saggio::graph {
namespace {

std::string texts_file(const std::string& folder) { return folder + "/texts.pack"; }
std::string rows_folder(const std::string& folder) { return folder + "/embeddings"; }
std::string rows_file(const std::string& folder, TableId table) {
  return rows_folder(folder) + "/" + std::to_string(table) + ".rows";
}

// The bytes, or as many of them as there are, for a damaged size asks for no memory.
std::string read_whole(FileSystem& files, const std::string& file, uint64_t offset, uint64_t size) {
  const uint64_t there = files.size(file).value_or(0);
  if (offset > there || size > there - offset)
    throw Damage(file + " is damaged: " + std::to_string(there) + " bytes, the log names more; " +
                 "restore this file");
  return read_bytes(files, file, offset, size);
}

void cut(FileSystem& files, const std::string& file, uint64_t end) {
  const uint64_t size = files.size(file).value_or(0);
  if (size <= end) return;  // shorter: damage, which the reader of those bytes reports
  files.truncate(file, end);
  files.sync(file);
}

}  // namespace

std::string read_packed_text(FileSystem& files, const std::string& folder, const PackedText& text) {
  const std::string file = texts_file(folder);
  std::string bytes = read_whole(files, file, text.offset, text.size);
  if (sha256(bytes) != text.hash)
    throw Damage(file + ", byte " + std::to_string(text.offset) + ": damaged, not the text " +
                 hex(text.hash) + "; restore this file");
  return bytes;
}

std::string read_row_block(FileSystem& files,
                           const std::string& folder,
                           const History& history,
                           TableId table,
                           const RowBlock& block) {
  const uint64_t row_bytes = history.tables()[table].row_bytes();
  const std::string file = rows_file(folder, table);
  std::string bytes = read_whole(files, file, block.first * row_bytes, block.count * row_bytes);
  if (crc32c(bytes) != block.crc)
    throw Damage(file + ", byte " + std::to_string(block.first * row_bytes) +
                 ": damaged, not the rows that were written; restore this file");
  return bytes;
}

std::string read_rows(FileSystem& files,
                      const std::string& folder,
                      const History& history,
                      TableId table,
                      uint64_t first,
                      uint64_t count) {
  if (table >= history.tables().size())
    throw std::invalid_argument("embedding table " + std::to_string(table) + " is not there");
  const uint64_t rows = history.row_count(table);
  if (first > rows || count > rows - first)
    throw std::invalid_argument("rows " + std::to_string(first) + ".." +
                                std::to_string(first + count) + " of embedding table " +
                                std::to_string(table) + ", which has " + std::to_string(rows));
  const uint64_t row_bytes = history.tables()[table].row_bytes();
  return read_whole(files, rows_file(folder, table), first * row_bytes, count * row_bytes);
}

PayloadWriter::PayloadWriter(FileSystem& files, std::string folder, const History& history)
    : files_(files), folder_(std::move(folder)) {
  history.for_each_packed([&](const PackedText& text) {
    texts_.emplace(text.hash, text);
    texts_end_ = std::max(texts_end_, text.offset + text.size);
  });
  cut(files_, texts_file(folder_), texts_end_);
  for (TableId table = 0; table < history.tables().size(); ++table)
    cut(files_,
        rows_file(folder_, table),
        history.row_count(table) * history.tables()[table].row_bytes());
}

PackedText PayloadWriter::add_text(std::string_view text) {
  const Sha256 hash = sha256(text);
  const auto known = texts_.find(hash);
  if (known != texts_.end()) return known->second;
  const std::string file = texts_file(folder_);
  write_all(files_, file, texts_end_, text);
  unsynced_.insert(file);
  const PackedText packed{texts_end_, text.size(), hash};
  texts_end_ += text.size();
  texts_.emplace(hash, packed);
  return packed;
}

bool PayloadWriter::has(const PackedText& text) const {
  const auto known = texts_.find(text.hash);
  return known != texts_.end() && known->second == text;
}

uint32_t PayloadWriter::add_rows(const EmbeddingTable& table,
                                 TableId id,
                                 uint64_t first,
                                 std::string_view bytes) {
  if (bytes.size() % table.row_bytes() != 0)
    throw std::invalid_argument(
        "embedding table \"" + table.name + "\": " + std::to_string(bytes.size()) +
        " bytes, allowed: multiples of " + std::to_string(table.row_bytes()) + ", a row's");
  const std::string file = rows_file(folder_, id);
  files_.make_folder(rows_folder(folder_));
  write_all(files_, file, first * table.row_bytes(), bytes);
  unsynced_.insert(file);
  return crc32c(bytes);
}

void PayloadWriter::sync() {
  for (const std::string& file : unsynced_) {
    files_.sync(file);
    if (entered_.contains(file)) continue;
    // Also for a file that was there: whoever made it may have been killed before its entry was
    // synced.
    if (file != texts_file(folder_)) files_.sync(rows_folder(folder_));
    files_.sync(folder_);
    entered_.insert(file);
  }
  unsynced_.clear();
}

}  // namespace saggio::graph
