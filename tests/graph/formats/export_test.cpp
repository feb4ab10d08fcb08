// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "tests/graph/formats/random_graph.h"

// What stands in the files, written by hand; and what is lost.
namespace saggio::graph {
namespace {

// A claim with a weight, an entity, two parallel edges; one holds for a year.
constexpr const char* kRain =
    R"({"node": "rain", "kind": "claim", "text": "It <rained>.", "weight": 0.5, "qualifiers": {"size": 3}}
{"node": "wet"}
{"node": "a \"b\"", "status": "refuted", "confidence": 0.25}
{"edge": ["wet", "supports", "rain"], "ordinal": 0, "valid": ["2024-01-01", "2025-01-01"]}
{"edge": ["wet", "supports", "rain"], "ordinal": 1, "weight": 2}
{"edge": ["wet", "linked", "a \"b\""]}
)";

std::string rain(Format format, ExportReport* report = nullptr) {
  FromRecords graph(kRain);
  return exported(graph.store, format, report);
}

TEST(Export, GraphMl) {
  EXPECT_EQ(rain(Format::GraphMl), R"(<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
<key id="n0" for="node" attr.name="confidence" attr.type="double"/>
<key id="n1" for="node" attr.name="status" attr.type="string"/>
<key id="n2" for="node" attr.name="text" attr.type="string"/>
<key id="n3" for="node" attr.name="weight" attr.type="double"/>
<key id="n4" for="node" attr.name="size" attr.type="long"/>
<key id="e0" for="edge" attr.name="valid_from" attr.type="string"/>
<key id="e1" for="edge" attr.name="valid_to" attr.type="string"/>
<key id="e2" for="edge" attr.name="weight" attr.type="double"/>
<key id="kind" for="node" attr.name="kind" attr.type="string"/>
<key id="type" for="edge" attr.name="type" attr.type="string"/>
<graph edgedefault="directed">
<node id="rain"><data key="kind">claim</data><data key="n3">0.5</data><data key="n2">It &lt;rained&gt;.</data><data key="n4">3</data></node>
<node id="wet"/>
<node id="a &quot;b&quot;"><data key="n1">refuted</data><data key="n0">0.25</data></node>
<edge id="e0" source="wet" target="rain"><data key="type">supports</data><data key="e0">2024-01-01</data><data key="e1">2025-01-01</data></edge>
<edge id="e1" source="wet" target="rain"><data key="type">supports</data><data key="e2">2</data></edge>
<edge id="e2" source="wet" target="a &quot;b&quot;"/>
</graph>
</graphml>
)");
}

// The order of elements, the types of attributes and inclusive ends are those of gexf.net/1.3.
TEST(Export, Gexf) {
  EXPECT_EQ(rain(Format::Gexf), R"(<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://gexf.net/1.3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://gexf.net/1.3 http://gexf.net/1.3/gexf.xsd" version="1.3">
<meta><creator>saggio</creator></meta>
<graph defaultedgetype="directed" idtype="string" mode="dynamic" timeformat="date" timerepresentation="interval">
<attributes class="node">
<attribute id="n0" title="confidence" type="double"/>
<attribute id="n1" title="kind" type="string"/>
<attribute id="n2" title="status" type="string"/>
<attribute id="n3" title="weight" type="double"/>
<attribute id="n4" title="size" type="long"/>
</attributes>
<nodes count="3">
<node id="rain" label="It &lt;rained&gt;."><attvalues><attvalue for="n1" value="claim"/><attvalue for="n3" value="0.5"/><attvalue for="n4" value="3"/></attvalues></node>
<node id="wet" label="wet"/>
<node id="a &quot;b&quot;" label="a &quot;b&quot;"><attvalues><attvalue for="n2" value="refuted"/><attvalue for="n0" value="0.25"/></attvalues></node>
</nodes>
<edges count="3">
<edge id="0" source="wet" target="rain" kind="supports" label="supports" start="2024-01-01" end="2024-12-31"/>
<edge id="1" source="wet" target="rain" kind="supports" label="supports" weight="2"/>
<edge id="2" source="wet" target="a &quot;b&quot;" kind="linked" label="linked"/>
</edges>
</graph>
</gexf>
)");
}

TEST(Export, Dot) {
  EXPECT_EQ(rain(Format::Dot), R"(digraph {
"rain" ["kind"="claim", "weight"="0.5", "label"="It <rained>.", "size"="3"];
"wet";
"a \"b\"" ["status"="refuted", "confidence"="0.25"];
"wet" -> "rain" ["type"="supports", "valid_from"="2024-01-01", "valid_to"="2025-01-01"];
"wet" -> "rain" ["type"="supports", "weight"="2"];
"wet" -> "a \"b\"";
}
)");
}

