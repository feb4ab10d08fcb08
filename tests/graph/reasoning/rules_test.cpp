// SPDX-License-Identifier: MIT
#include "graph/reasoning/rules.h"

#include <gtest/gtest.h>

namespace saggio::graph {
namespace {

std::string complaint(const std::string& text) {
  try {
    parse_rules(text, "f");
    return "";
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
}

// The rules as they are written back, a line each.
std::string rewritten(const std::string& text) {
  std::string lines;
  for (const Rule& rule : parse_rules(text).rules) lines += text_of(rule) + "\n";
  return lines;
}

TEST(Rules, AreReadAsTheyAreWritten) {
  const RuleBook book = parse_rules(
      "# a comment\n"
      "0.9 :: grandparent(X, Z) :- parent(X, Y), parent(Y, Z). % and another\n"
      "\n  parent(\"Anna Maria\", bob).");
  ASSERT_EQ(book.rules.size(), 2u);
  const Rule& rule = book.rules[0];
  EXPECT_EQ(rule.weight, 0.9);
  EXPECT_EQ(rule.variables, (std::vector<std::string>{"X", "Z", "Y"}));
  EXPECT_EQ(rule.head.relation, "grandparent");
  ASSERT_EQ(rule.body.size(), 2u);
  EXPECT_EQ(rule.body[1].terms[0].variable, 2);
  EXPECT_EQ(rule.body[1].terms[1].variable, 1);
  EXPECT_EQ(rule.body[1].place.line, 2);
  EXPECT_EQ(rule.body[1].place.column, 43);
  EXPECT_EQ(book.rules[1].head.terms[0].key, "Anna Maria");
  EXPECT_EQ(book.rules[1].head.place.line, 4);
  EXPECT_EQ(book.rules[1].head.place.column, 3);
}

TEST(Rules, WrittenBackAreReadAsTheSame) {
  const std::string text =
      "0.25 :: a(X, Y) :- b(X, _), \"is a\"(Y, \"x\\\"y\\\\\"), c(é-1, 1871), X != Y.\n"
      "p(X) :- claim(X), X != rain.\n"
      "q(\"A\").\n";
  EXPECT_EQ(rewritten(text), text);
  EXPECT_EQ(rewritten(rewritten(text)), text);
  EXPECT_EQ(rewritten("\xEF\xBB\xBF"
                      "p( a )\r\n.\r\n"),
            "p(a).\n");
  EXPECT_EQ(rewritten("# nothing\n%"), "");
  EXPECT_EQ(rewritten("1e-2 :: p(a)."), "0.01 :: p(a).\n");
}

TEST(Rules, EachUnderscoreIsAVariableOfItsOwn) {
  const Rule rule = parse_rules("p(X) :- q(X, _), q(_, X).").rules[0];
  EXPECT_EQ(rule.variables.size(), 3u);
  EXPECT_NE(rule.body[0].terms[1].variable, rule.body[1].terms[0].variable);
}

TEST(Rules, ErrorsNameTheLineAndTheColumn) {
  const std::pair<const char*, const char*> cases[] = {
      {"p(a)", "f:1:5: expected ':-' and a body, or '.', got the end"},
      {"p(a).\n  q(X) :- r(X,\n Y z).",
       "f:3:4: expected ')': a relation has one term or two, got \"z\""},
      {"p(a, b, c).", "f:1:7: expected ')': a relation has one term or two, got \",\""},
      {"é(a) :- X.", "f:1:10: expected '!=' between terms, or an atom, got \".\""},
      {"P(a).",
       "f:1:1: expected a relation (a word that begins with a small letter, or a quoted one), got "
       "\"P\""},
      {"0 :: p(a).", "f:1:1: weight = 0, allowed is a number in (0, 1]"},
      {"1.5 :: p(a).", "f:1:1: weight = 1.5, allowed is a number in (0, 1]"},
      {"1e-999 :: p(a).", "f:1:1: weight = 1e-999, allowed is a number in (0, 1]"},
      {"0.5 p(a).", "f:1:5: expected '::' behind a rule's weight, got \"p\""},
      {"p(X).", "f:1:3: variable X stands in no atom of the body: a fact has keys alone"},
      {"p(X) :- q(Y).", "f:1:3: variable X stands in no atom of the body"},
      {"p(Y) :- q(Y), Z != Y.", "f:1:15: variable Z stands in no atom of the body"},
      {"p(_) :- q(Y).", "f:1:3: variable _ stands in no atom of the body"},
      {"p(\"a).", "f:1:3: a quote that is not closed"},
      {"p(\"a\n\").", "f:1:3: a quote that is not closed"},
      {"p(\"a\tb\").", "f:1:5: a control character in quotes"},
      {"p(\"\\n\").", "f:1:5: a backslash in quotes, allowed before \" and \\"},
      {"p(\"\").", "f:1:3: an empty key, which no node has"},
      {"\"\"(a).", "f:1:1: a relation without a name"},
      {"p().", "f:1:3: expected a variable, '_', a key, or a quoted key, got \")\""},
      {"p(1a).", "f:1:3: a name that begins with a digit: put it in quotes"},
      {"p(a) :- .", "f:1:9: expected a variable, '_', a key, or a quoted key, got \".\""},
      {"p(a)\n\xC3.", "f:2:1: is not UTF-8: save the file in that encoding"},
      {"p(a) ? q(b).", "f:1:6: expected ':-' and a body, or '.', got \"?\""},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(complaint(text), expected) << text;
  std::string long_body = "p(X) :- q(X)";
  for (int i = 0; i < 16; ++i) long_body += ", q(X)";
  EXPECT_EQ(complaint(long_body + "."), "f:1:105: a body of more than 16 atoms");
}

TEST(Goal, IsOneAtom) {
  EXPECT_EQ(parse_goal("uncle(X, ann)").atom.terms[1].key, "ann");
  EXPECT_EQ(parse_goal(" uncle(X, X) . ").variables.size(), 1u);
  EXPECT_THROW(parse_goal("uncle(X, ann) uncle(X, bob)"), std::invalid_argument);
  EXPECT_THROW(parse_goal("rain"), std::invalid_argument);
  EXPECT_THROW(parse_goal(""), std::invalid_argument);
}

}  // namespace
}  // namespace saggio::graph
