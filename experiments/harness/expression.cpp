// SPDX-License-Identifier: MIT
#include "experiments/harness/expression.h"

#include <fmt/format.h>

#include <cctype>
#include <stdexcept>

namespace saggio::harness {
namespace {

// Recursive descent over the grammar in the header; one method per rule.
class Parser {
 public:
  Parser(std::string_view text, const Values& values) : text_(text), values_(values) {}

  bool whole() {
    const bool result = any_of();
    skip_spaces();
    if (position_ != text_.size()) refuse("'and', 'or' or the end expected");
    return result;
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    throw std::invalid_argument(
        fmt::format("condition \"{}\", column {}: {}", text_, position_ + 1, why));
  }

  void skip_spaces() {
    while (position_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[position_])))
      ++position_;
  }

  static bool is_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '/';
  }

  bool accept(std::string_view token) {
    skip_spaces();
    if (!text_.substr(position_).starts_with(token)) return false;
    const size_t end = position_ + token.size();
    const bool word = is_word(token.front());
    if (word && end < text_.size() && is_word(text_[end]))
      return false;  // "order" does not start with "or"
    position_ = end;
    return true;
  }

  bool any_of() {
    bool result = all_of();
    while (accept("or")) result = all_of() || result;  // both sides are read: errors never hide
    return result;
  }

  bool all_of() {
    bool result = term();
    while (accept("and")) result = term() && result;
    return result;
  }

  bool term() {
    if (accept("not")) return !term();
    if (!accept("(")) return comparison();
    const bool result = any_of();
    if (!accept(")")) refuse("')' expected");
    return result;
  }

  std::string_view word() {
    skip_spaces();
    const size_t start = position_;
    while (position_ < text_.size() && is_word(text_[position_])) ++position_;
    if (start == position_) refuse("a key expected");
    return text_.substr(start, position_ - start);
  }

  const Value& key() {
    const size_t start = position_;
    const std::string name(word());
    const auto found = values_.find(name);
    if (found != values_.end()) return found->second;
    position_ = start;
    std::vector<std::string> known;
    for (const auto& [one, value] : values_) known.push_back(one);
    refuse(fmt::format("unknown key '{}'{}", name, did_you_mean(name, known)));
  }

  Value literal() {
    skip_spaces();
    if (accept("true")) return true;
    if (accept("false")) return false;
    if (position_ < text_.size() && (text_[position_] == '\'' || text_[position_] == '"'))
      return quoted();
    const size_t start = position_;
    while (position_ < text_.size() &&
           (is_word(text_[position_]) || text_[position_] == '-' || text_[position_] == '+'))
      ++position_;
    const std::string number(text_.substr(start, position_ - start));
    size_t used = 0;
    double value = 0;
    try {
      value = std::stod(number, &used);
    } catch (const std::exception&) {
      used = std::string::npos;
    }
    if (used != number.size()) {
      position_ = start;
      refuse("a number, 'text', true or false expected");
    }
    return value;
  }

  Value quoted() {
    const char quote = text_[position_];
    const size_t end = text_.find(quote, position_ + 1);
    if (end == std::string_view::npos) refuse("the closing quote is missing");
    std::string content(text_.substr(position_ + 1, end - position_ - 1));
    position_ = end + 1;
    return content;
  }

  bool comparison() {
    const Value left = as_number(key());
    for (const std::string_view op : {"==", "!=", "<=", ">=", "<", ">"}) {
      if (!accept(op)) continue;
      const Value right = literal();
      if (left.index() != right.index())
        refuse("a key and a value of different types are compared");
      if (op == "==") return left == right;
      if (op == "!=") return left != right;
      if (!std::holds_alternative<double>(left)) refuse("only numbers have an order");
      const double a = std::get<double>(left), b = std::get<double>(right);
      return op == "<=" ? a <= b : op == ">=" ? a >= b : op == "<" ? a < b : a > b;
    }
    if (!std::holds_alternative<bool>(left)) refuse("a comparison expected: ==, !=, <, <=, >, >=");
    return std::get<bool>(left);
  }

  static Value as_number(const Value& value) {
    if (const auto* integer = std::get_if<int64_t>(&value)) return static_cast<double>(*integer);
    return value;
  }

  std::string_view text_;
  const Values& values_;
  size_t position_ = 0;
};

}  // namespace

bool holds(std::string_view condition, const Values& values) {
  return Parser(condition, values).whole();
}

}  // namespace saggio::harness
