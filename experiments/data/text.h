// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// A text as a sequence of tokens: its bytes (vocabulary 256), or its characters, numbered in the
// sorted order of those that occur, as nanoGPT's character level does. Files are mapped, not read.
// Immutable, so it may be shared between threads.
namespace saggio::data {

enum class Unit { Byte, Character };

// Tokens [begin, end) of a text.
struct Range {
  size_t begin = 0, end = 0;

  size_t size() const { return end - begin; }
  friend bool operator==(const Range&, const Range&) = default;
};

class Text {
 public:
  // Throws std::runtime_error for a file that is missing or cannot be mapped, std::invalid_argument
  // for an empty one and, where characters are asked for, one that is not strict UTF-8 (no overlong
  // forms, no surrogates), with the offset.
  static Text open(const std::filesystem::path& path, Unit unit);

  // The same of bytes in memory; `name` stands for the file in messages.
  static Text from_bytes(std::string bytes, std::string name, Unit unit);

  const std::string& name() const { return name_; }
  Unit unit() const { return unit_; }
  size_t size() const;             // tokens
  size_t vocabulary_size() const;  // tokens are in [0, vocabulary_size())
  std::string_view bytes() const { return bytes_; }

  // Copies tokens [offset, offset + out.size()), which must exist.
  void read(size_t offset, std::span<int32_t> out) const;

  std::string decode(std::span<const int32_t> tokens) const;
  size_t bytes_in(Range range) const;  // what bits per byte divide by. O(range) for characters

 private:
  Text(std::shared_ptr<const void> owner, std::string_view bytes, std::string name, Unit unit);
  void number_characters();

  std::shared_ptr<const void> owner_;  // of the memory behind bytes_: a mapping or a string
  std::string_view bytes_;
  std::string name_;
  Unit unit_;
  std::vector<uint16_t> characters_;     // tokens; empty for bytes
  std::vector<std::string> vocabulary_;  // by token; empty for bytes
};

// A text cut into three parts that follow each other.
struct Split {
  Range train, valid, heldout;
};

// The first floor(train * size) tokens, then as many as the shares of both add up to, then the
// rest. nanoGPT's 90 % and 10 % are split(size, .9, .1): nothing is left for `heldout`. Throws
// std::invalid_argument unless train > 0, valid >= 0, sum <= 1.
Split split(size_t size, double train, double valid);

}  // namespace saggio::data
