// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "tests/graph/formats/imported.h"

// Files as other programs write them: GraphML, GEXF, DOT, N-Triples and CSV.
namespace saggio::graph {
namespace {

struct Case {
  const char* what;
  Format format;
  std::string text;
  Lines records, notes;
};

void check(const Case& c) {
  Imported graph;
  const ImportReport report = graph.read(c.text, c.format);
  EXPECT_EQ(graph.records(), c.records) << c.what;
  EXPECT_EQ(report.notes, c.notes) << c.what;
  graph.read(c.text, c.format);
  EXPECT_EQ(graph.store.history().head(), 1u) << c.what << ", again";
}

std::string node(const std::string& key) { return R"({"kind":"entity","node":")" + key + "\"}"; }
std::string edge(const std::string& source,
                 const std::string& type,
                 const std::string& target,
                 const std::string& more = "") {
  return "{\"edge\":[\"" + source + "\",\"" + type + "\",\"" + target + "\"],\"ordinal\":0" + more +
         "}";
}

TEST(GraphMl, AsNetworkxWritesIt) {
  check({"networkx 3.6.1, write_graphml of a MultiDiGraph",
         Format::GraphMl,
         R"(<?xml version='1.0' encoding='utf-8'?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
  <key id="d1" for="edge" attr.name="weight" attr.type="double" />
  <key id="d0" for="node" attr.name="colour" attr.type="string" />
  <graph edgedefault="directed">
    <node id="a">
      <data key="d0">red</data>
    </node>
    <node id="b" />
    <edge source="a" target="b" id="0">
      <data key="d1">0.5</data>
    </edge>
    <edge source="a" target="b" id="since" />
  </graph>
</graphml>
)",
         {R"({"kind":"entity","node":"a","qualifiers":[["colour","red"]]})",
          node("b"),
          edge("a", "linked", "b", R"(,"weight":0.5)"),
          R"({"edge":["a","linked","b"],"ordinal":1,"qualifiers":[["id","since"]]})"},
         {}});
}

TEST(GraphMl, AsIgraphWritesIt) {
  check({"igraph 1.0",
         Format::GraphMl,
         R"(<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<!-- Created by igraph -->
  <key id="v_name" for="node" attr.name="name" attr.type="string"/>
  <key id="e_relation" for="edge" attr.name="relation" attr.type="string"/>
  <graph id="G" edgedefault="undirected">
    <node id="n0">
      <data key="v_name">a</data>
    </node>
    <node id="n1">
      <data key="v_name">b</data>
    </node>
    <edge source="n0" target="n1">
      <data key="e_relation">knows</data>
    </edge>
  </graph>
</graphml>
)",
         {node("a"), node("b"), edge("a", "knows", "b")},
         {"the graph is undirected: each edge stands once, as it is written"}});
}

TEST(GraphMl, AsYedWritesIt) {
  check(
      {"yEd 3",
       Format::GraphMl,
       R"(<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:y="http://www.yworks.com/xml/graphml">
<key for="node" id="d6" yfiles.type="nodegraphics"/>
<key attr.name="description" attr.type="string" for="node" id="d5"><default>none</default></key>
<graph edgedefault="directed" id="G">
<edge id="e0" source="n0" target="n1::n0"/>
<node id="n0"><data key="d5"><![CDATA[a & b]]></data><data key="d6"><y:ShapeNode><y:Geometry height="30.0"/>
<y:NodeLabel alignment="center"> Rain<y:LabelModel/></y:NodeLabel></y:ShapeNode></data></node>
<node id="n1" yfiles.foldertype="group"><graph edgedefault="directed" id="n1:"><node id="n1::n0"/></graph></node>
</graph></graphml>)",
       {R"({"kind":"entity","node":"n0","qualifiers":[["description","a & b"]],"text":"Rain"})",
        R"({"kind":"entity","node":"n1::n0","qualifiers":[["description","none"]]})",
        R"({"kind":"entity","node":"n1","qualifiers":[["description","none"]]})",
        edge("n0", "linked", "n1::n0")},
       {"not kept: 1 drawings",
        "not kept: 1 nodes with a graph in them: its nodes and edges stand beside them"}});
}

