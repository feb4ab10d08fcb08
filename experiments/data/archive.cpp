// SPDX-License-Identifier: MIT
#include "experiments/data/archive.h"

#include <fmt/format.h>
#include <zip.h>

#include <memory>
#include <stdexcept>

namespace saggio::data {
namespace {

struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};
using Archive = std::unique_ptr<zip_t, Discard>;
using OpenFile = std::unique_ptr<zip_file_t, Discard>;

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& what) {
  throw std::runtime_error(fmt::format("{}: {}", path.string(), what));
}

Archive open(const std::filesystem::path& path) {
  int code = 0;
  Archive archive(zip_open(path.c_str(), ZIP_RDONLY | ZIP_CHECKCONS, &code));
  if (archive) return archive;
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  const std::string reason = zip_error_strerror(&error);
  zip_error_fini(&error);
  refuse(path, fmt::format("cannot be read as a zip archive: {}; get it again", reason));
}

// The size that the directory states is not believed: reading on to the end is what checks the CRC.
std::string read(zip_t* archive,
                 uint64_t index,
                 const zip_stat_t& stat,
                 const std::filesystem::path& path) {
  const OpenFile file(zip_fopen_index(archive, index, 0));
  if (!file) refuse(path, fmt::format("{}: {}", stat.name, zip_strerror(archive)));
  std::string bytes(stat.size, '\0');
  uint64_t got = 0;
  while (got < stat.size) {
    const int64_t count = zip_fread(file.get(), bytes.data() + got, stat.size - got);
    if (count <= 0) break;
    got += static_cast<uint64_t>(count);
  }
  char beyond = 0;
  const int64_t rest = zip_fread(file.get(), &beyond, 1);
  if (got != stat.size || rest != 0)
    refuse(path,
           fmt::format("{}: damaged at byte {} of {}: {}; get the archive again",
                       stat.name,
                       got,
                       stat.size,
                       rest > 0 ? "goes on behind its end" : zip_file_strerror(file.get())));
  return bytes;
}

}  // namespace

std::vector<ArchivedFile> read_archive(const std::filesystem::path& path) {
  const Archive archive = open(path);
  const auto entries = static_cast<uint64_t>(zip_get_num_entries(archive.get(), 0));
  if (entries == 0) refuse(path, "holds no files; get it again");  // libzip opens an empty file
  constexpr uint64_t kNeeded = ZIP_STAT_NAME | ZIP_STAT_SIZE;
  std::vector<ArchivedFile> files;
  uint64_t total = 0;
  for (uint64_t i = 0; i < entries; ++i) {
    zip_stat_t stat;
    zip_stat_init(&stat);
    if (zip_stat_index(archive.get(), i, 0, &stat) != 0 || (stat.valid & kNeeded) != kNeeded)
      refuse(path, fmt::format("entry {}: {}", i, zip_strerror(archive.get())));
    const std::string name = stat.name;
    if (name.ends_with('/')) continue;
    if (stat.size > kLargestArchive - total)
      refuse(path,
             fmt::format("unpacks to more than {} bytes with {}, which is the most allowed",
                         kLargestArchive,
                         name));
    total += stat.size;
    files.push_back({name, read(archive.get(), i, stat, path)});
  }
  return files;
}

}  // namespace saggio::data
