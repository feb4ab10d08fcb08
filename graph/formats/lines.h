// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <istream>
#include <string>
#include <string_view>

// Text files line by line, however they were saved: a line may end in CR LF, be blank, or begin
// with a byte order mark. Memory: the longest line.
namespace saggio::graph {

inline constexpr size_t kLongestLine = size_t{64} << 20;  // bytes

// The first byte that is not UTF-8 (RFC 3629); npos: all of it is.
size_t first_not_utf8(std::string_view text);

// Writes the UTF-8 of a character, at most 4 bytes; returns their end.
char* put_utf8(uint32_t code, char* out);

// A text as a terminal can show it: one line, no control characters; what is more than `longest`
// bytes is cut off.
std::string clean(std::string_view text, size_t longest = 60);
// The same in double quotes.
std::string shown(std::string_view text);
bool is_blank(std::string_view line);

class LineReader {
 public:
  // `name`: of the input, as messages tell it. `longest`: bytes of a line. Borrows `in`.
  LineReader(std::istream& in, std::string name, size_t longest = kLongestLine)
      : in_(in), name_(std::move(name)), longest_(longest) {}

  // The next line that is not blank, without CR and LF; borrowed until the next call. False: there
  // is none. Throws std::invalid_argument on a line that is too long or not UTF-8,
  // std::runtime_error if the input cannot be read.
  bool next(std::string_view& line);
  // The same, where a blank line means something: it is given, and not counted.
  bool next_or_blank(std::string_view& line);

  uint64_t number() const { return number_; }  // of the line that was given, from 1
  uint64_t lines() const { return number_; }
  uint64_t blank() const { return blank_; }
  uint64_t carriage_returns() const { return carriage_returns_; }  // stripped
  const std::string& name() const { return name_; }

  // Throws std::invalid_argument "NAME:LINE: what".
  [[noreturn]] void refuse(std::string_view what) const;

 private:
  bool take();
  void strip();

  std::istream& in_;
  std::string name_, line_;
  size_t longest_;
  uint64_t number_ = 0, blank_ = 0, carriage_returns_ = 0;
};

}  // namespace saggio::graph
