// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

// Files of a zip archive, read into memory by libzip.
namespace saggio::data {

struct ArchivedFile {
  std::string name;  // as the archive has it; never used as a path
  std::string bytes;
};

inline constexpr uint64_t kLargestArchive = uint64_t{256} << 20;  // bytes unpacked, of all files

// All files, in the archive's order; folders are left out. Throws std::runtime_error naming the
// archive and the file if it is missing, is no zip archive, is damaged (every file has a CRC-32), is
// encrypted, or unpacks to more than kLargestArchive.
std::vector<ArchivedFile> read_archive(const std::filesystem::path& path);

}  // namespace saggio::data
