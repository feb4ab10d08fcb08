// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Files that survive a crash, and the few system calls behind them. Everything throws
// std::runtime_error, one line that names the file and the reason ("FILE: no space left on device;
// free some and run again").
namespace saggio::results {

// Writes text to `file` so that after a crash, of the process or of the machine, either the old or
// the new content is there: written aside to FILE.tmp, synced, renamed, the folder synced. Writers
// of the same file wait for each other, and a FILE.tmp that a dead one left is used again. Throws
// if the disk is full; the old content stays.
void write_durably(const std::filesystem::path& file, std::string_view text);
// The same, of pieces that follow each other.
void write_durably(const std::filesystem::path& file, std::span<const std::string_view> pieces);

// The whole content; throws if missing or unreadable.
std::string read_file(const std::filesystem::path& file);
// The same of a file on a disk, as bytes.
std::vector<std::byte> read_bytes(const std::filesystem::path& file);

// Makes a folder and those above it, each entered durably in its parent. One that is there already
// is fine.
void make_folder(const std::filesystem::path& folder);

// Waits until a file's content, or a folder's list of entries, is on the disk.
void sync_to_disk(const std::filesystem::path& file_or_folder);

// An open file: closed at the end, and in every program that this one starts.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor();
  int number() const { return number_; }

 private:
  int number_;
};

enum class OpenFor {
  kReading,
  kAppending,  // made if missing; every write goes to the end
  kLocking,    // made if missing, read and written, content kept
};

Descriptor open_file(const std::filesystem::path& file, OpenFor purpose);
void write_all(const Descriptor& out, std::string_view text, const std::filesystem::path& file);
// The number of bytes read, 0 at the end.
size_t read_some(const Descriptor& in, std::span<char> buffer, const std::filesystem::path& file);

// False if the file at this path is another one by now, or none: a lock on this descriptor then
// guards nothing.
bool is_still_at(const Descriptor& descriptor, const std::filesystem::path& file);

// Throws with the reason that errno gives: "FILE: cannot ACTION: reason".
[[noreturn]] void throw_errno(const std::filesystem::path& file, std::string_view action);

}  // namespace saggio::results
