// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "graph/formats/time_text.h"
#include "tests/graph/formats/imported.h"

namespace saggio::graph {
namespace {

// A record of each kind with everything that it may say, as this program writes it.
const Lines kEverything = {
    R"({"confidence":{"logit":-1.5,"method":"vote of 8","probability":0.8},"kind":"claim",)"
    R"("labels":["a","b"],"node":"rain","provenance":{"experiment":"e","model":"m","run":"r",)"
    R"("seed":18446744073709551615,"sources":["s1","s2"],"step":-3},"qualifiers":[["z","1"],)"
    R"(["a","2"],["a","2"]],"rule":"wet implies rain","status":"refuted","text":"It rained.",)"
    R"("valid":["2024-02-29","2024-03-01T12:30:00.000001Z"],"weight":0.1})",
    R"({"kind":"document","node":"log","text":"the whole text"})",
    R"({"kind":"span","node":"line","span":{"bytes":[4,9],"document":"log","tokenizer":"bpe",)"
    R"("tokens":[1,2]},"valid":[null,"without end"]})",
    R"({"kind":"entity","node":"e","valid":["since ever",null]})",
    R"({"edge":["line","supports","rain"],"ordinal":0,"weight":0.25})",
    R"({"edge":["line","supports","rain"],"ordinal":1,"status":"supported"})"};

TEST(Records, WhatWasAppendedIsWhatIsThere) {
  Imported graph;
  const ImportReport report = graph.read(joined(kEverything), Format::Records);
  EXPECT_EQ(graph.records(), kEverything);
  EXPECT_EQ(report.nodes_added, 4u);
  EXPECT_EQ(report.edges_added, 2u);
  EXPECT_EQ(graph.store.history().head(), 1u);

  const Attributes rain = graph.store.history().node(0)->attributes;
  EXPECT_EQ(rain.weight, 0.1f);
  EXPECT_EQ(rain.provenance->seed, UINT64_MAX);
  EXPECT_EQ(rain.valid.from, 1709164800 * TimeUs{1'000'000});  // date -d 2024-02-29 +%s
  EXPECT_EQ(graph.store.history().node(2)->attributes.span->document, 1u);
}

TEST(Records, TheSameLinesAgainChangeNothing) {
  Imported graph;
  const std::string text = joined(kEverything);
  graph.read(text + text, Format::Records);
  EXPECT_EQ(graph.read(text, Format::Records).unchanged, 6u);
  EXPECT_EQ(graph.store.history().head(), 1u);
  EXPECT_EQ(graph.store.history().node_count(), 4u);
  EXPECT_EQ(graph.store.history().edge_count(), 2u);
}

TEST(Records, ALongTextIsComparedByItsHash) {
  Imported graph;
  const std::string line = R"({"node":"d","text":")" + std::string(100'000, 'x') + "\"}";
  graph.read(line, Format::Records);
  ASSERT_TRUE(graph.store.history().node(0)->attributes.packed.has_value());
  EXPECT_EQ(graph.read(line, Format::Records).unchanged, 1u);
  EXPECT_EQ(graph.read(R"({"node":"d","text":"y"})", Format::Records).nodes_revised, 1u);
}

TEST(Records, ALineThatDiffersRevisesAlsoWithinOneAppend) {
  Imported graph;
  const ImportReport report = graph.read(R"({"node":"a","text":"1"})"
                                         "\r\n\r\n"
                                         R"({"node":"a","text":"2"})"
                                         "\n"
                                         R"({"node":"a","text":"2"})"
                                         "\n"
                                         R"({"edge":["a","is","a"]})"
                                         "\n"
                                         R"({"edge":["a","is","a"],"weight":2})",
                                         Format::Records);
  EXPECT_EQ(report.nodes_added, 1u);
  EXPECT_EQ(report.nodes_revised, 1u);
  EXPECT_EQ(report.edges_added, 1u);
  EXPECT_EQ(report.edges_revised, 1u);
  EXPECT_EQ(report.unchanged, 1u);
  EXPECT_EQ(report.lines, 6u);
  EXPECT_EQ(report.blank, 1u);
  EXPECT_EQ(report.carriage_returns, 2u);
  EXPECT_EQ(graph.store.history().node(0)->attributes.text, "2");
  EXPECT_EQ(graph.store.history().edge(0)->attributes.weight, 2);
  EXPECT_EQ(graph.store.history().node_revisions(0).size(), 1u);
}

TEST(Records, ANodeWithoutAKeyHasThatOfItsText) {
  Imported graph;
  const std::string line = R"({"node":null,"kind":"claim","text":"It rained."})";
  graph.read(line, Format::Records);
  EXPECT_EQ(graph.store.history().node(0)->key, default_key(NodeKind::Claim, "It rained."));
  EXPECT_EQ(graph.read(line, Format::Records).unchanged, 1u);
}

TEST(Records, WhatIsRetiredIsGoneAndComesBackAsAnother) {
  const std::string made = R"({"node":"a"})"
                           "\n"
                           R"({"node":"b"})"
                           "\n"
                           R"({"edge":["a","is","b"]})"
                           "\n";
  const std::string edge_gone = R"({"retire":["a","is","b"]})", node_gone = R"({"retire":"b"})";
  for (const bool at_once : {false, true}) {  // within one append, and in several
    Imported graph;
    ImportReport report;
    const auto read = [&](const std::string& text) { report = graph.read(text, Format::Records); };
    if (at_once) {
      read(made + edge_gone + "\n" + edge_gone + "\n" + made + node_gone + "\n");
    } else {
      read(made);
      read(edge_gone);
      EXPECT_EQ(report.edges_retired, 1u);
      read(edge_gone);
      EXPECT_EQ(report.passed_over, 1u);
      read(made);
      EXPECT_EQ(report.edges_added, 1u);
      EXPECT_EQ(report.unchanged, 2u);
      read(node_gone);
    }
    EXPECT_EQ(report.nodes_retired, 1u);
    EXPECT_EQ(graph.records(), Lines{R"({"kind":"entity","node":"a"})"});
    EXPECT_EQ(graph.store.history().edge_count(), 2u);
    read(node_gone + "\n" + edge_gone);
    EXPECT_EQ(report.passed_over, 2u);
    read(made);
    EXPECT_EQ(report.nodes_added, 1u);
    EXPECT_EQ(graph.store.history().edges(), std::vector<EdgeId>{2});
  }
}

TEST(Records, AnOrdinalNamesOneOfParallelEdges) {
  Imported graph;
  const Lines lines = {R"({"node":"a"})",
                       R"({"edge":["a","is","a"],"ordinal":0})",
                       R"({"edge":["a","is","a"],"ordinal":1})",
                       R"({"edge":["a","is","a"],"ordinal":1,"weight":3})",
                       R"({"retire":["a","is","a"],"ordinal":0})"};
  const ImportReport report = graph.read(joined(lines), Format::Records);
  EXPECT_EQ(report.edges_added, 2u);
  EXPECT_EQ(report.edges_revised, 1u);
  EXPECT_EQ(graph.store.history().edges(), std::vector<EdgeId>{1});

  const ImportReport again = graph.read(joined(lines), Format::Records);
  EXPECT_EQ(graph.store.history().head(), 2u);  // the second edge lost and got its weight again
  EXPECT_EQ(again.passed_over, 2u);             // the first one is retired and stays so
  EXPECT_EQ(graph.complaint(R"({"edge":["a","is","a"],"ordinal":3})", Format::Records),
            "f:1: ordinal = 3, allowed 0..2: there are 2 edges of these ends and type");
}

TEST(Records, EverySoManyAreOneVersion) {
  Imported graph;
  std::string text;
  for (int i = 0; i < 10; ++i) text += R"({"node":")" + std::to_string(i) + "\"}\n\n";
  const auto by_three = [](std::istream& in, Store& store) {
    return append_records(in, store, {}, 3);
  };
  graph.read(text, by_three);
  EXPECT_EQ(graph.store.history().head(), 4u);
  EXPECT_EQ(graph.store.history().nodes({.version = 3}).size(), 9u);
  graph.read(text, by_three);
  EXPECT_EQ(graph.store.history().head(), 4u);
}