TEST(Gexf, AsTheSpecificationAndGephiWriteIt) {
  check(
      {"GEXF 1.2 and 1.3",
       Format::Gexf,
       R"(<gexf xmlns="http://www.gexf.net/1.2draft" xmlns:viz="http://www.gexf.net/1.2draft/viz" version="1.2">
<meta lastmodifieddate="2009-03-20"><creator>Gexf.net</creator></meta>
<graph mode="dynamic" defaultedgetype="directed" timeformat="date">
<attributes class="node" mode="static"><attribute id="0" title="url" type="string"/>
<attribute id="1" title="frog" type="boolean"><default>true</default></attribute></attributes>
<nodes><node id="0" label="Gephi" start="2009-03-01" end="2009-03-10"><attvalues><attvalue for="0" value="http://gephi.org"/></attvalues>
<viz:color r="1" g="2" b="3"/></node>
<node id="1" label="1"><spells><spell start="2009-01-01" end="2009-01-15"/><spell start="2009-01-30"/></spells></node></nodes>
<edges><edge id="0" source="0" target="1" kind="knows" weight="0.5"/><edge id="u-1" source="0" target="1" label="likes"/></edges>
</graph></gexf>)",
       {R"({"kind":"entity","node":"0","qualifiers":[["url","http://gephi.org"],["frog","true"]],"text":"Gephi","valid":["2009-03-01","2009-03-11"]})",
        R"({"kind":"entity","node":"1","qualifiers":[["frog","true"],["spells","[2009-01-01, 2009-01-15]; [2009-01-30, ]"]]})",
        edge("0", "likes", "1", R"(,"qualifiers":[["id","u-1"]])"),
        edge("0", "knows", "1", R"(,"weight":0.5)")},
       {"not kept: 1 drawings"}});
}

TEST(Dot, TheLanguageAsGraphvizPrintsIt) {
  check(
      {"dot -Tcanon, and by hand",
       Format::Dot,
       "/* a */ strict digraph \"G\" {\n# b\n\tgraph [rankdir=LR];\n\tnode [label=\"\\N\", "
       "shape=box];\n"
       "\tsubgraph cluster0 {\n\t\ta -> b -> \"c d\"\t[weight=2,\n\t\t\tcolor=red];\n\t}\n"
       "a [label=\"two\\nlines\" text2=\"long \" + \"er\"]; // c\nb:port:n -> {a e}\nedge "
       "[type=knows] e -> -1.5\n}\n",
       {R"({"kind":"entity","node":"a","qualifiers":[["shape","box"],["text2","long er"]],"text":"two\nlines"})",
        R"({"kind":"entity","node":"b","qualifiers":[["shape","box"]]})",
        R"({"kind":"entity","node":"c d","qualifiers":[["shape","box"]]})",
        R"({"kind":"entity","node":"e","qualifiers":[["shape","box"]]})",
        R"({"kind":"entity","node":"-1.5","qualifiers":[["shape","box"]]})",
        edge("a", "linked", "b", R"(,"qualifiers":[["color","red"]],"weight":2.0)"),
        edge("b", "linked", "c d", R"(,"qualifiers":[["color","red"]],"weight":2.0)"),
        edge("b", "linked", "a"),
        edge("b", "linked", "e"),
        edge("e", "knows", "-1.5")},
       {"the graph is strict: edges that stand twice are two here",
        "not kept: 1 attributes of the graph",
        "not kept: 1 ports of edges",
        "not kept: 2 subgraphs: their nodes and edges stand beside the others"}});
}

