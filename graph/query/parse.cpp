// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "graph/formats/lines.h"
#include "graph/formats/record_json.h"
#include "graph/formats/time_text.h"
#include "graph/query/numbers.h"
#include "graph/query/query.h"
#include "graph/query/text_test.h"
#include "graph/query/tokens.h"

// One function for each rule of the grammar in QUERY.md.
namespace saggio::graph {
namespace {

constexpr std::pair<std::string_view, Operator> kOperators[] = {{"=", Operator::Equal},
                                                                {"!=", Operator::NotEqual},
                                                                {"<", Operator::Less},
                                                                {"<=", Operator::LessEqual},
                                                                {">", Operator::Greater},
                                                                {">=", Operator::GreaterEqual},
                                                                {"^=", Operator::Begins},
                                                                {"has", Operator::Has},
                                                                {"~", Operator::Matches}};

std::string status_names() {
  std::string names;
  for (size_t i = 0; i < kStatuses; ++i)
    names += fmt::format("{}{}", i == 0 ? "" : ", ", name(static_cast<Status>(i)));
  return names;
}

bool is_status(std::string_view text) {
  for (size_t i = 0; i < kStatuses; ++i)
    if (name(static_cast<Status>(i)) == text) return true;
  return false;
}

// What may stand behind an attribute of this type.
std::string operators_of(ValueType type) {
  if (type == ValueType::Kind || type == ValueType::Status) return "= or !=";
  return type == ValueType::Text ? "=, !=, <, <=, >, >=, ^=, has or ~" : "=, !=, <, <=, > or >=";
}

bool takes(ValueType type, Operator op) {
  if (type == ValueType::Text) return true;
  if (type == ValueType::Kind || type == ValueType::Status)
    return op == Operator::Equal || op == Operator::NotEqual;
  return op < Operator::Begins;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {
    if (text.size() > kLongestQuery)
      throw QueryError(
          text,
          kLongestQuery,
          fmt::format("a query of {} bytes, allowed 0..{}", text.size(), kLongestQuery));
    tokens_ = tokens_of(text);
  }

  Query query() {
    if (next().is_word("edges")) query_.target = Target::Edges;
    const bool named = take_word("edges") || take_word("nodes");
    if (take_word("where") || (!named && !at_point())) query_.where = condition();
    while (at_point()) point();
    if (next().kind != Token::Kind::End) refuse_rest();
    return std::move(query_);
  }

 private:
  const Token& next() const { return tokens_[at_]; }
  const Token& take() { return tokens_[at_ + 1 == tokens_.size() ? at_ : at_++]; }
  bool take_word(std::string_view keyword) {
    if (!next().is_word(keyword)) return false;
    take();
    return true;
  }
  bool take_symbol(std::string_view symbol) {
    if (!next().is(symbol)) return false;
    take();
    return true;
  }
  void need_word(std::string_view keyword) {
    if (!take_word(keyword)) refuse_next(fmt::format("'{}'", keyword));
  }

  [[noreturn]] void refuse(size_t at, const std::string& message) const {
    throw QueryError(text_, at, message);
  }
  std::string said(const Token& token) const {
    if (token.kind == Token::Kind::End) return "the query ends";
    return "got " + shown(text_.substr(token.at, token.end - token.at));
  }
  [[noreturn]] void refuse_next(const std::string& expected) const {
    refuse(next().at, fmt::format("{}, expected {}", said(next()), expected));
  }
  [[noreturn]] void refuse_rest() const {
    std::string hint;
    if (next().is(")")) hint = "; no ( is open";
    if (query_.where && next().kind == Token::Kind::Word &&
        tokens_[at_ - 1].kind == Token::Kind::Word)
      hint = "; a text of several words stands in quotes";
    refuse_next(fmt::format("{}'as of', 'valid at' or the end{}",
                            query_.where   ? "'and', 'or', "
                            : query_.as_of ? ""
                                           : "'where', ",
                            hint));
  }

  // Counts what stands within each other, so that no query can use up the stack.
  struct Level {
    explicit Level(Parser& in) : parser(in) {
      if (++parser.depth_ > kDeepestQuery)
        parser.refuse(
            parser.next().at,
            fmt::format("more than {} parentheses and 'not' within each other", kDeepestQuery));
    }
    ~Level() { --parser.depth_; }
    Parser& parser;
  };

  Condition condition() {
    return joined<Or>("or", [&] { return conjunction(); });
  }
  Condition conjunction() {
    return joined<And>("and", [&] { return negation(); });
  }

  template <typename Joined, typename Part>
  Condition joined(std::string_view keyword, const Part& part) {
    Condition first = part();
    if (!next().is_word(keyword)) return first;
    Joined all;
    all.parts.push_back(std::move(first));
    while (take_word(keyword)) all.parts.push_back(part());
    return {std::move(all)};
  }

  Condition negation() {
    const Level level(*this);
    if (take_word("not")) {
      Not inverse;
      inverse.part.push_back(negation());
      return {std::move(inverse)};
    }
    const Token open = next();
    if (!take_symbol("(")) return term();
    Condition inner = condition();
    if (!take_symbol(")"))
      refuse_next(fmt::format("'and', 'or' or ')' for the ( in column {}",
                              QueryError(text_, open.at, "").column()));
    return inner;
  }

  Condition term() {
    const Token first = next();
    if (take_word("known")) return {Known{field()}};
    if (take_word("within")) return {within()};
    if (take_word("supports")) return {Supports{node()}};
    if (take_word("contradicts")) return {Contradicts{node()}};
    if (take_word("from")) return {end_at(first, true)};
    if (take_word("to")) return {end_at(first, false)};
    return {comparison()};
  }

  EndsAt end_at(const Token& word, bool source) {
    if (query_.target == Target::Nodes)
      refuse(word.at,
             fmt::format("'{}' is of edges; a query about edges begins with 'edges where'",
                         word.text));
    return {node(), source};
  }

  Within within() {
    Within within;
    const auto hops = next().kind == Token::Kind::Word ? parse_number(next().text) : std::nullopt;
    const auto* const whole = hops ? std::get_if<int64_t>(&*hops) : nullptr;
    if (!whole || !(*whole >= 0 && *whole <= INT32_MAX))
      refuse_next(fmt::format("a number of hops, 0..{}", INT32_MAX));
    within.hops = static_cast<int32_t>(*whole);
    take();
    need_word("of");
    within.node = node();
    if (take_word("out"))
      within.direction = Direction::Out;
    else if (take_word("in"))
      within.direction = Direction::In;
    else
      take_word("both");
    if (!take_word("via")) return within;
    do within.types.push_back(name_of("an edge type"));
    while (take_symbol("|"));
    return within;
  }

  // A word that is no keyword, or a quoted text.
  std::string name_of(const std::string& what) {
    if (next().kind == Token::Kind::Quoted) return take().text;
    if (next().kind != Token::Kind::Word) refuse_next(what);
    if (is_keyword(next().text))
      refuse_next(fmt::format("{}; one that is called so stands in quotes", what));
    return take().text;
  }

  NodeName node() {
    const Token token = next();
    if (token.kind != Token::Kind::Word || token.text[0] != '#')
      return {std::nullopt, name_of("a node: its key, or #ID"), token.at};
    const auto id = parse_number(std::string_view(token.text).substr(1));
    const auto* const whole = id ? std::get_if<int64_t>(&*id) : nullptr;
    if (!whole || *whole < 0) refuse_next("a node: its key, or # and its number");
    take();
    return {static_cast<NodeId>(*whole), {}, token.at};
  }

  Field field() {
    constexpr std::string_view kQualifier = "qualifier.";
    const Token token = next();
    if (token.kind != Token::Kind::Word || is_keyword(token.text))
      refuse_next("an attribute, 'known', 'within', 'supports', 'contradicts', 'not' or '('");
    take();
    if (token.text.starts_with(kQualifier)) {
      std::string name = token.text.substr(kQualifier.size());
      const bool follows = next().kind == Token::Kind::Quoted && next().at == token.end;
      if (name.empty() && follows) name = take().text;
      if (name.empty()) refuse(token.end, "expected the qualifier's name, as in qualifier.place");
      return {Attribute::Qualifier, name};
    }
    const AttributeInfo* const found = find_attribute(token.text);
    if (!found || !asked_of(*found)) refuse_attribute(token, found);
    if (found->attribute == Attribute::Qualifier)
      refuse(token.end, "expected '.' and the qualifier's name, as in qualifier.place");
    return {found->attribute, {}};
  }

  bool asked_of(const AttributeInfo& attribute) const {
    return query_.target == Target::Nodes ? attribute.of_nodes : attribute.of_edges;
  }

  [[noreturn]] void refuse_attribute(const Token& token, const AttributeInfo* other) const {
    const char* const ours = query_.target == Target::Nodes ? "nodes" : "edges";
    if (other)
      refuse(token.at,
             fmt::format("{} is an attribute of {} alone; {}",
                         token.text,
                         other->of_nodes ? "nodes" : "edges",
                         other->of_nodes ? "this query is about edges"
                                         : "a query about edges begins with 'edges where'"));
    std::vector<std::string_view> known;
    for (const AttributeInfo& one : attributes())
      if (asked_of(one)) known.push_back(one.name);
    const auto near = nearest_first(token.text, known);
    std::vector<std::string_view> listed = near;
    for (const std::string_view one : known)
      if (std::ranges::find(near, one) == near.end()) listed.push_back(one);
    refuse(token.at,
           fmt::format("{} is no attribute of {}{}; there are {}",
                       shown(token.text),
                       ours,
                       near.empty() ? "" : fmt::format(" (did you mean {}?)", near[0]),
                       fmt::join(listed, ", ")));
  }

  Condition comparison() {
    Comparison comparison{field(), Operator::Equal, {}};
    const ValueType type = info(comparison.field.attribute).type;
    const auto* const found = std::ranges::find_if(kOperators, [&](const auto& one) {
      return next().is(one.first) || next().is_word(one.first);
    });
    if (found == std::end(kOperators) || !takes(type, found->second))
      refuse_next(operators_of(type));
    comparison.op = found->second;
    take();
    comparison.value = value(type, comparison.op);
    return {std::move(comparison)};
  }

  Value value(ValueType type, Operator op) {
    switch (type) {
      case ValueType::Whole:
      case ValueType::Real:
        return number();
      case ValueType::Kind:
        if (!find_kind(next().text)) refuse_next("a kind: " + kind_names());
        return take().text;
      case ValueType::Status:
        if (!is_status(next().text)) refuse_next("a status: " + status_names());
        return take().text;
      case ValueType::Time:
        return time();
      case ValueType::Text:
        break;
    }
    return text(op);
  }

  Value number() {
    const auto found = next().kind == Token::Kind::Word ? parse_number(next().text) : std::nullopt;
    if (!found) refuse_next("a number");
    take();
    return *found;
  }

  Value time() {
    const auto found = parse_time(next().text);
    if (!found || next().kind == Token::Kind::End)
      refuse_next("a UTC date or time like 2024-02-29T12:30");
    take();
    return Moment{*found};
  }

  Value text(Operator op) {
    const Token token = next();
    const bool orders = op >= Operator::Less && op <= Operator::GreaterEqual;
    if (orders && token.kind == Token::Kind::Word)
      if (const auto found = parse_number(token.text)) return take(), *found;
    const std::string text = name_of("a text");
    try {
      const TextTest test(op, text);  // is a regular expression one?
    } catch (const PatternError& error) {
      refuse(place_in(text_, token, error.at),
             fmt::format("this is no regular expression: {}", clean(error.what())));
    }
    return text;
  }

  bool at_point() const {
    return next().is_word("as") || next().is_word("valid") || next().is_word("certain");
  }

  void point() {
    const Token word = take();
    if (word.is_word("as")) {
      need_word("of");
      if (query_.as_of) refuse(word.at, "'as of' stands twice");
      query_.as_of = name_of("a version, a tag, or a UTC date or time");
      return;
    }
    need_word("at");
    if (query_.valid_at) refuse(word.at, "a time of the world stands twice");
    query_.valid_at = std::get<Moment>(time()).time;
    query_.certain = word.is_word("certain");
  }

  std::string_view text_;
  std::vector<Token> tokens_;
  size_t at_ = 0;
  int depth_ = 0;
  Query query_;
};

}  // namespace

Query parse(std::string_view text) { return Parser(text).query(); }

}  // namespace saggio::graph
