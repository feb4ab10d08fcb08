// SPDX-License-Identifier: MIT
#include "graph/query/tokens.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "graph/formats/lines.h"
#include "graph/query/query.h"

namespace saggio::graph {
namespace {

// `supports` and `contradicts` are not among them, since edge types are called so.
constexpr std::array<std::string_view, 20> kKeywords = {
    "and", "as",    "at", "both", "certain", "edges", "from",  "has", "in",    "known",
    "not", "nodes", "of", "or",   "out",     "to",    "valid", "via", "where", "within"};
// Longer ones first.
constexpr std::array<std::string_view, 11> kSymbols = {
    "!=", "<=", ">=", "^=", "=", "<", ">", "~", "(", ")", "|"};
// Neither in a word nor the beginning of anything.
constexpr std::string_view kReserved = ",;&`";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool is_control(char c) { return static_cast<uint8_t>(c) < 0x20 || c == 0x7F; }

bool in_word(char c) {
  return !is_space(c) && !is_control(c) &&
         std::string_view("()=!<>^~|\"'").find(c) == std::string_view::npos &&
         kReserved.find(c) == std::string_view::npos;
}

bool same_word(std::string_view one, std::string_view other) {
  return std::ranges::equal(one, other, {}, lower, lower);
}

// In '...' everything stands for itself; in "..." \" is a quote and \\ one backslash.
Token take_quoted(std::string_view query, size_t at) {
  Token token{Token::Kind::Quoted, {}, at, at + 1};
  const char quote = query[at];
  for (; token.end < query.size() && query[token.end] != quote; ++token.end) {
    const std::string_view pair = query.substr(token.end, 2);
    if (quote == '"' && (pair == "\\\"" || pair == "\\\\")) ++token.end;
    token.text += query[token.end];
  }
  if (token.end == query.size())
    throw QueryError(
        query, at, fmt::format("this quote is not closed; expected {} at its end", quote));
  ++token.end;
  return token;
}

Token take_word(std::string_view query, size_t at) {
  size_t end = at;
  while (end < query.size() && in_word(query[end])) ++end;
  return {Token::Kind::Word, std::string(query.substr(at, end - at)), at, end};
}

Token take(std::string_view query, size_t at) {
  if (query[at] == '"' || query[at] == '\'') return take_quoted(query, at);
  for (const std::string_view symbol : kSymbols)
    if (query.substr(at).starts_with(symbol))
      return {Token::Kind::Symbol, std::string(symbol), at, at + symbol.size()};
  if (!in_word(query[at]))
    throw QueryError(query,
                     at,
                     fmt::format("{} begins nothing here; a text that contains it stands in quotes",
                                 shown(query.substr(at, 1))));
  return take_word(query, at);
}

}  // namespace

bool Token::is_word(std::string_view keyword) const {
  return kind == Kind::Word && same_word(text, keyword);
}

std::vector<Token> tokens_of(std::string_view query) {
  if (const size_t bad = first_not_utf8(query); bad != std::string_view::npos)
    throw QueryError(query, bad, "this is not UTF-8");
  std::vector<Token> tokens;
  for (size_t at = 0; at < query.size();) {
    if (is_space(query[at])) {
      ++at;
      continue;
    }
    tokens.push_back(take(query, at));
    at = tokens.back().end;
  }
  tokens.push_back({Token::Kind::End, {}, query.size(), query.size()});
  return tokens;
}

size_t place_in(std::string_view query, const Token& token, size_t at) {
  if (token.kind != Token::Kind::Quoted) return token.at + at;
  size_t place = token.at + 1;
  const auto is_pair = [&] {
    const std::string_view pair = query.substr(place, 2);
    return query[token.at] == '"' && (pair == "\\\"" || pair == "\\\\");
  };
  for (; at > 0; --at) place += is_pair() ? 2 : 1;
  return place;
}

bool is_keyword(std::string_view word) {
  return std::ranges::any_of(kKeywords,
                             [&](std::string_view keyword) { return same_word(word, keyword); });
}

bool is_bare(std::string_view text) {
  return !text.empty() && text[0] != '#' && std::ranges::all_of(text, in_word) && !is_keyword(text);
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

}  // namespace saggio::graph
