// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace saggio::results {

// SHA-256 (FIPS 180-4) as 64 lower-case hex digits.
std::string sha256(std::string_view bytes);

// The same of a file's content, read in pieces. Throws std::runtime_error naming the file if it
// cannot be read.
std::string sha256_file(const std::filesystem::path& file);

}  // namespace saggio::results
