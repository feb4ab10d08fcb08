// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/graph/formats/imported.h"

namespace saggio::graph {
namespace {

constexpr const char* kTrace = "0af7651916cd43dd8448eb211c80319c";

// An agent asks a model, which calls a tool and, told its result, answers. Children stand before
// their parent, as exporters write them.
std::string agent() {
  const std::string trace = kTrace;
  const auto attribute = [](const std::string& key, const std::string& value) {
    return R"({"key":")" + key + R"(","value":)" + value + "}";
  };
  const auto text = [](const std::string& value) {
    return nlohmann::json{{"stringValue", value}}.dump();
  };
  const auto span = [&](const std::string& id, const std::string& parent, const std::string& rest) {
    return R"({"traceId":")" + trace + R"(","spanId":")" + id + R"(","parentSpanId":")" + parent +
           R"(",)" + rest + "}";
  };
  const std::string ask =
      R"([{"role":"user","parts":[{"type":"text","content":"Rain in Paris?"}]}])";
  const std::string call =
      R"([{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"weather"}]}])";
  const std::string told =
      R"([{"role":"user","parts":[{"type":"text","content":"Rain in Paris?"}]},)"
      R"({"role":"tool","parts":[{"type":"tool_call_response","id":"c1","result":"rainy"}]}])";
  const std::string answer =
      R"([{"role":"assistant","parts":[{"type":"text","content":"Yes."}],"finish_reason":"stop"}])";
  const std::string spans =
      span("00000000000000a1",
           "00000000000000a0",
           R"("name":"chat m","kind":3,"startTimeUnixNano":"1700000000000000000",)"
           R"("endTimeUnixNano":1700000001000000500,"attributes":[)" +
               attribute("gen_ai.operation.name", text("chat")) + "," +
               attribute("gen_ai.usage.input_tokens", R"({"intValue":"12"})") + "," +
               attribute("gen_ai.input.messages", text(ask)) + "," +
               attribute("gen_ai.output.messages", text(call)) + "]") +
      ",\n" +
      span("00000000000000A2",
           "00000000000000a0",
           R"("name":"execute_tool weather","attributes":[)" +
               attribute("gen_ai.operation.name", text("execute_tool")) + "," +
               attribute("gen_ai.tool.call.id", text("c1")) + "," +
               attribute("gen_ai.tool.call.result", text("rainy")) + "]") +
      ",\n" +
      span("00000000000000a3",
           "00000000000000a0",
           R"("name":"chat m","attributes":[)" + attribute("gen_ai.operation.name", text("chat")) +
               "," + attribute("gen_ai.input.messages", text(told)) + "," +
               attribute("gen_ai.output.messages", text(answer)) + R"(],"links":[{"traceId":")" +
               trace + R"(","spanId":"00000000000000a1","attributes":[)" +
               attribute("why", text("same chat")) + "]}]") +
      ",\n" +
      span("00000000000000a0",
           "",
           R"("name":"invoke_agent","status":{"code":2,"message":"late"},"attributes":[)" +
               attribute("gen_ai.operation.name", text("invoke_agent")) + "]");
  return R"({"resourceSpans":[{"resource":{"attributes":[)" +
         attribute("service.name", text("demo")) + R"(]},"scopeSpans":[{"scope":{"name":"lib",)" +
         R"("version":"1"},"spans":[)" + spans + R"(],"schemaUrl":"u"}]}]})";
}

std::string key(const char* span) { return std::string(kTrace) + "/00000000000000" + span; }

