// SPDX-License-Identifier: MIT
#include "graph/formats/dot_tokens.h"

#include <fmt/format.h>

#include <stdexcept>

#include "graph/formats/lines.h"

namespace saggio::graph {
namespace {

constexpr int kEnd = -1;

bool is_letter(int c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
}
bool is_digit(int c) { return c >= '0' && c <= '9'; }
bool is_space(int c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f'; }

}  // namespace

int DotTokens::peek() {
  const auto byte = bytes_.sgetc();
  return std::char_traits<char>::eq_int_type(byte, std::char_traits<char>::eof()) ? kEnd : byte;
}

int DotTokens::get() {
  const int byte = peek();
  if (byte == kEnd) return kEnd;
  bytes_.sbumpc();
  carriage_returns_ += byte == '\r';
  line_ += byte == '\n';
  ends_in_line_ = byte != '\n';
  if (byte == '\n')
    at_line_begin_ = true;
  else if (!is_space(byte))
    at_line_begin_ = false;
  return byte;
}

void DotTokens::put(int byte) {
  if (text_.size() == kLongestLine)
    refuse(fmt::format("a word of more than {} bytes, which is the most allowed", kLongestLine));
  text_ += static_cast<char>(byte);
}

void DotTokens::skip_line() {
  ++comments_;
  while (peek() != '\n' && peek() != kEnd) get();
}

void DotTokens::skip_space_and_comments() {
  for (;;) {
    const int c = peek();
    if (c == '#' && at_line_begin_) {
      skip_line();
    } else if (c == '/') {
      get();
      if (peek() == '/') {
        skip_line();
      } else if (get() == '*') {
        ++comments_;
        for (int before = 0, now = get();; before = now, now = get()) {
          if (now == kEnd) refuse("a comment without its end, \"*/\"");
          if (before == '*' && now == '/') break;
        }
      } else {
        refuse("/ outside of quotes: put the name into quotes");
      }
    } else if (is_space(c)) {
      get();
    } else {
      return;
    }
  }
}

void DotTokens::next() {
  if (line_ == 1 && text_.empty() && peek() == 0xEF)
    for (const int byte : {0xEF, 0xBB, 0xBF})
      if (get() != byte) refuse("a byte order mark that is none: allowed is UTF-8");
  skip_space_and_comments();
  text_.clear();
  is_name_again_ = false;
  const int c = peek();
  if (c == kEnd) return void(kind_ = Kind::End);
  if (c == '"') return quoted();
  if (c == '<') return html();
  if (is_letter(c) || is_digit(c) || c == '.') return bare();
  kind_ = Kind::Sign;
  put(get());
  if (c == '-') {
    if (peek() == '>' || peek() == '-') return put(get());
    return bare();  // a negative number
  }
  if (std::string_view("{}[]=;,:").find(static_cast<char>(c)) == std::string_view::npos)
    refuse(fmt::format("{} outside of quotes: put the name into quotes", shown(text_)));
}

void DotTokens::bare() {
  kind_ = Kind::Id;
  const bool is_number = !is_letter(peek());
  while (is_letter(peek()) || is_digit(peek()) || (is_number && peek() == '.')) put(get());
  if (text_ == "-" || text_ == ".") refuse(fmt::format("{} alone is no name", shown(text_)));
  if (const size_t bad = first_not_utf8(text_); bad != std::string::npos)
    refuse("a name that is not UTF-8; convert the file, for example by `iconv -f latin1 -t utf-8`");
}

// One string, or several joined by +.
void DotTokens::quoted() {
  kind_ = Kind::Quoted;
  quoted_part();
  is_name_again_ = is_name_again_ && text_ == "\\N";
  for (;;) {
    skip_space_and_comments();
    if (peek() != '+') break;
    get();
    skip_space_and_comments();
    if (peek() != '"') refuse("+ joins strings in quotes, here is none behind it");
    quoted_part();
  }
  if (first_not_utf8(text_) != std::string::npos)
    refuse("a text that is not UTF-8; convert the file, for example by `iconv -f latin1 -t utf-8`");
}

void DotTokens::quoted_part() {
  get();
  for (;;) {
    const int c = get();
    if (c == kEnd) refuse("the end of the file within quotes");
    if (c == '"') return;
    if (c != '\\') {
      put(c);
      continue;
    }
    if (peek() == '\r') get();
    if (peek() == '\n') {
      get();  // the line goes on
    } else if (peek() == '"' || peek() == '\\') {
      put(get());
    } else if (peek() == 'n' || peek() == 'l' || peek() == 'r') {
      get();
      put('\n');
    } else {
      is_name_again_ = text_.empty() && peek() == 'N';
      put('\\');
    }
  }
}

void DotTokens::html() {
  kind_ = Kind::Html;
  for (size_t depth = 0;;) {
    const int c = get();
    if (c == kEnd) refuse("the end of the file within < and >");
    put(c);
    depth += c == '<';
    if (c == '>' && --depth == 0) break;
  }
  if (first_not_utf8(text_) != std::string::npos) refuse("a text in < and > that is not UTF-8");
}

bool DotTokens::is_word(std::string_view word) const {
  if (kind_ != Kind::Id || text_.size() != word.size()) return false;
  for (size_t i = 0; i < word.size(); ++i) {
    const char c = text_[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != word[i]) return false;
  }
  return true;
}

void DotTokens::refuse(std::string_view what) const {
  throw std::invalid_argument(fmt::format("{}:{}: {}", name_, line_, what));
}

}  // namespace saggio::graph
