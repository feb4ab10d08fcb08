// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

// The records of a zip file, read by libzip with its consistency checks. Records that are encrypted,
// that occur twice or whose CRC-32 is wrong are refused.
namespace saggio::results {

struct ZipRecord {
  std::string name;  // as the file has it; never used as a path
  std::vector<std::byte> bytes;
};

enum class ZipMethods {
  Stored,  // as torch.save writes; a compressed record is refused
  All      // that libzip knows
};

// In the directory's order, folders left out. Throws std::runtime_error naming the record and the
// reason, also where they unpack to more than `most_bytes` together.
std::vector<ZipRecord> zip_records(std::span<const std::byte> file,
                                   ZipMethods methods,
                                   uint64_t most_bytes);

}  // namespace saggio::results
