// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "tests/graph/formats/imported.h"

namespace saggio::graph {
namespace {

// As model_dump(mode="json") prints Graphiti's models, the facts before the nodes.
constexpr const char* kJob = R"({
 "edges": [
  {"uuid": "f1", "group_id": "g", "source_node_uuid": "n1", "target_node_uuid": "n2",
   "created_at": "2024-03-01T00:00:00Z", "name": "WORKS_AT", "fact": "Ada works at Acme.",
   "fact_embedding": [0.1, 0.2], "episodes": ["e1", "e2"],
   "expired_at": "2024-04-02T00:00:00Z", "valid_at": "2024-01-01T00:00:00Z",
   "invalid_at": "2024-04-01T00:00:00.123456789Z", "attributes": {"role": "engineer", "name": "x"}},
  {"uuid": "f2", "group_id": "g", "source_node_uuid": "n1", "target_node_uuid": "n3",
   "created_at": "2024-04-02T00:00:00Z", "name": "WORKS_AT", "fact": "Ada works at Bolt.",
   "fact_embedding": null, "episodes": ["e2"], "expired_at": null,
   "valid_at": "2024-04-01T00:00:00Z", "invalid_at": null, "attributes": {}}],
 "episodic_edges": [{"uuid": "m1", "group_id": "g", "source_node_uuid": "e2",
   "target_node_uuid": "n1", "created_at": "2024-04-02T00:00:00Z"}],
 "nodes": [
  {"uuid": "n1", "name": "Ada", "group_id": "g", "labels": ["Entity", "Person"],
   "created_at": "2024-03-01T00:00:00Z", "name_embedding": [1.0], "summary": "An engineer.",
   "attributes": {"age": 36}},
  {"uuid": "n2", "name": "Acme", "group_id": "g", "labels": ["Entity"], "summary": "",
   "created_at": "2024-03-01T00:00:00Z"}],
 "episodes": [
  {"uuid": "e1", "name": "mail", "group_id": "g", "labels": [], "source": "text",
   "source_description": "a mail", "content": "Ada is at Acme.", "entity_edges": ["f1"],
   "created_at": "2024-03-01T00:00:00Z", "valid_at": "2024-02-29T12:00:00Z"}],
 "edge_reranker_scores": [0.5]
})";

TEST(Graphiti, NodesEpisodesAndFactsComeInWithTheirTimesAndSources) {
  Imported graph;
  const ImportReport report = graph.read(kJob, Format::Graphiti);
  EXPECT_EQ(
      graph.records(),
      (Lines{
          R"({"kind":"entity","labels":["Entity","Person"],"node":"n1","qualifiers":[["age","36"],)"
          R"(["created_at","2024-03-01T00:00:00Z"],["group_id","g"],["summary","An engineer."]],)"
          R"("text":"Ada"})",
          R"({"kind":"entity","labels":["Entity"],"node":"n2","qualifiers":[["created_at",)"
          R"("2024-03-01T00:00:00Z"],["group_id","g"],["summary",""]],"text":"Acme"})",
          R"({"kind":"episode","node":"e1","qualifiers":[["created_at","2024-03-01T00:00:00Z"],)"
          R"(["entity_edges","[\"f1\"]"],["group_id","g"],["name","mail"],["source","text"],)"
          R"(["source_description","a mail"]],"text":"Ada is at Acme.",)"
          R"("valid":["2024-02-29T12:00:00Z",null]})",
          R"({"kind":"entity","node":"n3"})",
          R"({"kind":"episode","node":"e2"})",
          R"({"edge":["n1","WORKS_AT","n2"],"ordinal":0,"provenance":{"experiment":"","model":"",)"
          R"("run":"","seed":0,"sources":["e1","e2"],"step":0},"qualifiers":[["created_at",)"
          R"("2024-03-01T00:00:00Z"],["expired_at","2024-04-02T00:00:00Z"],["group_id","g"],)"
          R"(["name","x"],["role","engineer"],["uuid","f1"]],"status":"contradicted",)"
          R"("text":"Ada works at Acme.","valid":["2024-01-01","2024-04-01T00:00:00.123456Z"]})",
          R"({"edge":["n1","WORKS_AT","n3"],"ordinal":0,"provenance":{"experiment":"","model":"",)"
          R"("run":"","seed":0,"sources":["e2"],"step":0},"qualifiers":[["created_at",)"
          R"("2024-04-02T00:00:00Z"],["group_id","g"],["uuid","f2"]],)"
          R"("text":"Ada works at Bolt.","valid":["2024-04-01",null]})",
          R"({"edge":["e2","MENTIONS","n1"],"ordinal":0,"qualifiers":[["created_at",)"
          R"("2024-04-02T00:00:00Z"],["group_id","g"],["uuid","m1"]]})"}));
  EXPECT_EQ(report.notes,
            (Lines{R"(not kept: "edge_reranker_scores" = [0.5])",
                   "2 of the nodes stand only at the ends of edges",
                   "not kept: 2 embeddings"}));
}

