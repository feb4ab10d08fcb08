// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "tests/graph/formats/imported.h"

// Edge lists and triples.
namespace saggio::graph {
namespace {

// What a - b - c with weights looks like, whatever the file's dialect.
const Lines kPath = {R"({"kind":"entity","node":"a"})",
                     R"({"kind":"entity","node":"b"})",
                     R"({"kind":"entity","node":"c"})",
                     R"({"edge":["a","linked","b"],"ordinal":0,"weight":0.5})",
                     R"({"edge":["b","linked","c"],"ordinal":0})"};

TEST(EdgeList, EveryDialectGivesTheSameGraph) {
  for (const char* text : {"a b 0.5\nb c\n",
                           "a\tb\t0.5\nb\tc\t1",
                           "a,b,0.5\nb,c,1.0\n",
                           "  a ,  b ,\t.5  \nb\t,c\n",
                           "\xEF\xBB\xBF# from a program\n% and another\na b 5e-1\n\n \t \nb c\n",
                           "a b 0.5\r\n\r\nb c\r\n"}) {
    Imported graph;
    graph.read(text, Format::Edges);
    EXPECT_EQ(graph.records(), kPath) << text;
  }
}

TEST(EdgeList, WhatIsSkippedIsCounted) {
  Imported graph;
  const ImportReport report =
      graph.read("# one\r\na b\r\n\r\n  \r\n%two\nb c", Format::Edges, {.edge_type = "knows"});
  EXPECT_EQ(report.lines, 6u);
  EXPECT_EQ(report.blank, 2u);
  EXPECT_EQ(report.comments, 2u);
  EXPECT_EQ(report.carriage_returns, 4u);
  EXPECT_EQ(report.nodes_added, 3u);
  EXPECT_EQ(report.edges_added, 2u);
  EXPECT_EQ(graph.store.history().types()[0], "knows");
}

TEST(EdgeList, TheSameFileAgainChangesNothing) {
  Imported graph;
  const std::string text = "a b\na b 2\na a\nb c\nc a\na b\n";
  graph.read(text, Format::Edges);
  const Version before = graph.store.history().head();
  const ImportReport report = graph.read(text, Format::Edges);
  EXPECT_EQ(graph.store.history().head(), before);
  EXPECT_EQ(report.unchanged, 6u);
  EXPECT_EQ(report.edges_added + report.nodes_added + report.edges_revised, 0u);
}

TEST(EdgeList, AnotherWeightRevisesAndMoreLinesAdd) {
  Imported graph;
  graph.read("a b\na b 2\n", Format::Edges);
  const ImportReport report = graph.read("a b\na b 3\na b 4\n", Format::Edges);
  EXPECT_EQ(report.unchanged, 1u);
  EXPECT_EQ(report.edges_revised, 1u);
  EXPECT_EQ(report.edges_added, 1u);
  EXPECT_EQ(graph.store.history().edge(1)->attributes.weight, 3);
  EXPECT_EQ(graph.store.history().edge(2)->attributes.weight, 4);
}

TEST(EdgeList, ARetiredEdgeThatIsThereAgainIsAnotherOne) {
  Imported graph;
  graph.read("a b\n", Format::Edges);
  graph.store.retire_edge(0);
  graph.store.commit();
  EXPECT_EQ(graph.read("a b\n", Format::Edges).edges_added, 1u);
  EXPECT_EQ(graph.store.history().edges(), std::vector<EdgeId>{1});
}

TEST(EdgeList, MoreEdgesThanOneBatchAreAllThereInOrder) {
  Imported graph;
  std::string text;
  constexpr int kEdges = 70'000;  // a batch is 65,536
  for (int i = 0; i < kEdges; ++i) text += "a b " + std::to_string(i) + "\n";
  graph.read(text, Format::Edges);
  ASSERT_EQ(graph.store.history().edge_count(), uint64_t{kEdges});
  uint64_t right = 0;
  graph.store.history().for_each_edge({}, [&](const EdgeRow& edge) {
    right += edge.weight == static_cast<float>(edge.id) && edge.source == 0 && edge.target == 1;
  });
  EXPECT_EQ(right, uint64_t{kEdges});
}

TEST(EdgeList, ABadLineIsNamedAndNothingIsCommitted) {
  const std::pair<const char*, const char*> cases[] = {
      {"a b\nc\n", "f:2: 1 fields, allowed: source target [weight]"},
      {"\n\r\na b 1 2 3\n", "f:3: 5 fields, allowed: source target [weight]"},
      {"a,,1\n", "f:1: field 2 is empty, allowed: source target [weight]"},
      {",a\n", "f:1: field 1 is empty, allowed: source target [weight]"},
      {"a,b,\n", "f:1: field 3 is empty, allowed: source target [weight]"},
      {"a b {}\n",
       "f:1: weight = \"{}\", allowed a finite number; a name with spaces needs triples"},
      {"a b nan\n",
       "f:1: weight = \"nan\", allowed a finite number; a name with spaces needs triples"},
      {"a b 1e39\n",
       "f:1: weight = \"1e39\", allowed a finite number; a name with spaces needs triples"},
      {"a b\xFF\n",
       "f:1: byte 0xff at column 4 is not UTF-8; convert the file, for example by `iconv -f latin1 "
       "-t utf-8`"},
  };
  for (const auto& [text, expected] : cases) {
    Imported graph;
    EXPECT_EQ(graph.complaint(text, Format::Edges), expected);
    EXPECT_EQ(graph.store.history().head(), 0u);
  }
}

TEST(Lines, OneThatIsTooLongIsRefused) {
  std::istringstream in("12345\n1234567\n12345678\n");
  LineReader lines(in, "f", 7);
  std::string_view line;
  EXPECT_TRUE(lines.next(line));
  EXPECT_TRUE(lines.next(line));
  EXPECT_EQ(line, "1234567");
  try {
    lines.next(line);
    FAIL() << "eight bytes were read";
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(),
                 "f:3: a line of more than 7 bytes, which is the most allowed; end each line by a "
                 "line feed");
  }
}

TEST(Lines, OnlyUtf8IsUtf8) {
  // The boundaries of RFC 3629, 4.
  for (const char* good : {"",
                           "a",
                           "\xC2\x80",
                           "\xDF\xBF",
                           "\xE0\xA0\x80",
                           "\xED\x9F\xBF",
                           "\xEE\x80\x80",
                           "\xF0\x90\x80\x80",
                           "\xF4\x8F\xBF\xBF"})
    EXPECT_EQ(first_not_utf8(good), std::string_view::npos) << good;
  for (const char* bad : {"\x80",
                          "\xC1\xBF",
                          "\xC2",
                          "\xE0\x9F\xBF",
                          "\xED\xA0\x80",
                          "\xE0\xA0",
                          "\xF0\x8F\xBF\xBF",
                          "\xF4\x90\x80\x80",
                          "\xF5\x80\x80\x80",
                          "\xFF"}) {
    EXPECT_EQ(first_not_utf8(bad), 0u) << bad;
    EXPECT_EQ(first_not_utf8(std::string("a") + bad + "b"), 1u) << bad;
  }
}

TEST(Lines, AShownTextIsOneShortHarmlessLine) {
  EXPECT_EQ(shown("caf\xC3\xA9"), "\"caf\xC3\xA9\"");
  EXPECT_EQ(shown("a\nb\x1B[2J\x7F\xC2\x9B"), "\"a\\x0ab\\x1b[2J\\x7f\\xc2\\x9b\"");
  EXPECT_EQ(shown("\xFF\xC3"), "\"\\xff\\xc3\"");
  EXPECT_EQ(shown(std::string(100, 'x')), "\"" + std::string(60, 'x') + "...\"");
}

TEST(Triples, RelationsBecomeTypesAndNamesKeepTheirSpaces) {
  Imported graph;
  const ImportReport report = graph.read(
      "Marie Curie\tborn in\tWarsaw\r\n\r\n# 9\tis a\tname\r\nWarsaw\tpart of\t Poland \n",
      Format::Triples);
  EXPECT_EQ(graph.records(),
            (Lines{R"({"kind":"entity","node":"Marie Curie"})",
                   R"({"kind":"entity","node":"Warsaw"})",
                   R"({"kind":"entity","node":"# 9"})",
                   R"({"kind":"entity","node":"name"})",
                   R"({"kind":"entity","node":"Poland"})",
                   R"({"edge":["Marie Curie","born in","Warsaw"],"ordinal":0})",
                   R"({"edge":["# 9","is a","name"],"ordinal":0})",
                   R"({"edge":["Warsaw","part of","Poland"],"ordinal":0})"}));
  EXPECT_EQ(report.blank, 1u);
  EXPECT_EQ(report.carriage_returns, 3u);
  EXPECT_EQ(report.comments, 0u);
}

TEST(Triples, ABadLineIsNamed) {
  const std::pair<const char*, const char*> cases[] = {
      {"a\tr\tb\na r b\n", "f:2: 1 field between tabs, allowed: head<TAB>relation<TAB>tail"},
      {"a\tr\tb\t1\n", "f:1: 4 fields between tabs, allowed: head<TAB>relation<TAB>tail"},
      {"a\t\tb\n", "f:1: field 2 is empty, allowed: head<TAB>relation<TAB>tail"},
      {"a\tr\t \n", "f:1: field 3 is empty, allowed: head<TAB>relation<TAB>tail"},
  };
  for (const auto& [text, expected] : cases) {
    Imported graph;
    EXPECT_EQ(graph.complaint(text, Format::Triples), expected);
    EXPECT_EQ(graph.store.history().head(), 0u);
  }
}

TEST(Import, ByTheEndingOfAFile) {
  EXPECT_EQ(format_of_file("a/b.c/x.el"), Format::Edges);
  EXPECT_EQ(format_of_file("x.csv"), Format::Csv);
  EXPECT_EQ(format_of_file("x.graphml"), Format::GraphMl);
  EXPECT_EQ(format_of_file("x.tsv"), Format::Triples);
  EXPECT_EQ(format_of_file("x.json"), Format::NodeLink);
  EXPECT_EQ(format_of_file("x.jsonl"), Format::Records);
  EXPECT_EQ(format_of_file("x.txt"), std::nullopt);  // both edge lists and triples are called so
  EXPECT_EQ(format_of_file("x"), std::nullopt);
}

TEST(Import, PendingChangesAreNotMixedWithIt) {
  Imported graph;
  graph.store.add_node(NodeKind::Claim, {.text = "mine"});
  for (const Format format : {Format::Edges, Format::Triples, Format::Records})
    EXPECT_NE(graph.complaint("", format).find("commit them first"), std::string::npos);
}

}  // namespace
}  // namespace saggio::graph
