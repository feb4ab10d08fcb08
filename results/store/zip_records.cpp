// SPDX-License-Identifier: MIT
#include "results/store/zip_records.h"

#include <fmt/format.h>
#include <zip.h>

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string_view>

namespace saggio::results {
namespace {

struct Close {
  void operator()(zip_t* archive) const { zip_discard(archive); }
  void operator()(zip_file_t* record) const { zip_fclose(record); }
};
using Archive = std::unique_ptr<zip_t, Close>;
using OpenRecord = std::unique_ptr<zip_file_t, Close>;

Archive open(std::span<const std::byte> file) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(file.data(), file.size(), 0, &error);
  Archive archive(source ? zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error)
                         : nullptr);
  const std::string reason = zip_error_strerror(&error);
  zip_error_fini(&error);
  if (archive) return archive;
  if (source) zip_source_free(source);  // taken over only where it was opened
  throw std::runtime_error(fmt::format("its zip directory cannot be read: {}", reason));
}

[[noreturn]] void refuse(std::string_view name, std::string_view why) {
  throw std::runtime_error(fmt::format("record '{}' {}", name, why));
}

// What the directory says of a record.
zip_stat_t stated(zip_t* archive, uint64_t index) {
  zip_stat_t stat;
  zip_stat_init(&stat);
  constexpr uint64_t kNeeded =
      ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
  if (zip_stat_index(archive, index, ZIP_FL_ENC_RAW, &stat) != 0 ||
      (stat.valid & kNeeded) != kNeeded)
    refuse(fmt::format("number {}", index), zip_strerror(archive));
  return stat;
}

void check(const zip_stat_t& stat, ZipMethods methods, uint64_t room) {
  if (methods == ZipMethods::Stored && stat.comp_method != ZIP_CM_STORE)
    refuse(stat.name,
           fmt::format("is compressed by method {}, allowed 0: stored", stat.comp_method));
  if (stat.encryption_method != ZIP_EM_NONE) refuse(stat.name, "is encrypted");
  if (stat.size > room)
    refuse(stat.name, fmt::format("has {} bytes, allowed {} behind those before", stat.size, room));
}

// To the end, which is where libzip compares the CRC-32.
std::vector<std::byte> content(zip_t* archive, uint64_t index, const zip_stat_t& stat) {
  const OpenRecord record(zip_fopen_index(archive, index, 0));
  if (!record) refuse(stat.name, fmt::format("cannot be opened: {}", zip_strerror(archive)));
  std::vector<std::byte> bytes(stat.size);
  size_t length = 0;
  int64_t count = 1;
  while (count > 0 && length < bytes.size()) {
    count = zip_fread(record.get(), bytes.data() + length, bytes.size() - length);
    if (count > 0) length += static_cast<size_t>(count);
  }
  std::byte behind{};
  if (length < bytes.size() || zip_fread(record.get(), &behind, 1) != 0)
    refuse(stat.name,
           fmt::format("is damaged at byte {} of {}: {}",
                       length,
                       bytes.size(),
                       zip_file_strerror(record.get())));
  return bytes;
}

}  // namespace

std::vector<ZipRecord> zip_records(std::span<const std::byte> file,
                                   ZipMethods methods,
                                   uint64_t most_bytes) {
  const Archive archive = open(file);
  const int64_t count = zip_get_num_entries(archive.get(), 0);
  std::vector<ZipRecord> records;
  for (uint64_t i = 0; i < static_cast<uint64_t>(count); ++i) {
    const zip_stat_t stat = stated(archive.get(), i);
    check(stat, methods, most_bytes);
    most_bytes -= stat.size;
    if (const std::string_view name = stat.name; !name.ends_with('/'))
      records.push_back({stat.name, content(archive.get(), i, stat)});
  }
  return records;
}

}  // namespace saggio::results