TEST(Graphiti, WhatWasTrueInMarchIsAsked) {
  Imported graph;
  graph.read(kJob, Format::Graphiti);
  const History& history = graph.store.history();
  const NodeId ada = *history.find_node("n1");
  const auto facts = [&](TimeUs time) { return history.out(ada, {.world = time}); };
  const TimeUs march = TimeUs{1'710'000'000} * 1'000'000;  // 2024-03-09T16:00
  const TimeUs may = TimeUs{1'715'000'000} * 1'000'000;    // 2024-05-06T12:53:20
  EXPECT_EQ(facts(march), std::vector<EdgeId>{0});
  EXPECT_EQ(facts(may), std::vector<EdgeId>{1});
}

TEST(Graphiti, AFactThatWasGivenUpWithoutAnEndIsSuperseded) {
  Imported graph;
  graph.read(R"({"facts": [{"source_node_uuid": "a", "target_node_uuid": "b",
                            "expired_at": "2024-01-01T00:00:00Z"}]})",
             Format::Graphiti);
  EXPECT_EQ(graph.store.history().edge(0)->attributes.status, Status::Superseded);
  EXPECT_EQ(graph.store.history().types()[0], "RELATES_TO");
}

TEST(Graphiti, TheSameExportAgainChangesNothing) {
  Imported graph;
  graph.read(kJob, Format::Graphiti);
  EXPECT_EQ(graph.read(kJob, Format::Graphiti).unchanged, 6u);  // 3 nodes, 3 edges
  EXPECT_EQ(graph.store.history().head(), 1u);
}

TEST(Graphiti, BadElementsAreNamed) {
  const std::string lists =
      "no list of nodes or edges: allowed is an object with the lists nodes, episodes, edges, or "
      "entity_nodes, episodic_nodes, community_nodes, entity_edges, episodic_edges, "
      "community_edges";
  const std::string ids = "nodes have a uuid, edges a source_node_uuid and a target_node_uuid";
  const std::pair<const char*, std::string> cases[] = {
      {"[]", "1: " + lists},
      {"{\n}", "2: " + lists},
      {"{\"nodes\": 1}", "1: \"nodes\" is no list"},
      {"{\"edges\": [\n[]]}", "2: \"edges\" holds what is no object: nodes and edges are"},
      {"{\"nodes\": [{}]}", "1: an element without \"uuid\": " + ids},
      {"{\"nodes\": [{\"uuid\": 1}]}", "1: uuid = 1, allowed text"},
      {"{\"edges\": [{\"source_node_uuid\": \"a\"}]}",
       "1: an element without \"target_node_uuid\": " + ids},
      {"{\"nodes\": [{\"uuid\": \"a\", \"labels\": [1]}]}",
       "1: labels = [1], allowed a list of texts"},
      {"{\"episodes\": [{\"uuid\": \"a\", \"valid_at\": \"soon\"}]}",
       "1: valid_at = \"soon\", allowed a date or time like 2024-02-29T12:30:00Z"},
      {"{\"nodes\": [{\"uuid\": \"a\"},\n{\"uuid\": \"a\"}]}",
       "2: node \"a\" stands twice: leave one"}};
  for (const auto& [text, complaint] : cases) {
    Imported graph;
    EXPECT_EQ(graph.complaint(text, Format::Graphiti), "f:" + complaint) << text;
  }
}

}  // namespace
}  // namespace saggio::graph
