// SPDX-License-Identifier: MIT
#include "graph/formats/lines.h"

#include <fmt/format.h>

#include <stdexcept>

namespace saggio::graph {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kBlank = " \t\v\f";

// The bytes of the character that begins with `byte`; 0: none does.
size_t length_of(uint8_t byte) {
  if (byte < 0x80) return 1;
  if (byte >= 0xC2 && byte < 0xE0) return 2;
  if (byte >= 0xE0 && byte < 0xF0) return 3;
  if (byte >= 0xF0 && byte < 0xF5) return 4;
  return 0;
}

// RFC 3629, 4: no overlong forms, no surrogates, nothing above U+10FFFF.
bool second_fits(uint8_t first, uint8_t second) {
  if (first == 0xE0) return second >= 0xA0;
  if (first == 0xED) return second < 0xA0;
  if (first == 0xF0) return second >= 0x90;
  if (first == 0xF4) return second < 0x90;
  return true;
}

}  // namespace

char* put_utf8(uint32_t code, char* out) {
  const auto put = [&](uint32_t byte) { *out++ = static_cast<char>(byte); };
  if (code < 0x80) return put(code), out;
  if (code < 0x800) {
    put(0xC0 | code >> 6);
  } else {
    if (code < 0x10000) {
      put(0xE0 | code >> 12);
    } else {
      put(0xF0 | code >> 18);
      put(0x80 | (code >> 12 & 0x3F));
    }
    put(0x80 | (code >> 6 & 0x3F));
  }
  return put(0x80 | (code & 0x3F)), out;
}

size_t first_not_utf8(std::string_view text) {
  const auto byte = [&](size_t at) { return static_cast<uint8_t>(text[at]); };
  for (size_t at = 0; at < text.size();) {
    const size_t length = length_of(byte(at));
    if (length == 0 || length > text.size() - at) return at;
    if (length > 1 && !second_fits(byte(at), byte(at + 1))) return at;
    for (size_t i = 1; i < length; ++i)
      if ((byte(at + i) & 0xC0) != 0x80) return at;
    at += length;
  }
  return std::string_view::npos;
}

std::string clean(std::string_view text, size_t longest) {
  std::string out;
  size_t at = 0;
  while (at < text.size() && at < longest) {
    const auto byte = static_cast<uint8_t>(text[at]);
    size_t length = length_of(byte);
    const bool whole = length > 0 && length <= text.size() - at &&
                       first_not_utf8(text.substr(at, length)) == std::string_view::npos;
    const bool control = byte < 0x20 || byte == 0x7F ||
                         (byte == 0xC2 && whole && static_cast<uint8_t>(text[at + 1]) < 0xA0);
    if (!whole) length = 1;
    if (whole && !control)
      out += text.substr(at, length);
    else
      for (size_t i = 0; i < length; ++i)
        out += fmt::format("\\x{:02x}", static_cast<uint8_t>(text[at + i]));
    at += length;
  }
  return at < text.size() ? out + "..." : out;
}

std::string shown(std::string_view text) { return "\"" + clean(text) + "\""; }

bool is_blank(std::string_view line) {
  return line.find_first_not_of(kBlank) == std::string_view::npos;
}

bool LineReader::next(std::string_view& line) {
  for (; next_or_blank(line); ++blank_)
    if (!is_blank(line)) return true;
  return false;
}

bool LineReader::next_or_blank(std::string_view& line) {
  if (!take()) return false;
  strip();
  const size_t bad = first_not_utf8(line_);
  if (bad != std::string_view::npos)
    refuse(
        fmt::format("byte {:#04x} at column {} is not UTF-8; convert the file, for example by "
                    "`iconv -f latin1 -t utf-8`",
                    static_cast<uint8_t>(line_[bad]),
                    bad + 1));
  line = line_;
  return true;
}

// The bytes up to the next LF or the end; false if there are none.
bool LineReader::take() {
  using Traits = std::char_traits<char>;
  std::streambuf& bytes = *in_.rdbuf();
  line_.clear();
  for (bool any = false;; any = true) {
    const auto byte = bytes.sbumpc();
    if (Traits::eq_int_type(byte, Traits::eof())) {
      number_ += any;
      return any;
    }
    if (byte == '\n') break;
    if (line_.size() == longest_) {
      ++number_;
      refuse(
          fmt::format("a line of more than {} bytes, which is the most allowed; end each line "
                      "by a line feed",
                      longest_));
    }
    line_.push_back(Traits::to_char_type(byte));
  }
  ++number_;
  return true;
}

void LineReader::strip() {
  if (number_ == 1 && line_.starts_with(kByteOrderMark)) line_.erase(0, kByteOrderMark.size());
  for (; line_.ends_with('\r'); line_.pop_back()) ++carriage_returns_;
}

void LineReader::refuse(std::string_view what) const {
  throw std::invalid_argument(fmt::format("{}:{}: {}", name_, number_, what));
}

}  // namespace saggio::graph
