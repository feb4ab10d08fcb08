// SPDX-License-Identifier: MIT
#include "graph/reasoning/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "graph/formats/lines.h"

namespace saggio::graph {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool begins_word(char c) { return (c >= 'a' && c <= 'z') || static_cast<signed char>(c) < 0; }
bool goes_on(char c) {
  return begins_word(c) || is_upper(c) || is_digit(c) || c == '_' || c == '-';
}

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

enum class Kind { End, Word, Variable, Number, Quoted, Mark };

struct Token {
  Kind kind = Kind::End;
  std::string text;  // of quoted text, what it stands for
  Place place;
};

// Text into tokens, one ahead.
class Lexer {
 public:
  Lexer(std::string_view text, const std::string& name) : text_(text), name_(name) {
    if (const size_t bad = first_not_utf8(text); bad != std::string_view::npos) {
      step(bad);
      refuse(place_, "is not UTF-8: save the file in that encoding");
    }
    if (text_.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
    advance();
  }

  const Token& next() const { return next_; }
  Token take() {
    Token token = std::move(next_);
    advance();
    return token;
  }

  [[noreturn]] void refuse(const Place& place, const std::string& what) const {
    throw std::invalid_argument(
        fmt::format("{}:{}:{}: {}", clean(name_), place.line, place.column, what));
  }
  [[noreturn]] void expected(const std::string& what) const {
    const std::string got = next_.kind == Kind::End ? "the end" : shown(next_.text);
    refuse(next_.place, fmt::format("expected {}, got {}", what, got));
  }

 private:
  char here(size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  void step(size_t bytes) {
    for (; bytes > 0; --bytes, ++at_) {
      if (text_[at_] == '\n')
        place_ = {place_.line + 1, 1};
      else if ((text_[at_] & 0xC0) != 0x80)
        ++place_.column;  // the first byte of a character
    }
  }
  void skip() {
    while (at_ < text_.size()) {
      if (here() == '#' || here() == '%')
        step(std::min(text_.find('\n', at_), text_.size()) - at_);
      else if (here() == ' ' || here() == '\t' || here() == '\r' || here() == '\n')
        step(1);
      else
        return;
    }
  }
  Token word(Kind kind) {
    size_t length = 1;
    while (at_ + length < text_.size() && goes_on(text_[at_ + length])) ++length;
    return cut(kind, length);
  }
  // Digits, and a fraction and an exponent where they follow.
  Token number() {
    size_t length = 1;
    const auto digits = [&] {
      while (is_digit(here(length))) ++length;
    };
    digits();
    if (here(length) == '.' && is_digit(here(length + 1))) {
      ++length;
      digits();
    }
    const size_t sign = here(length + 1) == '-' || here(length + 1) == '+';
    if ((here(length) == 'e' || here(length) == 'E') && is_digit(here(length + 1 + sign))) {
      length += 1 + sign;
      digits();
    }
    if (goes_on(here(length))) refuse(place_, "a name that begins with a digit: put it in quotes");
    return cut(Kind::Number, length);
  }
  Token quoted() {
    Token token{Kind::Quoted, "", place_};
    for (step(1); here() != '"'; step(1)) {
      if (at_ >= text_.size() || here() == '\n') refuse(token.place, "a quote that is not closed");
      if (static_cast<unsigned char>(here()) < 32 || here() == 127)
        refuse(place_, "a control character in quotes");
      if (here() == '\\') {
        step(1);
        if (here() != '"' && here() != '\\')
          refuse(place_, "a backslash in quotes, allowed before \" and \\");
      }
      token.text += here();
    }
    step(1);
    return token;
  }
  Token cut(Kind kind, size_t length) {
    Token token{kind, std::string(text_.substr(at_, length)), place_};
    step(length);
    return token;
  }
  void advance() {
    skip();
    const char c = here();
    if (at_ >= text_.size())
      next_ = {Kind::End, "", place_};
    else if (begins_word(c))
      next_ = word(Kind::Word);
    else if (is_upper(c) || c == '_')
      next_ = word(Kind::Variable);
    else if (is_digit(c))
      next_ = number();
    else if (c == '"')
      next_ = quoted();
    else {
      const std::string_view two = text_.substr(at_, 2);
      next_ = cut(Kind::Mark, two == ":-" || two == "::" || two == "!=" ? 2 : 1);
    }
  }

  std::string_view text_;
  const std::string& name_;
  size_t at_ = 0;
  Place place_;
  Token next_;
};

class Parser {
 public:
  Parser(std::string_view text, const std::string& name) : lexer_(text, name) {}

  RuleBook book(const std::string& name) {
    RuleBook book{name, {}};
    while (lexer_.next().kind != Kind::End) book.rules.push_back(statement());
    return book;
  }

  Goal goal() {
    Goal goal;
    variables_ = &goal.variables;
    goal.atom = atom();
    if (is_mark(".")) lexer_.take();
    if (lexer_.next().kind != Kind::End) lexer_.expected("the end behind one atom");
    return goal;
  }

 private:
  bool is_mark(std::string_view mark) const {
    return lexer_.next().kind == Kind::Mark && lexer_.next().text == mark;
  }
  void mark(std::string_view mark, const std::string& what) {
    if (!is_mark(mark)) lexer_.expected(what);
    lexer_.take();
  }

  Rule statement() {
    Rule rule;
    variables_ = &rule.variables;
    if (lexer_.next().kind == Kind::Number) rule.weight = weight();
    rule.head = atom();
    if (is_mark(":-")) {
      do {
        lexer_.take();
        literal(rule);
      } while (is_mark(","));
      mark(".", "',' and more of the body, or '.'");
    } else {
      mark(".", "':-' and a body, or '.'");
    }
    check(rule);
    return rule;
  }

  double weight() {
    const Token token = lexer_.take();
    double value = 0;
    const char* const end = token.text.data() + token.text.size();
    const auto [read, error] = std::from_chars(token.text.data(), end, value);
    if (error != std::errc() || read != end || !(value > 0 && value <= 1))
      lexer_.refuse(token.place,
                    fmt::format("weight = {}, allowed is a number in (0, 1]", clean(token.text)));
    mark("::", "'::' behind a rule's weight");
    return value;
  }

  void literal(Rule& rule) {
    const Kind kind = lexer_.next().kind;
    if (kind != Kind::Word && kind != Kind::Quoted) return different(rule, term());
    const Token name = lexer_.take();
    if (is_mark("!=")) return different(rule, {-1, name.text, name.place});
    if (rule.body.size() == kLongestBody)
      lexer_.refuse(name.place, fmt::format("a body of more than {} atoms", kLongestBody));
    rule.body.push_back(atom_of(name));
  }
  void different(Rule& rule, Term left) {
    if (rule.different.size() == kLongestBody)
      lexer_.refuse(left.place, fmt::format("a body of more than {} '!='", kLongestBody));
    mark("!=", "'!=' between terms, or an atom");
    rule.different.emplace_back(std::move(left), term());
  }

  Atom atom() {
    const Kind kind = lexer_.next().kind;
    if (kind != Kind::Word && kind != Kind::Quoted)
      lexer_.expected("a relation (a word that begins with a small letter, or a quoted one)");
    return atom_of(lexer_.take());
  }
  Atom atom_of(const Token& name) {
    if (name.text.empty()) lexer_.refuse(name.place, "a relation without a name");
    Atom atom{name.text, {}, name.place};
    mark("(", "'(' behind a relation");
    atom.terms.push_back(term());
    if (is_mark(",")) {
      lexer_.take();
      atom.terms.push_back(term());
    }
    mark(")",
         atom.terms.size() == 1 ? "',' and a second term, or ')'"
                                : "')': a relation has one term or two");
    return atom;
  }

  Term term() {
    const Kind kind = lexer_.next().kind;
    if (kind == Kind::End || kind == Kind::Mark)
      lexer_.expected("a variable, '_', a key, or a quoted key");
    Token token = lexer_.take();
    if (kind == Kind::Quoted && token.text.empty())
      lexer_.refuse(token.place, "an empty key, which no node has");
    if (kind != Kind::Variable) return {-1, std::move(token.text), token.place};
    const auto known = std::find(variables_->begin(), variables_->end(), token.text);
    const auto number = static_cast<int32_t>(known - variables_->begin());
    if (token.text != "_" && known != variables_->end()) return {number, "", token.place};
    variables_->push_back(token.text);
    return {static_cast<int32_t>(variables_->size()) - 1, "", token.place};
  }

  // That every variable of the head and of `!=` is found by an atom of the body.
  void check(const Rule& rule) const {
    std::vector<uint8_t> found(rule.variables.size());
    for (const Atom& atom : rule.body)
      for (const Term& term : atom.terms)
        if (term.variable >= 0) found[static_cast<size_t>(term.variable)] = 1;
    const auto must_be_found = [&](const Term& term) {
      if (term.variable < 0 || found[static_cast<size_t>(term.variable)]) return;
      lexer_.refuse(term.place,
                    fmt::format("variable {} stands in no atom of the body{}",
                                clean(rule.variables[static_cast<size_t>(term.variable)]),
                                rule.body.empty() ? ": a fact has keys alone" : ""));
    };
    for (const Term& term : rule.head.terms) must_be_found(term);
    for (const auto& [left, right] : rule.different) {
      must_be_found(left);
      must_be_found(right);
    }
  }

  Lexer lexer_;
  std::vector<std::string>* variables_ = nullptr;
};

std::string text_of(const Term& term, const std::vector<std::string>& variables) {
  return term.variable < 0 ? written(term.key, false)
                           : variables[static_cast<size_t>(term.variable)];
}

}  // namespace

RuleBook parse_rules(std::string_view text, const std::string& name) {
  return Parser(text, name).book(name);
}

Goal parse_goal(std::string_view text) { return Parser(text, "goal").goal(); }

std::string written(std::string_view name, bool relation) {
  const bool number = !relation && !name.empty() && std::all_of(name.begin(), name.end(), is_digit);
  const bool word =
      !name.empty() && begins_word(name.front()) && std::all_of(name.begin(), name.end(), goes_on);
  const bool is_safe = !name.starts_with(kByteOrderMark);  // it might come to stand first in a file
  if ((word && is_safe) || number) return std::string(name);
  std::string text = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text + "\"";
}

std::string text_of(const Atom& atom, const std::vector<std::string>& variables) {
  std::string text = written(atom.relation, true) + "(";
  for (size_t i = 0; i < atom.terms.size(); ++i)
    text += (i == 0 ? "" : ", ") + text_of(atom.terms[i], variables);
  return text + ")";
}

std::string text_of(const Rule& rule) {
  std::string text = rule.weight == 1 ? "" : fmt::format("{} :: ", rule.weight);
  text += text_of(rule.head, rule.variables);
  const char* before = " :- ";
  for (const Atom& atom : rule.body) {
    text += before + text_of(atom, rule.variables);
    before = ", ";
  }
  for (const auto& [left, right] : rule.different) {
    text += before + text_of(left, rule.variables) + " != " + text_of(right, rule.variables);
    before = ", ";
  }
  return text + ".";
}

}  // namespace saggio::graph
