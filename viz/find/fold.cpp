// SPDX-License-Identifier: MIT
#include "viz/find/fold.h"

#include <wctype.h>

#include <algorithm>
#include <clocale>
#include <cstring>
#include <stdexcept>
#include <vector>

#include "viz/plan/font.h"

namespace saggio::viz {
namespace {

constexpr char32_t kTabled = 0x10000;
constexpr uint64_t kOnes = 0x0101010101010101u, kHigh = 0x80 * kOnes;  // of each byte, a bit

// The C library's tables, whatever the user's language is.
locale_t unicode() {
  static const locale_t locale = [] {
    const locale_t made = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    if (!made)
      throw std::runtime_error(
          "the search needs the locale C.UTF-8, which this machine lacks; install libc-bin");
    return made;
  }();
  return locale;
}

char32_t lower(char32_t c) {
  if (c < ' ' || c == 0x7F) return ' ';
  const auto wide = static_cast<wint_t>(c);
  return static_cast<char32_t>(::towlower_l(::towupper_l(wide, unicode()), unicode()));
}

char32_t folded(char32_t c) {
  static const std::vector<char32_t> table = [] {
    std::vector<char32_t> made(kTabled);
    for (char32_t i = 0; i < kTabled; ++i) made[i] = lower(i);
    return made;
  }();
  return c < kTabled ? table[c] : lower(c);
}

bool is_ascii(char c) { return static_cast<uint8_t>(c) < 0x80; }

// 0x80 in each of eight bytes below 0x80 that is `least` or above.
uint64_t not_below(uint64_t bytes, uint8_t least) {
  return (bytes + kOnes * (0x80u - least)) & kHigh;
}

// Eight bytes that are all below 0x80, at once.
uint64_t folded_ascii(uint64_t bytes) {
  const uint64_t upper = not_below(bytes, 'A') & ~not_below(bytes, 'Z' + 1);
  const uint64_t control = kHigh & (~not_below(bytes, ' ') | not_below(bytes, 0x7F));
  const uint64_t cleared = control | (control - (control >> 7));  // 0xFF for each of these
  return ((bytes | upper >> 2) & ~cleared) | control >> 2;        // 0x80 >> 2: 'a' - 'A', and ' '
}

// False, and part of it done, if it is not all ASCII.
bool fold_ascii(std::string_view text, char* to) {
  const auto fold = [&](size_t begin, size_t count) {
    uint64_t bytes = 0;
    std::memcpy(&bytes, text.data() + begin, count);
    const uint64_t folded = folded_ascii(bytes);
    std::memcpy(to + begin, &folded, count);
    return (bytes & kHigh) == 0;
  };
  const size_t size = text.size();
  if (size < 8) return fold(0, size);
  for (size_t i = 0; i + 8 < size; i += 8)
    if (!fold(i, 8)) return false;
  return fold(size - 8, 8);
}

}  // namespace

void append_folded(std::string_view text, std::string& to) {
  const size_t begin = to.size();
  to += text;
  if (fold_ascii(text, to.data() + begin)) return;
  to.resize(begin);
  for (const char32_t c : characters(text)) to += utf8(folded(c));
}

std::string folded(std::string_view text) {
  std::string result;
  append_folded(text, result);
  return result;
}

bool word_begins(std::string_view text, size_t at) {
  if (at == 0) return true;
  const char before = text[at - 1];
  if (is_ascii(before))
    return !((before >= 'a' && before <= 'z') || (before >= '0' && before <= '9') || before == '_');
  size_t first = at - 1;
  while (first > 0 && (static_cast<uint8_t>(text[first]) & 0xC0u) == 0x80u) --first;
  const char32_t last = characters(text.substr(first, at - first)).back();
  return !::iswalnum_l(static_cast<wint_t>(last), unicode());
}

}  // namespace saggio::viz