// "FROM -type-> TO" of every edge, sorted; spans by their last two digits, texts by themselves.
Lines drawn(Imported& graph) {
  const History& history = graph.store.history();
  const auto name = [&](NodeId id) {
    const Node node = *history.node(id);
    if (node.kind == NodeKind::Question || node.kind == NodeKind::Answer)
      return node.attributes.text;
    return node.key.substr(node.key.size() - 2);
  };
  Lines lines;
  for (const EdgeId id : history.edges()) {
    const Edge edge = *history.edge(id);
    lines.push_back(name(edge.source) + " -" + history.types()[edge.type] + "-> " +
                    name(edge.target));
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

const Lines kDrawn = {"Rain in Paris? -asks-> a1",
                      "Rain in Paris? -asks-> a3",
                      "Yes. -answers-> Rain in Paris?",
                      "a0 -parent_of-> a1",
                      "a0 -parent_of-> a2",
                      "a0 -parent_of-> a3",
                      "a1 -calls-> a2",
                      "a2 -supports-> a3",
                      "a3 -derives-> Yes.",
                      "a3 -links-> a1"};

TEST(Otel, ATraceIsAReasoningGraph) {
  Imported graph;
  const ImportReport report = graph.read(agent(), Format::Otel);
  EXPECT_EQ(drawn(graph), kDrawn);
  EXPECT_EQ(report.notes, (Lines{"times are kept to the microsecond", "not kept: \"schemaUrl\""}));
  EXPECT_EQ(report.lines, 4u);
}

TEST(Otel, ASpanKeepsWhatItSays) {
  Imported graph;
  graph.read(agent(), Format::Otel);
  const History& history = graph.store.history();
  const Node chat = *history.node(*history.find_node(key("a1")));
  EXPECT_EQ(chat.kind, NodeKind::Step);
  const Attributes& said = chat.attributes;
  EXPECT_EQ(said.text, "chat m");
  EXPECT_EQ(said.labels, Lines{"chat"});
  EXPECT_EQ(said.valid.from, 1'700'000'000'000'000);
  EXPECT_EQ(said.valid.to, 1'700'000'001'000'001);  // rounded up
  EXPECT_EQ(said.provenance->run, kTrace);
  EXPECT_EQ(said.provenance->experiment, "demo");
  const auto has = [&](const Attributes& a, const char* name, const char* value) {
    const std::pair<std::string, std::string> pair(name, value);
    return std::count(a.qualifiers.begin(), a.qualifiers.end(), pair) == 1;
  };
  EXPECT_TRUE(has(said, "gen_ai.usage.input_tokens", "12"));
  EXPECT_TRUE(has(said, "kind", "3"));
  EXPECT_TRUE(has(said, "otel.scope.name", "lib"));
  EXPECT_TRUE(has(said, "parentSpanId", "00000000000000a0"));
  const Node tool = *history.node(*history.find_node(key("a2")));
  EXPECT_EQ(tool.kind, NodeKind::ToolResult);
  EXPECT_EQ(tool.attributes.text, "rainy");
  EXPECT_TRUE(has(tool.attributes, "name", "execute_tool weather"));
  const Node root = *history.node(*history.find_node(key("a0")));
  EXPECT_EQ(root.attributes.status, Status::Unprovable);
  EXPECT_TRUE(has(root.attributes, "status.message", "late"));
  const auto resource = history.find_node(said.provenance->sources.at(0));
  EXPECT_TRUE(has(history.node(*resource)->attributes, "service.name", "demo"));
}

TEST(Otel, LinesOfJsonAreReadAndASpanThatStandsTwiceCountsOnce) {
  Imported graph;
  std::string line = agent();
  line.erase(std::remove(line.begin(), line.end(), '\n'), line.end());
  const ImportReport report = graph.read(line + "\r\n\n" + line + "\n", Format::Otel);
  EXPECT_EQ(drawn(graph), kDrawn);
  EXPECT_EQ(report.lines, 3u);
  EXPECT_EQ(report.blank, 1u);
  EXPECT_EQ(report.carriage_returns, 1u);
}

TEST(Otel, TheSameTraceAgainChangesNothing) {
  Imported graph;
  graph.read(agent(), Format::Otel);
  const ImportReport report = graph.read(agent(), Format::Otel);
  EXPECT_EQ(graph.store.history().head(), 1u);
  EXPECT_EQ(report.nodes_added + report.edges_added + report.nodes_revised, 0u);
}

std::string with_span(const std::string& members) {
  return R"({"resourceSpans":[{"scopeSpans":[{"spans":[{)" + members + "}]}]}]}";
}

TEST(Otel, AParentInAnotherFileIsANoteUntilThatFileIsThere) {
  const std::string child = R"("traceId":"0af7651916cd43dd8448eb211c80319c",)"
                            R"("spanId":"00000000000000a1","parentSpanId":"00000000000000a0")";
  const std::string parent =
      R"("traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"00000000000000a0")";
  Imported graph;
  const ImportReport report = graph.read(with_span(child), Format::Otel);
  EXPECT_EQ(report.notes.at(0),
            "1 parents or links are not in this file: spans name them in a qualifier, without an "
            "edge; bring their file in, then this one again");
  graph.read(with_span(parent), Format::Otel);
  graph.read(with_span(child), Format::Otel);
  EXPECT_EQ(drawn(graph), Lines{"a0 -parent_of-> a1"});
}

TEST(Otel, AMomentHoldsForOneMicrosecond) {
  Imported graph;
  graph.read(with_span(R"("traceId":"0af7651916cd43dd8448eb211c80319c",)"
                       R"("spanId":"00000000000000a1","startTimeUnixNano":"5000",)"
                       R"("endTimeUnixNano":"5000")"),
             Format::Otel);
  EXPECT_EQ(graph.store.history().node(0)->attributes.valid, (Valid{5, 6}));
}

TEST(Otel, BadDocumentsAndSpansAreNamed) {
  const std::string ids =
      R"("traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"00000000000000a1",)";
  const std::string none =
      "no \"resourceSpans\": allowed are spans as OTLP/JSON, one document or one a line";
  const std::pair<std::string, std::string> cases[] = {
      {"", "1: " + none},
      {"{\"resourceLogs\":[]}\n{}\n", "3: " + none},
      {"[]", "1: is no object: allowed is {\"resourceSpans\": [...]}"},
      {"{\"resourceSpans\":1}", "1: \"resourceSpans\" is no list"},
      {"{\"resourceSpans\":[1]}", "1: \"resourceSpans\" holds what is no object"},
      {"{\"resourceSpans\":[{\"scopeSpans\":{}}]}", "1: \"scopeSpans\" is no list"},
      {"{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[\n[]]}]}]}",
       "2: \"spans\" holds what is no object"},
      {with_span(""), "1: a span without traceId and spanId: each has both"},
      {with_span(R"("traceId":"xy")"), "1: traceId = \"xy\", allowed 32 hexadecimal digits"},
      {with_span(ids + R"("startTimeUnixNano":-1)"), "1: startTimeUnixNano = \"-1\", allowed 0.."},
      {with_span(ids + R"("attributes":{})"), "1: attributes = {}, allowed a list of {key, value}"},
      {with_span(ids + R"("attributes":[1])"), "1: attribute 1, allowed {key, value}"},
      {with_span(ids + R"("events":[1])"), "1: an event that is no object"},
      {with_span(ids + R"("links":[1])"), "1: a link that is no object"},
      {with_span(ids + R"("name":"a")") + "\n" + with_span(ids + R"("name":"b")"),
       "2: node \"0af7651916cd43dd8448eb211c80319c/00000000000000a1\" stands twice: leave one"}};
  for (const auto& [text, complaint] : cases) {
    Imported graph;
    EXPECT_EQ(graph.complaint(text, Format::Otel), "f:" + complaint) << text;
  }
}

TEST(Otel, MessagesThatWereCutOffSayNothingButAreKept) {
  Imported graph;
  graph.read(with_span(R"("traceId":"0af7651916cd43dd8448eb211c80319c",)"
                       R"("spanId":"00000000000000a1","attributes":[{"key":)"
                       R"("gen_ai.input.messages","value":{"stringValue":"[{\"role\":\"us"}}])"),
             Format::Otel);
  EXPECT_EQ(graph.store.history().node_count(), 1u);
  EXPECT_EQ(graph.store.history().node(0)->attributes.qualifiers[0].second, "[{\"role\":\"us");
}

}  // namespace
}  // namespace saggio::graph
