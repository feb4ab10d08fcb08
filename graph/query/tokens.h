// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

// A query in words, quoted texts and symbols; for parse.cpp and print.cpp alone.
namespace saggio::graph {

struct Token {
  enum class Kind { End, Word, Quoted, Symbol };
  Kind kind = Kind::End;
  std::string text;  // of a quoted one, what is meant
  size_t at = 0;     // its first byte in the query
  size_t end = 0;    // behind its last

  bool is(std::string_view symbol) const { return kind == Kind::Symbol && text == symbol; }
  bool is_word(std::string_view keyword) const;  // whatever its case
};

// The last one is End. Throws QueryError: a character that begins nothing, a quote that is not
// closed, bytes that are not UTF-8.
std::vector<Token> tokens_of(std::string_view query);

// Where byte `at` of what a quoted token means stands in the query.
size_t place_in(std::string_view query, const Token& token, size_t at);

bool is_keyword(std::string_view word);
// Whether it can stand without quotes: a word that is no keyword and does not begin with #.
bool is_bare(std::string_view text);
std::string quoted(std::string_view text);

}  // namespace saggio::graph
