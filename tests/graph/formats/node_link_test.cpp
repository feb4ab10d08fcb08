// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "tests/graph/formats/imported.h"

namespace saggio::graph {
namespace {

// What networkx 3.6.1 writes for a MultiDiGraph: json.dumps(node_link_data(G, edges="links")).
constexpr const char* kByNetworkx =
    R"({"directed": true, "multigraph": true, "graph": {"name": "demo"}, "nodes": [)"
    R"({"kind": "claim", "text": "It rained.", "status": "supported", "weight": 2.5,)"
    R"( "confidence": 0.75, "labels": ["weather"], "colour": "blue", "size": 3, "id": "rain"},)"
    R"( {"label": "seven", "kind": "protein", "id": 7}, {"id": 1.5}], "links": [)"
    R"({"weight": 0.5, "relation": "supports", "note": null, "source": "rain", "target": 7,)"
    R"( "key": 0}, {"source": "rain", "target": 7, "key": 1},)"
    R"( {"source": 7, "target": 1.5, "key": "born_in"}]})";

const Lines kDemo = {
    R"({"confidence":{"probability":0.75},"kind":"claim","labels":["weather"],"node":"rain",)"
    R"("qualifiers":[["colour","blue"],["size","3"]],"status":"supported","text":"It rained.",)"
    R"("weight":2.5})",
    R"({"kind":"entity","node":"7","qualifiers":[["kind","protein"]],"text":"seven"})",
    R"({"kind":"entity","node":"1.5"})",
    R"({"edge":["rain","supports","7"],"ordinal":0,"qualifiers":[["note","null"]],"weight":0.5})",
    R"({"edge":["rain","linked","7"],"ordinal":0,"qualifiers":[["key","1"]]})",
    R"({"edge":["7","born_in","1.5"],"ordinal":0})"};

TEST(NodeLink, KnownAttributesAreOursAndTheOthersAreQualifiers) {
  Imported graph;
  const ImportReport report = graph.read(kByNetworkx, Format::NodeLink);
  EXPECT_EQ(graph.records(), kDemo);
  EXPECT_EQ(report.nodes_added, 3u);
  EXPECT_EQ(report.edges_added, 3u);
  EXPECT_EQ(report.notes, (Lines{R"(not kept: "graph" = {"name":"demo"})"}));
}

TEST(NodeLink, TheSameGraphAgainChangesNothing) {
  Imported graph;
  graph.read(kByNetworkx, Format::NodeLink);
  const ImportReport report = graph.read(kByNetworkx, Format::NodeLink);
  EXPECT_EQ(graph.store.history().head(), 1u);
  EXPECT_EQ(report.unchanged, 6u);
}

TEST(NodeLink, AnotherStateRevises) {
  Imported graph;
  graph.read(R"({"nodes": [{"id": 1, "text": "a"}, {"id": 2, "text": "b"}, {"id": 3}],
                 "edges": [{"source": 1, "target": 2, "since": 1}]})",
             Format::NodeLink);
  const ImportReport report =
      graph.read(R"({"nodes": [{"id": 1, "text": "c"}, {"id": 2}, {"id": 3}],
                     "edges": [{"source": 1, "target": 2, "since": 2}]})",
                 Format::NodeLink);
  EXPECT_EQ(report.nodes_revised, 1u);
  EXPECT_EQ(report.edges_revised, 1u);
  EXPECT_EQ(report.unchanged, 2u);  // a node without attributes is only named
  EXPECT_EQ(graph.store.history().node(0)->attributes.text, "c");
  EXPECT_EQ(graph.store.history().node(1)->attributes.text, "b");
  EXPECT_EQ(graph.store.history().edge(0)->attributes.qualifiers[0].second, "2");
}

TEST(NodeLink, EdgesMayStandFirstAndUnderEitherName) {
  // What json.dumps(..., sort_keys=True) gives; of an undirected graph, with blank lines and CR LF.
  const std::string text =
      "{\"directed\": false, \"edges\": [{\"source\": true, \"target\": null}],\r\n\r\n"
      "\"multigraph\": false,\r\n\"nodes\": [{\"id\": true}]}\r\n";
  for (const char* name : {"edges", "links"}) {
    Imported graph;
    std::string named = text;
    named.replace(named.find("edges"), 5, name);
    const ImportReport report = graph.read(named, Format::NodeLink);
    EXPECT_EQ(graph.records(),
              (Lines{R"({"kind":"entity","node":"true"})",
                     R"({"kind":"entity","node":"null"})",
                     R"({"edge":["true","linked","null"],"ordinal":0})"}));
    EXPECT_EQ(report.lines, 4u);
    EXPECT_EQ(report.blank, 1u);
    EXPECT_EQ(report.carriage_returns, 4u);
    EXPECT_EQ(report.notes,
              (Lines{"the graph is undirected: each edge stands once, as it is written",
                     "1 of the nodes stand only at the ends of edges"}));
  }
}

