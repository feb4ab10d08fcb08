// SPDX-License-Identifier: MIT
#include "graph/store/file_system.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <mutex>
#include <set>
#include <system_error>
#include <utility>

namespace saggio::graph {
namespace {

[[noreturn]] void fail(const std::string& file, std::string_view action) {
  const int error = errno;
  std::string message = file + ": cannot " + std::string(action) + ": ";
  message += std::generic_category().message(error);
  if (error == ENOSPC || error == EDQUOT) message += "; free some space and try again";
  throw FileError(message);
}

class Descriptor {
 public:
  Descriptor(const std::string& file, int flags, std::string_view action) {
    do number_ = ::open(file.c_str(), flags | O_CLOEXEC, 0666);
    while (number_ < 0 && errno == EINTR);
    if (number_ < 0) fail(file, action);
  }
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const { return number_; }

 private:
  int number_ = -1;
};

void sync_descriptor(int number, const std::string& file) {
  // EINVAL: a file system that cannot sync a folder by itself.
  while (::fsync(number) != 0) {
    if (errno == EINVAL) return;
    if (errno != EINTR) fail(file, "write to the disk");
  }
}

// A POSIX lock is not inherited by children, but it belongs to the process: a second one in the
// same process would be granted, and closing any descriptor of the file would end both. So the
// files that are locked here are remembered; state of the process, since the lock is.
using Inode = std::pair<dev_t, ino_t>;
std::mutex locked_mutex;
std::set<Inode>& locked_here() {
  static std::set<Inode> locked;
  return locked;
}

std::optional<Inode> inode_of(const std::string& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return std::nullopt;
  return Inode(status.st_dev, status.st_ino);
}

class PosixLock : public FileLock {
 public:
  PosixLock(Descriptor descriptor, Inode inode)
      : descriptor_(std::move(descriptor)), inode_(inode) {}
  ~PosixLock() override {
    const std::lock_guard guard(locked_mutex);
    locked_here().erase(inode_);
    const Descriptor closed_under_the_mutex = std::move(descriptor_);
  }

 private:
  Descriptor descriptor_;
  Inode inode_;
};

class RealFiles : public FileSystem {
 public:
  std::optional<uint64_t> size(const std::string& file) override {
    struct stat status {};
    if (::stat(file.c_str(), &status) == 0) return static_cast<uint64_t>(status.st_size);
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    fail(file, "inspect");
  }

