// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace saggio::viz {

// A text as the search compares it: each character in its lower case, of any script (that of its
// upper case, so that the two small sigmas are one), line ends and other control characters as
// spaces, bytes that are no UTF-8 as U+FFFD. Accents and ligatures are kept as they are.
std::string folded(std::string_view text);
void append_folded(std::string_view text, std::string& to);

// Whether a word begins at `at` of a folded text: no letter or digit of any script, and no '_',
// stands before it.
bool word_begins(std::string_view text, size_t at);

}  // namespace saggio::viz
