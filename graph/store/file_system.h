// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

// Every operation of the store on files, behind one interface, so that tests can record them, lose
// some of them, cut them short and make them fail. Paths are text with '/'. All throw FileError.
namespace saggio::graph {

// "FILE: cannot ACTION: reason", one line.
struct FileError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Held until it is destroyed.
class FileLock {
 public:
  virtual ~FileLock() = default;
};

// Eleven operations, each of them one system call in RealFiles: nothing can be left out, and
// nothing needs an open file that a test would have to track.
class FileSystem {
 public:
  virtual ~FileSystem() = default;

  virtual std::optional<uint64_t> size(const std::string& file) = 0;  // nullopt: no such file
  // Bytes read, fewer than asked only at the end of the file.
  virtual size_t read(const std::string& file, uint64_t offset, std::span<char> out) = 0;
  // Bytes written, at least one and maybe fewer than given; makes the file if it is missing.
  virtual size_t write(const std::string& file, uint64_t offset, std::string_view bytes) = 0;
  // Waits until the content of a file, or the entries of a folder, have reached the disk.
  virtual void sync(const std::string& file_or_folder) = 0;
  virtual void truncate(const std::string& file, uint64_t size) = 0;
  virtual void rename(const std::string& from, const std::string& to) = 0;
  virtual void unlink(const std::string& file) = 0;  // one that is missing is fine
  // The first `size` bytes of a file that nobody changes, to be read as long as the pointer lives;
  // shortening the file meanwhile is out of contract.
  virtual std::shared_ptr<const char> map(const std::string& file, uint64_t size) = 0;
  virtual std::vector<std::string> list(const std::string& folder) = 0;  // names, sorted
  virtual void make_folder(const std::string& folder) = 0;  // one that is there is fine
  // nullptr if another process, or another Store of this one, holds it. A child that this process
  // forks does not hold it; the lock ends with this process.
  virtual std::unique_ptr<FileLock> lock(const std::string& file) = 0;
};

// The machine's own files. Keeps files that it wrote open; one of these for each store. Safe to use
// from several threads.
std::unique_ptr<FileSystem> real_files();

// What is more than one operation.
void write_all(FileSystem& files, const std::string& file, uint64_t offset, std::string_view bytes);
std::string read_bytes(FileSystem& files, const std::string& file, uint64_t offset, uint64_t size);
inline constexpr const char* kAside = ".tmp";  // what is written aside has this behind its name
// Makes FOLDER/NAME.tmp the content of FOLDER/NAME: sync, rename, sync of the folder.
void put_in_place(FileSystem& files, const std::string& folder, const std::string& name);
// After a crash either the old or the new content is there.
void replace_file(FileSystem& files,
                  const std::string& folder,
                  const std::string& name,
                  std::string_view content);

}  // namespace saggio::graph
