// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "graph/store/file_system.h"

// A disk in memory for the tests of the store. It records every change, so that any state that a
// crash could leave can be rebuilt, and it fails where it is told to.
namespace saggio::graph {

// Content by path; folders are not kept, they are there as soon as they are named.
using Disk = std::map<std::string, std::string>;

struct Operation {
  enum class Kind { Create, Write, Truncate, Rename, Unlink, Sync };
  Kind kind = Kind::Sync;
  std::string file, to;  // `to`: of a rename
  uint64_t offset = 0;   // or the size that a truncation leaves
  std::string bytes;
};

inline void perform(const Operation& operation, Disk& disk) {
  switch (operation.kind) {
    case Operation::Kind::Create:
      disk.try_emplace(operation.file);
      return;
    case Operation::Kind::Write: {
      if (!disk.contains(operation.file)) return;  // its entry in the folder was lost
      std::string& content = disk[operation.file];
      content.resize(std::max<size_t>(content.size(), operation.offset + operation.bytes.size()));
      content.replace(operation.offset, operation.bytes.size(), operation.bytes);
      return;
    }
    case Operation::Kind::Truncate:
      if (disk.contains(operation.file)) disk[operation.file].resize(operation.offset);
      return;
    case Operation::Kind::Rename:
      if (disk.contains(operation.file)) {
        disk[operation.to] = disk[operation.file];
        disk.erase(operation.file);
      }
      return;
    case Operation::Kind::Unlink:
      disk.erase(operation.file);
      return;
    case Operation::Kind::Sync:
      return;
  }
}

class SimulatedFiles : public FileSystem {
 public:
  SimulatedFiles() = default;
  explicit SimulatedFiles(Disk content) : disk(std::move(content)) {}

  Disk disk;
  std::vector<Operation> operations;
  // Asked before every operation: a text makes it fail with that reason.
  std::function<std::string(const Operation&)> fault;
  size_t most_bytes_at_once = SIZE_MAX;  // of a write

  std::optional<uint64_t> size(const std::string& file) override {
    const auto found = disk.find(file);
    if (found == disk.end()) return std::nullopt;
    return found->second.size();
  }
  size_t read(const std::string& file, uint64_t offset, std::span<char> out) override {
    if (!disk.contains(file)) throw FileError(file + ": cannot read: no such file");
    const std::string& content = disk[file];
    if (offset >= content.size()) return 0;
    const size_t count = std::min<size_t>(out.size(), content.size() - offset);
    std::copy_n(content.data() + offset, count, out.data());
    return count;
  }
  size_t write(const std::string& file, uint64_t offset, std::string_view bytes) override {
    const std::string_view taken = bytes.substr(0, most_bytes_at_once);
    if (!disk.contains(file)) record({Operation::Kind::Create, file});
    record({Operation::Kind::Write, file, "", offset, std::string(taken)});
    return taken.size();
  }
  void sync(const std::string& file) override { record({Operation::Kind::Sync, file}); }
  void truncate(const std::string& file, uint64_t size) override {
    record({Operation::Kind::Truncate, file, "", size});
  }
  void rename(const std::string& from, const std::string& to) override {
    record({Operation::Kind::Rename, from, to});
  }
  void unlink(const std::string& file) override {
    if (disk.contains(file)) record({Operation::Kind::Unlink, file});
  }
  std::shared_ptr<const char> map(const std::string& file, uint64_t size) override {
    const auto copy = std::make_shared<std::vector<uint64_t>>(size / 8 + 1);  // aligned
    read(file, 0, {reinterpret_cast<char*>(copy->data()), size});
    return {copy, reinterpret_cast<const char*>(copy->data())};
  }
  std::vector<std::string> list(const std::string& folder) override {
    std::vector<std::string> names;
    for (const auto& [file, content] : disk)
      if (file.starts_with(folder + "/")) names.push_back(file.substr(folder.size() + 1));
    return names;
  }
  void make_folder(const std::string&) override {}
  std::unique_ptr<FileLock> lock(const std::string&) override {
    return std::make_unique<FileLock>();
  }

 private:
  void record(Operation operation) {
    if (fault)
      if (const std::string reason = fault(operation); !reason.empty())
        throw FileError(operation.file + ": cannot go on: " + reason);
    perform(operation, disk);
    operations.push_back(std::move(operation));
  }
};

}  // namespace saggio::graph
