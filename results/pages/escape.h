// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// The same text, safe inside another language. Input is UTF-8 from people (names, questions, paths)
// and may hold anything; bytes that are no UTF-8 come out as U+FFFD. Control characters and line
// ends become spaces.
namespace saggio::results {

std::string escape_html(std::string_view text);  // element content and quoted attributes
std::string escape_latex(
    std::string_view text);  // plain pdflatex; a character it cannot set becomes [U+XXXX]
std::string escape_markdown(std::string_view text);  // inside a table cell
std::string escape_csv(std::string_view text);       // quoted if needed (RFC 4180)
std::string escape_control(
    std::string_view text);  // a terminal, a TSV file: nothing but the control characters
std::string quote_gnuplot(std::string_view text);  // a single-quoted string, plain in enhanced mode

std::u32string code_points(std::string_view text);
std::string utf8(std::u32string_view text);

// Columns on a terminal: 0 for combining marks, 2 for wide characters.
size_t display_width(std::string_view text);

// Lines of at most `width` columns, broken at spaces; a longer word stays whole.
std::vector<std::string> wrap(std::string_view text, size_t width);

}  // namespace saggio::results