TEST(Records, WhatIsWrongIsNamedWithItsLineAndNothingIsCommitted) {
  const std::pair<std::string, const char*> cases[] = {
      {"{\"node\":\"a\"}\n\n{\"node\":nul}",
       "f:3: is no JSON: column 12: syntax error while parsing value - invalid literal, near "
       "\"\"node\":nul}\""},
      {"{\"node\":\"a\"} {}",
       "f:1: is no JSON: column 14: syntax error while parsing value - unexpected '{'; expected "
       "end "
       "of input"},
      {"[1]",
       "f:1: is no object: a record is {\"node\": ...}, {\"edge\": ...} or {\"retire\": ...}"},
      {"{\"nodes\":\"a\"}",
       "f:1: 0 of the keys \"node\", \"edge\", \"retire\", allowed one of them"},
      {"{\"node\":\"a\",\"retire\":\"a\"}",
       "f:1: 2 of the keys \"node\", \"edge\", \"retire\", allowed one of them"},
      {"{\"node\":\"a\",\"wieght\":1}",
       "f:1: unknown key \"wieght\", allowed: node, kind, text, status, weight, confidence, valid, "
       "span, embedding, rule, labels, qualifiers, provenance; what else there is to say goes into "
       "qualifiers"},
      {"{\"node\":\"a\",\"node\":\"b\"}", "f:1: key \"node\" stands twice: leave one"},
      {"{\"node\":\"\"}",
       "f:1: node = \"\", allowed a text that is not empty, or null for a node "
       "with a text"},
      {"{\"node\":\"a\",\"kind\":\"idea\"}",
       "f:1: kind = \"idea\", allowed claim, evidence, step, question, answer, entity, "
       "relation_type, document, span, episode, hypothesis, tool_result"},
      {"{\"node\":\"a\",\"weight\":1e39}", "f:1: weight = 1e+39, allowed a finite number"},
      {"{\"node\":\"a\",\"weight\":1e999}", "f:1: is no JSON: number overflow parsing '1e999'"},
      {"{\"node\":\"a\",\"confidence\":1.5}",
       "f:1: confidence = 1.5, allowed a probability 0..1, or an object of probability, logit, "
       "method"},
      {"{\"node\":\"a\",\"valid\":[\"2024-02-30\",null]}",
       "f:1: valid = [\"2024-02-30\",null], allowed [from, to], each an ISO date or time, "
       "microseconds since 1970, null for not known, \"since ever\" or \"without end\""},
      {"{\"node\":\"a\",\"valid\":[2,1]}",
       "f:1: valid from 2 to 1: the end must lie after the beginning"},
      {"{\"node\":\"a\",\"span\":{\"document\":\"b\"}}",
       "f:1: span = {\"document\":\"b\"}, allowed an object of document (the key of a node "
       "that "
       "is there), bytes [begin, end], tokens [begin, end], tokenizer"},
      {"{\"node\":\"a\",\"embedding\":{\"table\":\"t\",\"row\":0}}",
       "f:1: embedding = {\"row\":0,\"table\":\"t\"}, allowed an object of table (the name of "
       "one "
       "that is there) and row"},
      {"{\"node\":\"a\",\"provenance\":{\"seed\":-1}}",
       "f:1: provenance = {\"seed\":-1}, allowed an object of run, experiment, step, seed, "
       "model, "
       "sources (a list of texts)"},
      {"{\"node\":\"a\"}\n{\"edge\":[\"a\",\"is\"]}",
       "f:2: edge = [\"a\",\"is\"], allowed [source key, type, target key]"},
      {"{\"node\":\"a\"}\n{\"edge\":[\"a\",\"is\",\"b\"]}",
       "f:2: no node has the key \"b\": give its record before its edges"},
      {"{\"node\":\"a\"}\n{\"edge\":[\"a\",\"\",\"a\"]}",
       "f:2: edge type \"\": allowed is a name of one line that is not empty"},
      {"{\"node\":\"a\"}\n{\"edge\":[\"a\",\"is\",\"a\"],\"ordinal\":-1}",
       "f:2: ordinal = -1, allowed 0..0: there are 0 edges of these ends and type"},
      {"{\"node\":\"a\",\"kind\":\"claim\"}\n{\"node\":\"a\",\"kind\":\"step\"}",
       "f:2: kind = step, but this node is there as claim, and a kind never changes: retire it "
       "first, or give another key"},
      {"{\"retire\":3}",
       "f:1: retire = 3, allowed a node's key, or [source key, type, target key]"},
      {"{\"retire\":\"a\",\"text\":\"b\"}",
       "f:1: key \"text\" beside \"retire\", allowed: ordinal, of an edge"},
  };
  for (const auto& [text, expected] : cases) {
    Imported graph;
    EXPECT_EQ(graph.complaint(text, Format::Records), expected);
    EXPECT_EQ(graph.store.history().head(), 0u);
  }
}