TEST(Export, NodeLink) {
  EXPECT_EQ(rain(Format::NodeLink),
            R"({"directed": true, "multigraph": true, "graph": {}, "nodes": [
{"id":"rain","kind":"claim","size":3,"text":"It <rained>.","weight":0.5},
{"id":"wet"},
{"confidence":{"probability":0.25},"id":"a \"b\"","status":"refuted"}
], "edges": [
{"source":"wet","target":"rain","type":"supports","valid":["2024-01-01","2025-01-01"]},
{"source":"wet","target":"rain","type":"supports","weight":2.0},
{"source":"wet","target":"a \"b\"","type":"linked"}
]}
)");
}

TEST(Export, NTriples) {
  EXPECT_EQ(rain(Format::NTriples), R"(<urn:saggio:node:rain> <urn:saggio:attribute:kind> "claim" .
<urn:saggio:node:rain> <urn:saggio:attribute:weight> "0.5"^^<http://www.w3.org/2001/XMLSchema#double> .
<urn:saggio:node:rain> <urn:saggio:attribute:text> "It <rained>." .
<urn:saggio:node:rain> <urn:saggio:qualifier:size> "3" .
<urn:saggio:node:a%20%22b%22> <urn:saggio:attribute:kind> "entity" .
<urn:saggio:node:a%20%22b%22> <urn:saggio:attribute:status> "refuted" .
<urn:saggio:node:a%20%22b%22> <urn:saggio:attribute:confidence> "0.25"^^<http://www.w3.org/2001/XMLSchema#double> .
<urn:saggio:node:wet> <urn:saggio:type:supports> <urn:saggio:node:rain> .
_:saggio.edge.0 <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/1999/02/22-rdf-syntax-ns#Statement> .
_:saggio.edge.0 <http://www.w3.org/1999/02/22-rdf-syntax-ns#subject> <urn:saggio:node:wet> .
_:saggio.edge.0 <http://www.w3.org/1999/02/22-rdf-syntax-ns#predicate> <urn:saggio:type:supports> .
_:saggio.edge.0 <http://www.w3.org/1999/02/22-rdf-syntax-ns#object> <urn:saggio:node:rain> .
_:saggio.edge.0 <urn:saggio:attribute:valid_from> "2024-01-01" .
_:saggio.edge.0 <urn:saggio:attribute:valid_to> "2025-01-01" .
_:saggio.edge.1 <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/1999/02/22-rdf-syntax-ns#Statement> .
_:saggio.edge.1 <http://www.w3.org/1999/02/22-rdf-syntax-ns#subject> <urn:saggio:node:wet> .
_:saggio.edge.1 <http://www.w3.org/1999/02/22-rdf-syntax-ns#predicate> <urn:saggio:type:supports> .
_:saggio.edge.1 <http://www.w3.org/1999/02/22-rdf-syntax-ns#object> <urn:saggio:node:rain> .
_:saggio.edge.1 <urn:saggio:attribute:weight> "2"^^<http://www.w3.org/2001/XMLSchema#double> .
<urn:saggio:node:wet> <urn:saggio:type:linked> <urn:saggio:node:a%20%22b%22> .
)");
}

