// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

// The records of a zip file that stores them as they are, which is what torch.save writes; read by
// libzip with its consistency checks. Records that are compressed or encrypted, that occur twice,
// whose CRC-32 is wrong, or that together hold more bytes than the file (they then lie on each
// other) are refused.
namespace saggio::results {

struct ZipRecord {
  std::string name;
  std::vector<std::byte> bytes;
};

// In the directory's order. O(file). Throws std::runtime_error naming the record and the reason.
std::vector<ZipRecord> zip_records(std::span<const std::byte> file);

}  // namespace saggio::results