TEST(Records, AMillionBracketsAreRefused) {
  Imported graph;
  for (const char* open : {"[", "{\"a\":"}) {
    std::string deep;
    for (int i = 0; i < 1'000'000; ++i) deep += open;
    EXPECT_EQ(graph.complaint("{\"node\":\"a\",\"qualifiers\":{\"x\":" + deep, Format::Records),
              "f:1: more than 64 arrays and objects within each other, which is the most allowed");
  }
}

TEST(Records, QualifiersMayBeAnObjectAndHoldMoreThanTexts) {
  Imported graph;
  graph.read(R"({"node":"a","qualifiers":{"b":1,"a":[true,null],"c":"x"},"confidence":0.5})",
             Format::Records);
  EXPECT_EQ(graph.records()[0],
            R"({"confidence":{"probability":0.5},"kind":"entity","node":"a",)"
            R"("qualifiers":[["a","[true,null]"],["b","1"],["c","x"]]})");
}

TEST(TimeText, DatesAndTimesAreReadInUtc) {
  const auto seconds = [](int64_t s) { return std::optional<TimeUs>(s * 1'000'000); };
  EXPECT_EQ(parse_time("1970-01-01"), seconds(0));
  EXPECT_EQ(parse_time("2000-03-01T00:00"), seconds(951868800));  // date -u -d 2000-03-01 +%s
  EXPECT_EQ(parse_time("2026-11-21 23:59:59Z"), seconds(1795305599));
  EXPECT_EQ(parse_time("2026-11-22T01:59:59+02:00"), seconds(1795305599));
  EXPECT_EQ(parse_time("2026-11-21T20:29:59-03:30"), seconds(1795305599));
  EXPECT_EQ(parse_time("1970-01-01T00:00:00.25"), std::optional<TimeUs>(250'000));
  EXPECT_EQ(parse_time("1969-12-31T23:59:59.999999Z"), std::optional<TimeUs>(-1));
  for (const char* bad : {"",
                          "2024",
                          "2024-1-1",
                          "2024-02-30",
                          "2024-13-01",
                          "0000-01-01",
                          "2024-01-01T",
                          "yesterday",
                          "2024-01-01T24:00",
                          "2024-01-01T12",
                          "2024-01-01T12:60",
                          "2024-01-01T12:00:60",
                          "2024-01-01x",
                          "2024-01-01T12:00:00.",
                          "2024-01-01T12:00:00.1234567",
                          "2024-01-01T12:00+1",
                          "-024-01-01"})
    EXPECT_EQ(parse_time(bad), std::nullopt) << bad;
}

TEST(TimeText, WhatIsWrittenIsReadAgain) {
  for (const TimeUs time : {TimeUs{0},
                            TimeUs{-1},
                            TimeUs{1},
                            TimeUs{86'400'000'000},
                            TimeUs{-62'135'596'800'000'000},
                            TimeUs{253'402'300'799'999'999}})
    EXPECT_EQ(parse_time(time_text(time)), std::optional<TimeUs>(time)) << time_text(time);
  EXPECT_EQ(time_text(-62'135'596'800'000'000), "0001-01-01");
  EXPECT_EQ(time_text(253'402'300'799'999'999), "9999-12-31T23:59:59.999999Z");
  EXPECT_EQ(time_text(253'402'300'800'000'000), "253402300800000000");
  EXPECT_EQ(second_text(-1), "1969-12-31 23:59:59");
}

}  // namespace
}  // namespace saggio::graph
