// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// The safetensors format, without tensors: named arrays of bytes with a dtype and a shape.
//
//   u64 little-endian   length of the header, at most 100 MB
//   JSON header         {"__metadata__": {"key": "text"}, "name": {"dtype": "F32", "shape": [2, 3],
//   "data_offsets": [0, 24]}} bytes               of all tensors, without holes or overlaps,
//   little-endian, row-major
//
// Strict in both directions: what does not follow the format exactly is an error and never a guess.
// Reading and writing move bytes only; on a big-endian machine the caller would have to swap them.
namespace saggio::results {

struct TensorBytes {
  std::string name;
  std::string dtype;  // "F32"; one of safetensors_dtypes()
  std::vector<int64_t> shape;
  std::span<const std::byte> bytes;  // borrowed
};

// A file in memory. Moves but does not copy, so that the views into it stay valid.
class TensorFile {
 public:
  TensorFile(std::vector<std::byte> file,
             std::string_view where);  // parses; `where` stands in its errors
  TensorFile(TensorFile&&) = default;
  TensorFile& operator=(TensorFile&&) = default;

  const std::vector<TensorBytes>& tensors() const {
    return tensors_;
  }  // by name; views into this object
  const TensorBytes& tensor(
      std::string_view name) const;  // throws naming the file if there is none
  const std::map<std::string, std::string>& metadata() const { return metadata_; }

 private:
  std::vector<std::byte> file_;
  std::string where_;
  std::vector<TensorBytes> tensors_;
  std::map<std::string, std::string> metadata_;
};

// Throws std::runtime_error naming the file and what is wrong in it, and where.
TensorFile read_safetensors(const std::filesystem::path& file);

// Wide types first, then by name, so that every tensor is aligned to its type; durable (written
// aside, synced, renamed). Throws std::invalid_argument if the bytes do not fit the shape, a dtype
// is unknown or a name occurs twice, and std::runtime_error if the disk does not take the file.
void write_safetensors(const std::filesystem::path& file,
                       std::span<const TensorBytes> tensors,
                       const std::map<std::string, std::string>& metadata = {});

// Bytes of one element by dtype name. Types of less than a byte are not supported.
const std::map<std::string, size_t, std::less<>>& safetensors_dtypes();

}  // namespace saggio::results