TEST(NTriples, OfTheSpecification) {
  check(
      {"W3C",
       Format::NTriples,
       "# c\n<http://a/s> <http://a/p> <http://a/o> . # d\n\n"
       "_:alice <http://a/knows> _:bob .\n"
       "<http://a/s> <http://a/label> \"caf\\u00E9\\t\\\"\"@fr-be .\n"
       "<http://a/s> <http://a/n> \"1\"^^<http://www.w3.org/2001/XMLSchema#int>.\n"
       "<http://a/s> <http://a/p> <http://a/o> .\n",
       {R"({"kind":"entity","node":"http://a/s","qualifiers":[["http://a/label","\"café\t\\\"\"@fr-be"],["http://a/n","\"1\"^^<http://www.w3.org/2001/XMLSchema#int>"]]})",
        node("http://a/o"),
        node("_:alice"),
        node("_:bob"),
        edge("http://a/s", "http://a/p", "http://a/o"),
        edge("_:alice", "http://a/knows", "_:bob")},
       {"2 blank nodes: their keys are the labels of this file"}});
}

TEST(Csv, WithAHeaderAndWithout) {
  check(
      {"with",
       Format::Csv,
       "\xEF\xBB\xBFSource,Target,weight,\"a, b\"\r\nx,\"y "
       "\"\"z\"\"\",0.5,\"two\nlines\"\r\n\r\nx,x,,\r\n",
       {node("x"),
        node(R"(y \"z\")"),
        edge("x", "linked", R"(y \"z\")", R"(,"qualifiers":[["a, b","two\nlines"]],"weight":0.5)"),
        edge("x", "linked", "x")},
       {}});
  check({"without",
         Format::Csv,
         "# c\na, b ,0.5\nb,c\n",
         {node("a"),
          node("b"),
          node("c"),
          edge("a", "linked", "b", R"(,"weight":0.5)"),
          edge("b", "linked", "c")},
         {}});
}

TEST(Foreign, WhatIsWrongIsNamedWithItsLine) {
  const struct {
    Format format;
    const char *text, *line;
  } cases[] = {
      {Format::GraphMl, "<gexf/>", "f:1: the root element is <gexf>, expected <graphml>"},
      {Format::GraphMl,
       "<graphml><graph>\n<node/></graph></graphml>",
       "f:2: <node> without its attribute id"},
      {Format::GraphMl,
       "<graphml><graph>\n<node id='a'><data key='d'>1</data></node></graph></graphml>",
       "f:2: <data> of the key \"d\", which no <key> before it has as its id"},
      {Format::GraphMl,
       "<graphml><graph><node id='a'/>\n<node id='a'/></graph></graphml>",
       "f:2: node \"a\" stands twice: leave one"},
      {Format::Gexf,
       "<gexf><graph>\n<nodes>",
       "f:2: the end of the file within an element: it is not whole"},
      {Format::Dot, "a -> b", "f:1: \"a\", expected graph or digraph: is this DOT?"},
      {Format::Dot, "digraph {\na -- b}", "f:2: -- in a digraph: allowed is ->"},
      {Format::Dot, "digraph { a [x=] }", "f:1: \"]\", expected a name"},
      {Format::Dot,
       "graph {}\ngraph {}",
       "f:2: a second graph: allowed is one in a file; split it"},
      {Format::NTriples,
       "<a:a> <a:b> <a:c>\n",
       "f:1: the end of the line, expected the . that ends a triple"},
      {Format::NTriples, "<a:a> _:b <a:c> .\n", "f:1: a predicate that is no IRI"},
      {Format::NTriples,
       "<a> <a:b> <a:c> .\n",
       "f:1: <a> is no absolute IRI: it begins by a scheme like https:"},
      {Format::Csv, "a,b\n\nb,c,much\n", "f:3: weight = \"much\", allowed a finite number"},
      {Format::Csv,
       "source,target\na\n",
       "f:2: 1 fields, but the header has 2: put texts with commas into quotes"},
      {Format::Csv, "a,\"b\n\n", "f:1: a double quote that nothing closes"},
  };
  for (const auto& c : cases) {
    Imported graph;
    EXPECT_EQ(graph.complaint(c.text, c.format), c.line);
    EXPECT_EQ(graph.store.history().head(), 0u);
  }
}

}  // namespace
}  // namespace saggio::graph
