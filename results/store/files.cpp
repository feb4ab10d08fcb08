// SPDX-License-Identifier: MIT
#include "results/store/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace saggio::results {
namespace fs = std::filesystem;
namespace {

int flags(OpenFor purpose) {
  switch (purpose) {
    case OpenFor::kReading:
      return O_RDONLY;
    case OpenFor::kAppending:
      return O_WRONLY | O_CREAT | O_APPEND;
    case OpenFor::kLocking:
      return O_RDWR | O_CREAT;
  }
  return O_RDONLY;
}

// The lock keeps two writers of one file from sharing its temporary file.
Descriptor open_exclusively(const fs::path& file) {
  while (true) {
    Descriptor descriptor = open_file(file, OpenFor::kLocking);
    while (::flock(descriptor.number(), LOCK_EX) != 0)
      if (errno != EINTR) throw_errno(file, "lock");
    if (is_still_at(descriptor, file)) return descriptor;
  }
}

void sync(const Descriptor& descriptor, const fs::path& file) {
  // EINVAL: a file system that cannot sync a folder by itself.
  while (::fsync(descriptor.number()) != 0) {
    if (errno == EINVAL) return;
    if (errno != EINTR) throw_errno(file, "write to the disk");
  }
}

void fill_and_rename(const Descriptor& out,
                     const fs::path& temporary,
                     const fs::path& file,
                     std::span<const std::string_view> pieces) {
  if (::ftruncate(out.number(), 0) != 0) throw_errno(file, "empty its temporary file");
  for (const std::string_view piece : pieces) write_all(out, piece, file);
  sync(out, file);
  if (::rename(temporary.c_str(), file.c_str()) != 0) throw_errno(file, "replace");
}

fs::path parent(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

}  // namespace

void throw_errno(const fs::path& file, std::string_view action) {
  const int error = errno;
  if (error == ENOSPC)
    throw std::runtime_error(
        fmt::format("{}: no space left on device; free some and run again", file.string()));
  if (error == EDQUOT)
    throw std::runtime_error(
        fmt::format("{}: disk quota exceeded; free some and run again", file.string()));
  throw std::runtime_error(fmt::format(
      "{}: cannot {}: {}", file.string(), action, std::generic_category().message(error)));
}

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

Descriptor open_file(const fs::path& file, OpenFor purpose) {
  while (true) {
    const int number = ::open(file.c_str(), flags(purpose) | O_CLOEXEC, 0666);
    if (number >= 0) return Descriptor(number);
    if (errno != EINTR)
      throw_errno(file, purpose == OpenFor::kReading ? "read" : "open for writing");
  }
}

void write_all(const Descriptor& out, std::string_view text, const fs::path& file) {
  while (!text.empty()) {
    const ssize_t count = ::write(out.number(), text.data(), text.size());
    if (count < 0 && errno != EINTR) throw_errno(file, "write");
    if (count > 0) text.remove_prefix(static_cast<size_t>(count));
  }
}

size_t read_some(const Descriptor& in, std::span<char> buffer, const fs::path& file) {
  while (true) {
    const ssize_t count = ::read(in.number(), buffer.data(), buffer.size());
    if (count >= 0) return static_cast<size_t>(count);
    if (errno != EINTR) throw_errno(file, "read");
  }
}

bool is_still_at(const Descriptor& descriptor, const fs::path& file) {
  struct stat mine {
  }, there{};
  if (::fstat(descriptor.number(), &mine) != 0) throw_errno(file, "inspect");
  return ::stat(file.c_str(), &there) == 0 && mine.st_ino == there.st_ino &&
         mine.st_dev == there.st_dev;
}

void sync_to_disk(const fs::path& file_or_folder) {
  sync(open_file(file_or_folder, OpenFor::kReading), file_or_folder);
}

void write_durably(const fs::path& file, std::string_view text) {
  write_durably(file, std::span(&text, 1));
}

void write_durably(const fs::path& file, std::span<const std::string_view> pieces) {
  const fs::path temporary = file.string() + ".tmp";
  const Descriptor out = open_exclusively(temporary);
  try {
    fill_and_rename(out, temporary, file, pieces);
  } catch (...) {
    ::unlink(temporary.c_str());  // a full disk gets its bytes back
    throw;
  }
  sync_to_disk(parent(file));
}

std::string read_file(const fs::path& file) {
  const Descriptor in = open_file(file, OpenFor::kReading);
  struct stat status {};
  if (::fstat(in.number(), &status) != 0) throw_errno(file, "inspect");
  // One byte more than its size, so that the end shows without growing; files in /proc say 0.
  std::string text(static_cast<size_t>(status.st_size) + 1, '\0');
  size_t length = 0;
  while (const size_t count = read_some(in, std::span(text).subspan(length), file)) {
    length += count;
    if (length == text.size()) text.resize(2 * length + 4096);
  }
  text.resize(length);
  return text;
}

std::vector<std::byte> read_bytes(const fs::path& file) {
  const Descriptor in = open_file(file, OpenFor::kReading);
  std::vector<std::byte> bytes(fs::file_size(file));
  const std::span<char> all(reinterpret_cast<char*>(bytes.data()), bytes.size());
  size_t length = 0;
  while (const size_t count = read_some(in, all.subspan(length), file)) length += count;
  bytes.resize(length);  // shorter than its size if somebody cuts it meanwhile
  return bytes;
}

void make_folder(const fs::path& folder) {
  if (fs::is_directory(folder)) return;
  const fs::path above = parent(folder);
  if (above != folder) make_folder(above);
  if (::mkdir(folder.c_str(), 0777) == 0) return sync_to_disk(above);
  if (errno != EEXIST || !fs::is_directory(folder)) throw_errno(folder, "make this folder");
}

}  // namespace saggio::results
