// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "graph/formats/time_text.h"
#include "graph/query/query.h"
#include "graph/query/tokens.h"

namespace saggio::graph {
namespace {

std::string bare_or_quoted(const std::string& text) { return is_bare(text) ? text : quoted(text); }

std::string text_of(const NodeName& node) {
  return node.id ? fmt::format("#{}", *node.id) : bare_or_quoted(node.key);
}

std::string text_of(const Field& field) {
  if (field.attribute != Attribute::Qualifier) return std::string(info(field.attribute).name);
  return "qualifier." + bare_or_quoted(field.qualifier);
}

std::string_view text_of(Operator op) {
  constexpr std::string_view kTexts[] = {"=", "!=", "<", "<=", ">", ">=", "^=", "has", "~"};
  return kTexts[static_cast<size_t>(op)];
}

// Names of kinds and statuses as they are, texts in quotes.
struct ValuePrinter {
  bool is_text;
  std::string operator()(const std::string& text) const { return is_text ? quoted(text) : text; }
  std::string operator()(const Moment& moment) const { return time_text(moment.time); }
  std::string operator()(const auto& number) const { return fmt::format("{}", number); }
};

struct Printer {
  std::string operator()(const And& all) const { return joined(all.parts, " and ", true); }
  std::string operator()(const Or& any) const { return joined(any.parts, " or ", false); }
  std::string operator()(const Not& inverse) const {
    return "not " + part(inverse.part.at(0), true);
  }
  std::string operator()(const Comparison& comparison) const {
    return fmt::format(
        "{} {} {}", text_of(comparison.field), text_of(comparison.op), value(comparison));
  }
  std::string operator()(const Known& known) const { return "known " + text_of(known.field); }
  std::string operator()(const Supports& supports) const {
    return "supports " + text_of(supports.node);
  }
  std::string operator()(const Contradicts& contradicts) const {
    return "contradicts " + text_of(contradicts.node);
  }
  std::string operator()(const EndsAt& end) const {
    return fmt::format("{} {}", end.source ? "from" : "to", text_of(end.node));
  }
  std::string operator()(const Within& within) const {
    std::string text = fmt::format("within {} of {}", within.hops, text_of(within.node));
    if (within.direction != Direction::Both)
      text += within.direction == Direction::Out ? " out" : " in";
    for (size_t i = 0; i < within.types.size(); ++i)
      text += (i == 0 ? " via " : "|") + bare_or_quoted(within.types[i]);
    return text;
  }

 private:
  // `and` binds closer than `or`: an `and` within an `or` needs no parentheses.
  static std::string part(const Condition& condition, bool within_and) {
    const bool is_and = std::holds_alternative<And>(condition.is);
    const bool is_or = std::holds_alternative<Or>(condition.is);
    const std::string text = std::visit(Printer(), condition.is);
    return is_or || (is_and && within_and) ? "(" + text + ")" : text;
  }
  static std::string joined(const std::vector<Condition>& parts,
                            const char* keyword,
                            bool within_and) {
    std::string text;
    for (const Condition& one : parts)
      text += (text.empty() ? "" : keyword) + part(one, within_and);
    return text;
  }
  static std::string value(const Comparison& comparison) {
    const bool is_text = info(comparison.field.attribute).type == ValueType::Text;
    return std::visit(ValuePrinter{is_text}, comparison.value);
  }
};

}  // namespace

std::string print(const Condition& condition) { return std::visit(Printer(), condition.is); }

std::string print(const Query& query) {
  std::string text = query.target == Target::Edges ? "edges" : query.where ? "" : "nodes";
  if (query.where) text += (text.empty() ? "" : " where ") + print(*query.where);
  if (query.as_of) text += " as of " + bare_or_quoted(*query.as_of);
  if (query.valid_at)
    text +=
        fmt::format(" {} at {}", query.certain ? "certain" : "valid", time_text(*query.valid_at));
  return text;
}

}  // namespace saggio::graph
