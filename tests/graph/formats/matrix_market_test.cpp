// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "tests/graph/formats/imported.h"

namespace saggio::graph {
namespace {

Lines edges_of(Imported& graph) {
  Lines edges;
  for (const std::string& line : graph.records())
    if (line.starts_with("{\"edge\"")) edges.push_back(line);
  return edges;
}

TEST(MatrixMarket, AnEntryIsAnEdgeFromItsRowToItsColumn) {
  Imported graph;
  const ImportReport report = graph.read(
      "%%MatrixMarket matrix coordinate real general\r\n% a comment\r\n\r\n4 4 3\r\n"
      "1 2 0.5\r\n3 1 -2e0\r\n2 2 1\r\n",
      Format::MatrixMarket);
  EXPECT_EQ(report.nodes_added, 4u);  // the fourth has no entry
  EXPECT_EQ(report.comments, 1u);
  EXPECT_EQ(report.blank, 1u);
  EXPECT_EQ(report.carriage_returns, 7u);
  EXPECT_EQ(edges_of(graph),
            (Lines{R"({"edge":["1","linked","2"],"ordinal":0,"weight":0.5})",
                   R"({"edge":["3","linked","1"],"ordinal":0,"weight":-2.0})",
                   R"({"edge":["2","linked","2"],"ordinal":0})"}));
  EXPECT_EQ(graph.records()[3], R"({"kind":"entity","node":"4"})");
}

TEST(MatrixMarket, ASymmetricMatrixIsAnUndirectedGraph) {
  Imported graph;
  const ImportReport report =
      graph.read("%%MatrixMarket MATRIX coordinate pattern Symmetric\n3 3 2\n2 1\n3 3\n",
                 Format::MatrixMarket);
  EXPECT_EQ(edges_of(graph),
            (Lines{R"({"edge":["2","linked","1"],"ordinal":0})",
                   R"({"edge":["3","linked","3"],"ordinal":0})"}));
  EXPECT_EQ(report.notes,
            Lines{"the matrix is symmetric, the graph undirected: each edge stands once, as it is "
                  "written"});
}

TEST(MatrixMarket, ASkewEntryIsTwoEdges) {
  Imported graph;
  graph.read("%%MatrixMarket matrix coordinate integer skew-symmetric\n2 2 1\n2 1 3\n",
             Format::MatrixMarket);
  EXPECT_EQ(edges_of(graph),
            (Lines{R"({"edge":["2","linked","1"],"ordinal":0,"weight":3.0})",
                   R"({"edge":["1","linked","2"],"ordinal":0,"weight":-3.0})"}));
}

TEST(MatrixMarket, RowsAndColumnsThatAreNotAsManyAreDifferentNodes) {
  Imported graph;
  graph.read("%%MatrixMarket matrix coordinate pattern general\n1 3 1\n1 3\n",
             Format::MatrixMarket);
  EXPECT_EQ(graph.store.history().node_count(), 4u);
  EXPECT_EQ(edges_of(graph), Lines{R"({"edge":["r1","linked","c3"],"ordinal":0})"});
}

TEST(MatrixMarket, TheSameFileAgainChangesNothing) {
  Imported graph;
  const char* text =
      "%%MatrixMarket matrix coordinate integer skew-symmetric\n3 3 3\n2 1 3\n3 1 1\n2 1 4\n";
  EXPECT_EQ(graph.read(text, Format::MatrixMarket).edges_added, 6u);
  EXPECT_EQ(graph.read(text, Format::MatrixMarket).unchanged, 6u);
  EXPECT_EQ(graph.store.history().head(), 1u);
}

TEST(MatrixMarket, BadLinesAreNamed) {
  const std::string banner =
      "allowed: %%MatrixMarket matrix coordinate real|integer|pattern "
      "general|symmetric|skew-symmetric";
  const std::string real = "%%MatrixMarket matrix coordinate real general\n";
  const std::string whole = "%%MatrixMarket matrix coordinate integer symmetric\n";
  const std::string skew = "%%MatrixMarket matrix coordinate pattern skew-symmetric\n";
  const std::pair<std::string, std::string> cases[] = {
      {"", "0: is empty, " + banner},
      {"1 1 0\n", "1: the first line has \"1\", " + banner},
      {"%%MatrixMarket matrix array real general\n", "1: the first line has \"array\", " + banner},
      {"%%MatrixMarket matrix coordinate complex general\n",
       "1: the first line has \"complex\", " + banner},
      {"%%MatrixMarket matrix coordinate real\n", "1: the first line has \"\", " + banner},
      {"%%MatrixMarket matrix coordinate real hermitian\n",
       "1: the first line has \"hermitian\", " + banner},
      {real, "1: no size line, allowed: rows columns entries"},
      {real + "2 2\n", "2: no number of entries"},
      {real + "2 2 1 1\n", "2: \"1\" is more than what is allowed: rows columns entries"},
      {whole + "2 3 1\n",
       "2: 2 rows and 3 columns of a symmetric matrix, allowed are as many of "
       "both"},
      {real + "2 2 1\n0 1 1\n", "3: row = \"0\", allowed 1..2"},
      {real + "2 2 1\n1 3 1\n", "3: column = \"3\", allowed 1..2"},
      {real + "2 2 1\n1 1\n", "3: no value"},
      {real + "2 2 1\n1 1 inf\n", "3: value = \"inf\", allowed a finite number"},
      {whole + "2 2 1\n1 1 1.5\n",
       "3: value = \"1.5\", allowed a whole number: the first line says integer"},
      {real + "2 2 1\n1 1 1 1\n", "3: \"1\" is more than what is allowed: row column value"},
      {whole + "2 2 1\n1 2 1\n",
       "3: row 1, column 2: of a symmetric matrix the entries on and below the diagonal are "
       "allowed"},
      {skew + "2 2 1\n1 1\n",
       "3: row 1, column 1: of a skew-symmetric matrix the entries below the diagonal are allowed"},
      {real + "2 2 2\n1 1 1\n", "3: the size line announces 2 entries, here are 1"},
      {real + "2 2 0\n1 1 1\n", "3: the size line announces 0 entries, here are 1"}};
  for (const auto& [text, complaint] : cases) {
    Imported graph;
    EXPECT_EQ(graph.complaint(text, Format::MatrixMarket), "f:" + complaint) << text;
  }
}

}  // namespace
}  // namespace saggio::graph
