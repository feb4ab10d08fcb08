// SPDX-License-Identifier: MIT
#include "viz/find/fold.h"

#include <wctype.h>

#include <algorithm>
#include <clocale>
#include <stdexcept>
#include <vector>

#include "viz/plan/font.h"

namespace saggio::viz {
namespace {

constexpr char32_t kTabled = 0x10000;

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

}  // namespace

std::string folded(std::string_view text) {
  std::string result;
  if (std::all_of(text.begin(), text.end(), is_ascii)) {
    result.resize(text.size());
    std::transform(text.begin(), text.end(), result.begin(), [](char c) {
      return c >= 'A' && c <= 'Z'   ? static_cast<char>(c + ('a' - 'A'))
             : c < ' ' || c == 0x7F ? ' '
                                    : c;
    });
    return result;
  }
  for (const char32_t c : characters(text)) result += utf8(folded(c));
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
