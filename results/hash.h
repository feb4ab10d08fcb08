// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

// SHA-256 as 64 lower-case hexadecimal digits: names for code, configs and data.
namespace saggio::results {

std::string sha256(std::string_view bytes);

// Of a file's contents, read in pieces. Throws std::runtime_error naming the file if it cannot be
// read.
std::string sha256_file(const std::filesystem::path& path);

}  // namespace saggio::results
