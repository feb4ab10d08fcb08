// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "graph/query/query.h"
#include "tests/graph/query/random_query.h"

namespace saggio::graph {
namespace {

// The three lines that a person sees.
std::string complaint(const std::string& query) {
  try {
    parse(query);
    return "";
  } catch (const QueryError& error) {
    return pointed(query, error);
  }
}

TEST(QueryParse, AQueryIsWhatItSays) {
  const Query query =
      parse("edges where type = supports and not from #3 as of march valid at 2024-03-01");

  EXPECT_EQ(query.target, Target::Edges);
  EXPECT_EQ(query.as_of, "march");
  EXPECT_EQ(query.valid_at, TimeUs{1'709'251'200} * 1'000'000);
  EXPECT_FALSE(query.certain);
  const And all{{{Comparison{{Attribute::Type, ""}, Operator::Equal, Value("supports")}},
                 {Not{{{EndsAt{{3, ""}, true}}}}}}};
  EXPECT_EQ(query.where, Condition{all});
}

TEST(QueryParse, AndBindsCloserThanOrAndNotCloserThanBoth) {
  EXPECT_EQ(parse("not id = 1 and id = 2 or id = 3"),
            parse("((not (id = 1)) and id = 2) or id = 3"));
  EXPECT_NE(parse("id = 1 and (id = 2 or id = 3)"), parse("id = 1 and id = 2 or id = 3"));
  EXPECT_NE(parse("not (id = 1 and id = 2)"), parse("not id = 1 and id = 2"));
}

TEST(QueryParse, PrintingHasOneSpelling) {
  const std::pair<const char*, const char*> spellings[] = {
      {"NODES WHERE (kind=claim)AND(((status != open)))", "kind = claim and status != open"},
      {"nodes", "nodes"},
      {"edges as of 3", "edges as of 3"},
      {"as of '2024-02-29 12:00'", "nodes as of \"2024-02-29 12:00\""},
      {"confidence>=.50", "confidence >= 0.5"},
      {"degree = 3.0", "degree = 3"},
      {"seed = 18446744073709551615", "seed = 18446744073709551615"},
      {"text has rain or text ~ '\\d+ \"x\"'", "text has \"rain\" or text ~ \"\\\\d+ \\\"x\\\"\""},
      {"text ~ \"\\d\\\\\"", ""},  // a lone backslash is no expression
      {"labels = a", "label = \"a\""},
      {"qualifier.place=Turin", "qualifier.place = \"Turin\""},
      {"known qualifier.\"a b\"", "known qualifier.\"a b\""},
      {"rule < 3 or rule < '3'", "rule < 3 or rule < \"3\""},
      {"within 2 of a both via x|'y z'", "within 2 of a via x|\"y z\""},
      {"within 0 of '#1' out", "within 0 of \"#1\" out"},
      {"supports 'and' or contradicts #7", "supports \"and\" or contradicts #7"},
      {"not not known key", "not not known key"},
      {"(id = 1 or id = 2) or id = 3", "(id = 1 or id = 2) or id = 3"},
      {"edges where to a", "edges where to a"},
      {"certain at 2024-02-29T12:30+01:00", "nodes certain at 2024-02-29T11:30:00Z"}};
  for (const auto& [text, printed] : spellings) {
    if (std::string(printed).empty()) {
      EXPECT_NE(complaint(text), "") << text;
      continue;
    }
    EXPECT_EQ(complaint(text), "") << text;
    EXPECT_EQ(print(parse(text)), printed);
    EXPECT_EQ(parse(printed), parse(text)) << text;
  }
}

TEST(QueryParse, WhatIsPrintedIsReadAsTheSameQuery) {
  RandomQuery queries(1, 10, 3);
  for (int i = 0; i < 10'000; ++i) {
    const Query query = queries.draw();
    ASSERT_EQ(parse(print(query)), query) << print(query);
  }
}

struct Complaint {
  std::string query, message;
  size_t column;
};

void expect_complaints(const std::vector<Complaint>& complaints) {
  for (const auto& [query, message, column] : complaints)
    EXPECT_EQ(complaint(query),
              "column " + std::to_string(column) + ": " + message + "\n  " + query + "\n  " +
                  std::string(column - 1, ' ') + "^");
}

TEST(QueryParse, ComplaintsPointAtTheColumnAndSayWhatWasExpected) {
  const std::string any_term =
      "expected an attribute, 'known', 'within', 'supports', 'contradicts', 'not' or '('";
  expect_complaints({
      {"", "the query ends, " + any_term, 1},
      {"kind = claim and", "the query ends, " + any_term, 17},
      {"kind = claim kind = step",
       "got \"kind\", expected 'and', 'or', 'as of', 'valid at' or the end; a text of several "
       "words stands in quotes",
       14},
      {"id = 1)",
       "got \")\", expected 'and', 'or', 'as of', 'valid at' or the end; no ( is open",
       7},
      {"id = 1 and (id = 2 or id = 3",
       "the query ends, expected 'and', 'or' or ')' for the ( in column 12",
       29},
      {"id", "the query ends, expected =, !=, <, <=, > or >=", 3},
      {"id ~ 3", "got \"~\", expected =, !=, <, <=, > or >=", 4},
      {"status < open", "got \"<\", expected = or !=", 8},
      {"status = opne",
       "got \"opne\", expected a status: open, supported, refuted, contradicted, superseded, "
       "unprovable",
       10},
      {"confidence < high", "got \"high\", expected a number", 14},
      {"valid_from > yesterday",
       "got \"yesterday\", expected a UTC date or time like 2024-02-29T12:30",
       14},
      {"text = and", "got \"and\", expected a text; one that is called so stands in quotes", 8},
      {"text = 'rain", "this quote is not closed; expected ' at its end", 8},
      {"id = 1 & id = 2", "\"&\" begins nothing here; a text that contains it stands in quotes", 8},
      {"within many of a", "got \"many\", expected a number of hops, 0..2147483647", 8},
      {"within 2 a", "got \"a\", expected 'of'", 10},
      {"supports #x", "got \"#x\", expected a node: its key, or # and its number", 10},
      {"supports", "the query ends, expected a node: its key, or #ID", 9},
      {"from a", "'from' is of edges; a query about edges begins with 'edges where'", 1},
      {"qualifier = 1", "expected '.' and the qualifier's name, as in qualifier.place", 10},
      {"qualifier. = 1", "expected the qualifier's name, as in qualifier.place", 11},
      {"type = supports",
       "type is an attribute of edges alone; a query about edges begins with 'edges where'",
       1},
      {"nodes as of 1 as of 2", "'as of' stands twice", 15},
      {"edges kind = claim", "got \"kind\", expected 'where', 'as of', 'valid at' or the end", 7},
  });
}

TEST(QueryParse, AnUnknownAttributeIsAnsweredWithTheKnownOnesTheNearestFirst) {
  expect_complaints(
      {{"kind = claim and statsu = open",
        "\"statsu\" is no attribute of nodes (did you mean status?); there are status, id, kind, "
        "confidence, weight, key, text, label, anywhere, rule, qualifier, method, degree, "
        "in_degree, out_degree, valid_from, valid_to, run, experiment, step, seed, model, source",
        18},
       {"edges where xyzzy = 1",
        "\"xyzzy\" is no attribute of edges; there are id, status, confidence, weight, text, "
        "label, "
        "anywhere, rule, qualifier, method, type, valid_from, valid_to, run, experiment, step, "
        "seed, model, source",
        13}});
}

TEST(QueryParse, ABadExpressionIsPointedAtInsideItsQuotes) {
  expect_complaints(
      {{"text ~ \"a\\\\\\\"[z-a]\"",
        "this is no regular expression: invalid character class range: z-a",
        15},
       {"id = 1 or text ~ 'a(b'", "this is no regular expression: missing ): a(b", 19}});
}

TEST(QueryParse, ColumnsCountCharactersAndLongQueriesAreCutAroundThem) {
  EXPECT_EQ(complaint("key = 'Überfluß' or nothing = 1").substr(0, 10), "column 21:");

  const std::string query =
      "key = " + std::string(200, 'x') + " and oops = 1 and key = " + std::string(100, 'y');
  const std::string said = complaint(query);
  const std::string lines = said.substr(said.find('\n'));
  const size_t caret = lines.rfind("^"), begin = lines.rfind('\n');
  EXPECT_EQ(lines.substr(caret - begin, 4), "oops") << said;  // both lines begin alike
  EXPECT_LT(lines.find('\n', 1), 110u);
  EXPECT_NE(lines.find("..."), std::string::npos);
  EXPECT_EQ(complaint("\x1b[2J = 1").find('\x1b'), std::string::npos);
}

TEST(QueryParse, NestingAndLengthAreBounded) {
  for (const std::string open : {"(", "not ", "not ("}) {
    std::string deep;
    while (deep.size() + open.size() < kLongestQuery) deep += open;
    EXPECT_NE(complaint(deep).find("more than 200 parentheses and 'not' within each other"),
              std::string::npos);
  }
  std::string wide = "id = 0";
  while (wide.size() < kLongestQuery - 20) wide += " or id = 1";
  EXPECT_EQ(parse(print(parse(wide))), parse(wide));
  EXPECT_NE(complaint(std::string(kLongestQuery + 1, ' ')).find("allowed 0..65536"),
            std::string::npos);
}

TEST(QueryParse, WhatIsNotUtf8IsRefused) {
  EXPECT_EQ(complaint("key = '\xff'").substr(0, 31), "column 8: this is not UTF-8\n  k");
}

}  // namespace
}  // namespace saggio::graph