TEST(Export, ListsSayWhatTheyDoNotKeep) {
  ExportReport report;
  EXPECT_EQ(rain(Format::Csv, &report), R"(source,target,type,valid_from,valid_to,weight
wet,rain,supports,2024-01-01,2025-01-01,
wet,rain,supports,,,2
wet,"a ""b""",linked,,,
)");
  EXPECT_EQ(report.losses,
            (Lines{"1 confidences: CSV files of edges have none",
                   "1 kinds of nodes: CSV files of edges have none",
                   "1 lists of qualifiers: CSV files of edges have none",
                   "1 statuses: CSV files of edges have none",
                   "1 texts: CSV files of edges have none",
                   "1 weights of nodes: CSV files of edges have none"}));
  EXPECT_EQ(rain(Format::Edges, &report), "wet rain\nwet rain 2\nwet node2\n");
  EXPECT_EQ(
      report.losses[2],
      "1 keys with white space, a comma, or # or % first: each is called node and its number");
  EXPECT_EQ(report.losses.size(), 9u);
  EXPECT_EQ(rain(Format::Triples, &report),
            "wet\tsupports\train\nwet\tsupports\train\nwet\tlinked\ta \"b\"\n");
  EXPECT_EQ(report.nodes, 3u);
  EXPECT_EQ(report.edges, 3u);
}

TEST(Export, WhatIsWrittenIsThePointThatIsAskedFor) {
  FromRecords graph(kRain);
  graph.read("{\"retire\": \"rain\"}\n{\"node\": \"new\"}\n", Format::Records);
  EXPECT_EQ(exported(graph.store, Format::Edges), "wet node2\n");
  ExportReport report;
  EXPECT_EQ(exported(graph.store, Format::Edges, &report, {.as_of = {.version = 1}}),
            "wet rain\nwet rain 2\nwet node2\n");
  const auto year_2026 = TimeUs{1'767'225'600'000'000};
  EXPECT_EQ(
      exported(
          graph.store, Format::Triples, &report, {.as_of = {.version = 1, .world = year_2026}}),
      "wet\tsupports\train\nwet\tlinked\ta \"b\"\n");
}

TEST(Export, ControlCharactersAndForeignBytesAreWrittenAsTheirNumbersAndCounted) {
  Imported graph;
  graph.store.add_node(NodeKind::Entity,
                       {.text = "a\x01"
                                "b\xFF"},
                       "k\xFE");
  graph.store.add_node(NodeKind::Entity, {});
  graph.store.commit();
  ExportReport report;
  const std::string text = exported(graph.store, Format::GraphMl, &report);
  EXPECT_NE(text.find("<node id=\"k\\xfe\"><data key=\"n0\">a\\x01b\\xff</data></node>"),
            std::string::npos)
      << text;
  EXPECT_EQ(report.losses,
            (Lines{"1 control characters, which XML has not: written as \\xNN",
                   "1 keys that are no UTF-8: such bytes are written as \\xNN",
                   "1 nodes without a key: each is called node and its number"}));
  Imported again;
  again.read(text, Format::GraphMl);
  EXPECT_EQ(again.store.history().node_count(), 2u);
}

TEST(Export, ADocumentStandsBeforeItsSpansAndOneThatIsGoneIsCounted) {
  Imported graph;
  Store& store = graph.store;
  const NodeId late = store.add_node(NodeKind::Span, {}, "late");
  const NodeId document = store.add_node(NodeKind::Document, {}, "document");
  const NodeId gone = store.add_node(NodeKind::Document, {}, "gone");
  store.commit();
  store.revise_node(late, {.span = Span{document, 0, 1, 0, 1, ""}});
  store.add_node(NodeKind::Span, {.span = Span{gone, 0, 1, 0, 1, ""}}, "lost");
  store.commit();
  store.retire_node(gone);
  store.commit();
  ExportReport report;
  const std::string text = exported(store, Format::Records, &report);
  EXPECT_EQ(report.losses, (Lines{"1 spans: their documents are not there"}));
  FromRecords fresh(text);
  ASSERT_EQ(fresh.records().size(), 3u);
  EXPECT_EQ(fresh.records()[0], R"({"kind":"document","node":"document"})");
  EXPECT_NE(fresh.records()[1].find("\"document\":\"document\""), std::string::npos);
}

}  // namespace
}  // namespace saggio::graph