TEST(NodeLink, ParallelEdgesOfOneTypeKeepTheirOrder) {
  Imported graph;
  const char* text = R"({"nodes": [{"id": "a"}, {"id": "b"}], "edges": [
      {"source": "a", "target": "b", "weight": 1}, {"source": "a", "target": "b", "n": 2},
      {"source": "a", "target": "b", "weight": 3}]})";
  graph.read(text, Format::NodeLink);
  const History& history = graph.store.history();
  EXPECT_EQ(history.edge(0)->attributes.weight, 1);
  EXPECT_EQ(history.edge(1)->attributes.qualifiers.size(), 1u);
  EXPECT_EQ(history.edge(2)->attributes.weight, 3);
  EXPECT_EQ(graph.read(text, Format::NodeLink).unchanged, 5u);
}

TEST(NodeLink, AnAttributeThatIsNotWhatOursAreIsKeptAsAQualifier) {
  Imported graph;
  graph.read(R"({"nodes": [{"id": "a", "weight": "heavy", "status": "new", "confidence": 1.5,
                            "labels": ["x", 2], "text": 5, "label": "A", "kind": ["b"]}]})",
             Format::NodeLink);
  EXPECT_EQ(
      graph.records()[0],
      R"({"kind":"entity","node":"a","qualifiers":[["confidence","1.5"],["kind","[\"b\"]"],)"
      R"(["labels","[\"x\",2]"],["status","new"],["text","5"],["weight","heavy"]],"text":"A"})");
}

TEST(NodeLink, WhatIsWrongIsNamedWithItsLineAndNothingIsCommitted) {
  const std::pair<std::string, const char*> cases[] = {
      {"",
       "f:1: is no JSON: column 1: syntax error while parsing value - unexpected end of input; "
       "expected '[', '{', or a literal"},
      {"[1]", "f:1: is no object: a graph is {\"nodes\": [...], \"links\": [...]}"},
      {"{\"links\": []}",
       "f:1: no \"nodes\": allowed is what networkx's node_link_data writes, an object with "
       "\"nodes\" and \"links\" or \"edges\""},
      {"{\"nodes\": {}}", "f:1: \"nodes\" is no list"},
      {"{\"nodes\": 3}", "f:1: \"nodes\" is no list"},
      {"{\"nodes\": [\n1]}", "f:2: \"nodes\" holds what is no object: nodes and edges are"},
      {"{\"nodes\": [\n\n{\"name\": 1}]}",
       "f:3: an element without \"id\": nodes have an id, edges a source and a target"},
      {"{\"nodes\": [{\"id\": [1, 2]}]}",
       "f:1: id = [1,2], allowed text, a number, true, false or null"},
      {"{\"nodes\": [{\"id\": \"\"}]}", "f:1: an empty name: give every node one"},
      {"{\"nodes\": [{\"id\": 5},\n {\"id\": \"5\"}]}",
       "f:2: id \"5\" is there as text and as another value, which would be one node: rename one"},
      {"{\"nodes\": [{\"id\": 5},\n\n {\"id\": 5}]}", "f:3: node \"5\" stands twice: leave one"},
      {"{\"nodes\": [{\"id\": 5, \"id\": 6}]}", "f:1: key \"id\" stands twice: leave one"},
      {"{\"nodes\": [{\"id\": 5}], \"edges\": [\n{\"source\": 5}]}",
       "f:2: an element without \"target\": nodes have an id, edges a source and a target"},
  };
  for (const auto& [text, expected] : cases) {
    Imported graph;
    EXPECT_EQ(graph.complaint(text, Format::NodeLink), expected);
    EXPECT_EQ(graph.store.history().head(), 0u);
  }
}

TEST(NodeLink, AKindThatDiffersIsRefused) {
  Imported graph;
  graph.read(R"({"nodes": [{"id": "a", "kind": "claim"}]})", Format::NodeLink);
  EXPECT_EQ(graph.complaint(R"({"nodes": [{"id": "a", "kind": "step"}]})", Format::NodeLink),
            "f:1: kind = step, but this node is there as claim, and a kind never changes: retire "
            "it, or give another key");
}

TEST(NodeLink, DeepAndLongThingsAreRefusedNotSwallowed) {
  const std::string deep(1'000'000, '[');
  Imported graph;
  EXPECT_EQ(graph.complaint("{\"nodes\": [{\"id\": 1, \"x\": " + deep, Format::NodeLink),
            "f:1: more than 64 arrays and objects within each other, which is the most allowed");
  EXPECT_EQ(graph.complaint("{\"graph\": " + deep, Format::NodeLink),
            "f:1: more than 64 arrays and objects within each other, which is the most allowed");
  const std::string text(kLongestLine, 'x');
  EXPECT_EQ(graph.complaint("{\"nodes\": [{\"id\": \"" + text + "\"}]}", Format::NodeLink),
            "f:1: a node, an edge or an attribute of more than 67108864 bytes, which is the most "
            "allowed");
}

}  // namespace
}  // namespace saggio::graph
