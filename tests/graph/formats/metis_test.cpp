// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "tests/graph/formats/imported.h"

namespace saggio::graph {
namespace {

// The graph of the METIS manual 5.1.0, figure 3 (b): seven vertices, weighted edges.
constexpr const char* kManual =
    "% figure 3 (b)\n"
    "7 11 001\n"
    "5 1 3 2 2 1\n"
    "1 1 3 2 4 1\n"
    "5 3 4 2 2 2 1 2\n"
    "2 1 3 2 6 2 7 5\n"
    "1 1 3 3 6 2\n"
    "5 2 4 2 7 6\n"
    "6 6 4 5\n";

TEST(Metis, EachUndirectedEdgeStandsOnceFromTheSmallerNumber) {
  Imported graph;
  const ImportReport report = graph.read(kManual, Format::Metis);
  EXPECT_EQ(report.nodes_added, 7u);
  EXPECT_EQ(report.edges_added, 11u);
  EXPECT_EQ(report.comments, 1u);
  const Lines edges = {R"({"edge":["1","linked","2"],"ordinal":0})",
                       R"({"edge":["2","linked","3"],"ordinal":0,"weight":2.0})",
                       R"({"edge":["1","linked","3"],"ordinal":0,"weight":2.0})"};
  const Lines all = graph.records();
  EXPECT_EQ(all[0], R"({"kind":"entity","node":"1"})");
  EXPECT_EQ(Lines(all.begin() + 7, all.begin() + 10), edges);
  EXPECT_EQ(all.back(), R"({"edge":["4","linked","7"],"ordinal":0,"weight":5.0})");
}

TEST(Metis, TheSameFileAgainChangesNothing) {
  Imported graph;
  graph.read(kManual, Format::Metis);
  EXPECT_EQ(graph.read(kManual, Format::Metis).unchanged, 11u);
  EXPECT_EQ(graph.store.history().head(), 1u);
}

TEST(Metis, ABlankLineIsAVertexWithoutNeighbours) {
  Imported graph;
  const ImportReport report =
      graph.read("\r\n4 1\r\n\r\n4\r\n\r\n2\r\n\r\n% end\r\n", Format::Metis);
  EXPECT_EQ(report.nodes_added, 4u);
  EXPECT_EQ(report.lines, 8u);
  EXPECT_EQ(report.blank, 2u);  // before the header and behind the vertices
  EXPECT_EQ(report.carriage_returns, 8u);
  EXPECT_EQ(graph.records().back(), R"({"edge":["2","linked","4"],"ordinal":0})");
}

TEST(Metis, SizesAndWeightsOfVerticesAreKept) {
  Imported graph;
  graph.read("2 1 111 2\n10 3 7 2 0.5\n11 4 8 1 0.5\n", Format::Metis);
  EXPECT_EQ(graph.records(),
            (Lines{R"({"kind":"entity","node":"1","qualifiers":[["size","10"],["weight 2","7"]],)"
                   R"("weight":3.0})",
                   R"({"kind":"entity","node":"2","qualifiers":[["size","11"],["weight 2","8"]],)"
                   R"("weight":4.0})",
                   R"({"edge":["1","linked","2"],"ordinal":0,"weight":0.5})"}));
}

TEST(Metis, LoopsAndParallelEdgesAreKept) {
  Imported graph;
  EXPECT_EQ(graph.read("2 3\n1 2 2\n1 1\n", Format::Metis).edges_added, 3u);
  EXPECT_EQ(graph.read("0 0\n", Format::Metis).nodes_added, 0u);
}

TEST(Metis, BadLinesAreNamed) {
  const std::string header =
      "vertices edges [format [weights of a vertex]], a format being up to three digits 0 or 1: "
      "vertex sizes, vertex weights, edge weights";
  const std::pair<const char*, std::string> cases[] = {
      {"", "0: no header, allowed: " + header},
      {"% only\n\n", "2: no header, allowed: " + header},
      {"3\n", "1: no number of edges"},
      {"-1 0\n", "1: vertices = \"-1\", allowed 0..4294967294"},
      {"1 0 12\n", "1: format = \"12\", allowed: " + header},
      {"1 0 1 0 5\n", "1: \"5\" is more than what is allowed: " + header},
      {"2 1\n2\nx\n", "3: neighbour = \"x\", allowed 1..2"},
      {"2 1\n3\n", "2: neighbour = \"3\", allowed 1..2"},
      {"2 1\n0\n", "2: neighbour = \"0\", allowed 1..2"},
      {"2 1 1\n2\n", "2: no weight behind the last neighbour"},
      {"2 1 1\n2 nan\n", "2: weight = \"nan\", allowed a finite number"},
      {"1 0 10\n\n", "2: no weight of the vertex"},
      {"2 1\n2\n\n",
       "3: the edge of 1 and 2 of weight 1 stands in the line of vertex 1 alone: allowed are "
       "undirected graphs, each edge in the lines of both ends"},
      {"2 1\n\n1\n",
       "3: the edge of 1 and 2 of weight 1 stands in the line of vertex 2 alone: allowed are "
       "undirected graphs, each edge in the lines of both ends"},
      {"2 1 1\n2 3\n1 4\n",
       "3: the edge of 1 and 2 of weight 3 stands in the line of vertex 1 alone: allowed are "
       "undirected graphs, each edge in the lines of both ends"},
      {"3 1\n2\n1\n", "3: the header announces 3 vertices, here are the lines of 2"},
      {"2 2\n2\n1\n", "3: the header announces 2 edges, here are 1"},
      {"1 0\n\n1\n", "3: a line behind those of the 1 vertices that the header announces"}};
  for (const auto& [text, complaint] : cases) {
    Imported graph;
    EXPECT_EQ(graph.complaint(text, Format::Metis), "f:" + complaint) << text;
  }
}

}  // namespace
}  // namespace saggio::graph