  size_t read(const std::string& file, uint64_t offset, std::span<char> out) override {
    const Descriptor in(file, O_RDONLY, "read");
    size_t done = 0;
    while (done < out.size()) {
      const ssize_t count = ::pread(
          in.number(), out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
      if (count == 0) break;
      if (count < 0 && errno != EINTR) fail(file, "read");
      if (count > 0) done += static_cast<size_t>(count);
    }
    return done;
  }

  size_t write(const std::string& file, uint64_t offset, std::string_view bytes) override {
    const std::lock_guard guard(mutex_);
    const int number = open_for_writing(file);
    while (true) {
      const ssize_t count =
          ::pwrite(number, bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (count > 0 || bytes.empty()) return static_cast<size_t>(count);
      if (count == 0) errno = ENOSPC;
      if (errno != EINTR) fail(file, "write");
    }
  }

  void sync(const std::string& file) override {
    // The descriptor that wrote, if it is open: a failed write-back is reported to it for sure.
    const std::lock_guard guard(mutex_);
    const auto found = open_.find(file);
    if (found != open_.end()) return sync_descriptor(found->second.number(), file);
    const Descriptor descriptor(file, O_RDONLY, "write to the disk");
    sync_descriptor(descriptor.number(), file);
  }

  void truncate(const std::string& file, uint64_t size) override {
    if (::truncate(file.c_str(), static_cast<off_t>(size)) != 0) fail(file, "shorten");
  }

  void rename(const std::string& from, const std::string& to) override {
    forget(from);
    forget(to);
    if (::rename(from.c_str(), to.c_str()) != 0) fail(to, "replace");
  }

  void unlink(const std::string& file) override {
    forget(file);
    if (::unlink(file.c_str()) != 0 && errno != ENOENT) fail(file, "remove");
  }

  std::shared_ptr<const char> map(const std::string& file, uint64_t size) override {
    const Descriptor in(file, O_RDONLY, "read");
    void* const bytes = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, in.number(), 0);
    if (bytes == MAP_FAILED) fail(file, "map into memory");
    return {static_cast<const char*>(bytes), [bytes, size](const char*) { ::munmap(bytes, size); }};
  }

  std::vector<std::string> list(const std::string& folder) override {
    DIR* const entries = ::opendir(folder.c_str());
    if (!entries) {
      if (errno == ENOENT) return {};
      fail(folder, "list");
    }
    std::vector<std::string> names;
    while (const dirent* entry = ::readdir(entries)) names.emplace_back(entry->d_name);
    ::closedir(entries);
    std::erase_if(names, [](const std::string& name) { return name == "." || name == ".."; });
    std::sort(names.begin(), names.end());
    return names;
  }

  void make_folder(const std::string& folder) override {
    if (::mkdir(folder.c_str(), 0777) != 0 && errno != EEXIST) fail(folder, "make this folder");
  }

  std::unique_ptr<FileLock> lock(const std::string& file) override {
    const std::lock_guard guard(locked_mutex);
    const auto known = inode_of(file);
    if (known && locked_here().contains(*known)) return nullptr;
    Descriptor descriptor(file, O_RDWR | O_CREAT, "open for writing");
    struct flock whole {};
    whole.l_type = F_WRLCK;
    whole.l_whence = SEEK_SET;
    while (::fcntl(descriptor.number(), F_SETLK, &whole) != 0) {
      if (errno == EACCES || errno == EAGAIN) return nullptr;
      if (errno != EINTR) fail(file, "lock");
    }
    const auto inode = inode_of(file);
    if (!inode) fail(file, "lock");
    locked_here().insert(*inode);
    return std::make_unique<PosixLock>(std::move(descriptor), *inode);
  }

 private:
  int open_for_writing(const std::string& file) {
    const auto found = open_.find(file);
    if (found != open_.end()) return found->second.number();
    if (open_.size() >= kMostOpen) open_.clear();
    return open_.emplace(file, Descriptor(file, O_RDWR | O_CREAT, "open for writing"))
        .first->second.number();
  }

  void forget(const std::string& file) {
    const std::lock_guard guard(mutex_);
    open_.erase(file);
  }

  static constexpr size_t kMostOpen = 64;
  std::mutex mutex_;
  std::map<std::string, Descriptor> open_;  // those that were written
};

}  // namespace

std::unique_ptr<FileSystem> real_files() { return std::make_unique<RealFiles>(); }

void write_all(FileSystem& files,
               const std::string& file,
               uint64_t offset,
               std::string_view bytes) {
  while (!bytes.empty()) {
    const size_t count = files.write(file, offset, bytes);
    offset += count;
    bytes.remove_prefix(count);
  }
}

std::string read_bytes(FileSystem& files, const std::string& file, uint64_t offset, uint64_t size) {
  std::string bytes(size, '\0');
  bytes.resize(files.read(file, offset, bytes));
  return bytes;
}

void put_in_place(FileSystem& files, const std::string& folder, const std::string& name) {
  const std::string file = folder + "/" + name;
  files.sync(file + kAside);
  files.rename(file + kAside, file);
  files.sync(folder);
}

void replace_file(FileSystem& files,
                  const std::string& folder,
                  const std::string& name,
                  std::string_view content) {
  const std::string aside = folder + "/" + name + kAside;
  files.unlink(aside);
  write_all(files, aside, 0, content);
  put_in_place(files, folder, name);
}

}  // namespace saggio::graph
