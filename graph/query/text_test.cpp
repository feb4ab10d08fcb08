// SPDX-License-Identifier: MIT
#include "graph/query/text_test.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include "graph/query/numbers.h"

namespace saggio::graph {
namespace {

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

// As whole words: neither letters, digits nor _ stand beside it.
std::string words(std::string_view text) {
  constexpr std::string_view kNoWord = R"([^\pL\pM\pN_])";
  return fmt::format("(?i)(?:^|{0}){1}(?:$|{0})", kNoWord, RE2::QuoteMeta(piece(text)));
}

std::shared_ptr<const RE2> compiled(const std::string& pattern) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(int64_t{2} << 20);
  auto made = std::make_shared<const RE2>(pattern, options);
  if (made->ok()) return made;
  const size_t at = made->error_arg().empty() ? 0 : pattern.find(made->error_arg());
  throw PatternError(at == std::string::npos ? 0 : at, made->error());
}

}  // namespace

TextTest::TextTest(Operator op, const Value& value) : op_(op), value_(value) {
  if (op == Operator::Has) pattern_ = compiled(words(std::get<std::string>(value)));
  if (op == Operator::Matches) pattern_ = compiled(std::get<std::string>(value));
}

bool TextTest::ordered(int order) const {
  switch (op_) {
    case Operator::Less:
      return order < 0;
    case Operator::LessEqual:
      return order <= 0;
    case Operator::Greater:
      return order > 0;
    case Operator::GreaterEqual:
      return order >= 0;
    default:
      return false;
  }
}

bool TextTest::operator()(std::string_view text) const {
  if (pattern_) return RE2::PartialMatch(piece(text), *pattern_);
  const auto* const other = std::get_if<std::string>(&value_);
  if (!other) {
    const auto number = parse_number(text);
    if (!number) return false;
    const long double one = real(*number), limit = real(value_);
    return ordered(one < limit ? -1 : one > limit ? 1 : 0);
  }
  if (op_ == Operator::Equal) return text == *other;
  if (op_ == Operator::Begins) return text.starts_with(*other);
  return ordered(text.compare(*other));
}

}  // namespace saggio::graph
