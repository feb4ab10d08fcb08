// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <random>

#include "tests/graph/formats/imported.h"
#include "tests/graph/fuzz/targets.h"

// Hostile inputs for every reader, made from good ones by fixed seeds: no crash, no exception but the
// two that a caller expects, no version of what was refused.
namespace saggio::graph {
namespace {

using Entry = int (*)(const uint8_t*, size_t);

constexpr Entry kEntries[] = {fuzz_edge_list,
                              fuzz_triples,
                              fuzz_node_link,
                              fuzz_records,
                              fuzz_graphml,
                              fuzz_gexf,
                              fuzz_dot,
                              fuzz_ntriples,
                              fuzz_csv,
                              fuzz_metis,
                              fuzz_matrix_market,
                              fuzz_graphiti,
                              fuzz_otel,
                              fuzz_openke,
                              fuzz_graphrag};
// Those behind them read the files of a folder, which a disk slows down.
constexpr size_t kOfOneFile = 13;

const Lines kGood = {
    "# c\na b 0.5\r\n\nb,c,1e-3\n% d\nc\ta\n",
    "a\tr\tb\nb\ts t\tc d\r\n\n",
    R"({"directed": false, "multigraph": true, "graph": {"n": [1, {"a": null}]},
 "nodes": [{"id": 1, "kind": "claim", "weight": 0.5, "text": "x"}, {"id": "b", "labels": ["u"]},
 {"id": null}], "links": [{"source": 1, "target": "b", "key": 1, "since": 2.5e3},
 {"source": "b", "target": null, "key": "r", "confidence": 0.25}]})",
    R"({"node":"a","kind":"claim","text":"t","valid":["2024-01-01",null],"confidence":0.5}
{"node":"b","labels":["x"],"qualifiers":{"k":1},"provenance":{"step":1,"sources":["s"]}}
{"edge":["a","r","b"],"weight":2,"ordinal":0,"span":{"document":"a","bytes":[0,1]}}
{"retire":["a","r","b"]}
{"retire":"b"}
)",
    R"(<?xml version="1.0" encoding="UTF-8"?><graphml><key id="d0" for="node" attr.name="text"/>
<key id="d1" for="all" attr.name="weight"><default>2</default></key><!-- c -->
<graph edgedefault="directed"><node id="a"><data key="d0"><![CDATA[t]]>&amp;&#65;</data></node>
<edge id="e0" source="a" target="b"><data key="d1">0.5</data></edge><node id="b"/></graph></graphml>)",
    R"(<gexf version="1.3"><graph defaultedgetype="directed" timeformat="date"><attributes class="node">
<attribute id="0" title="kind" type="string"/></attributes><nodes><node id="a" label="A" start="2024-01-01"
 end="2024-02-01"><attvalues><attvalue for="0" value="claim"/></attvalues></node><node id="b"><spells>
<spell start="2024-01-01"/></spells></node></nodes><edges><edge source="a" target="b" kind="r" weight="2"/>
</edges></graph></gexf>)",
    "strict digraph g { /* c */ node [shape=box]; a -> {b \"c d\"} [weight=2, label=\"x\\\"y\"] // "
    "d\n"
    "subgraph s { e:p:n -> -1.5; } a [label=<<b>x</b>>] }\n",
    "<a:s> <a:p> <a:o> .\n_:b <a:q> \"t\\u00e9\\n\"@en . # c\n"
    "_:s <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
    "<http://www.w3.org/1999/02/22-rdf-syntax-ns#Statement> .\n"
    "_:s <http://www.w3.org/1999/02/22-rdf-syntax-ns#subject> <a:s> .\n"
    "_:s <http://www.w3.org/1999/02/22-rdf-syntax-ns#predicate> <a:p> .\n"
    "_:s <http://www.w3.org/1999/02/22-rdf-syntax-ns#object> <a:o> .\n"
    "_:s <urn:saggio:attribute:weight> \"0.5\" .\n",
    "source,target,type,weight,note\r\na,b,r,0.5,\"x, \"\"y\"\"\n\"\r\nb,c,,,\r\n",
    "% c\n3 2 11\n2 2 4\n1 1 4 3 1.5\r\n5 2 1.5\n\n",
    "%%MatrixMarket matrix coordinate integer skew-symmetric\n% c\n3 3 2\n2 1 5\n3 2 -1\n",
    R"({"nodes": [{"uuid": "a", "labels": ["x"], "name_embedding": [1], "attributes": {"k": 1}}],
 "episodes": [{"uuid": "e", "content": "c", "valid_at": "2024-01-01T00:00:00.123456789Z"}],
 "edges": [{"source_node_uuid": "a", "target_node_uuid": "b", "name": "R", "fact": "f",
 "episodes": ["e"], "invalid_at": "2024-01-01", "expired_at": "x"}], "other": 1})",
    R"({"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"s"}}]},
"scopeSpans":[{"scope":{"name":"l"},"spans":[{"traceId":"0af7651916cd43dd8448eb211c80319c",
"spanId":"00000000000000a1","parentSpanId":"00000000000000a2","startTimeUnixNano":"1","status":{"code":2},
"events":[{"name":"e"}],"links":[{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"00000000000000a2"}],
"attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"execute_tool"}},
{"key":"gen_ai.output.messages","value":{"arrayValue":{"values":[{"kvlistValue":{"values":[]}}]}}}]},
{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"00000000000000a2"}]}]}]}
{"resourceSpans":[]})",
    "== entity2id.txt\n2\na b\t0\nc 1\n== relation2id.txt\n1\nr 0\n== train2id.txt\n1\n0 1 0\n"
    "== test2id.txt\n0\n",
    "== entities.csv\ntitle,type,text_unit_ids\na,X,\"['u' 'v']\"\nb,,\n== relationships.csv\n"
    "source,target,weight,description\na,b,2,\"x \"\"y\"\"\nz\"\n== covariates.csv\n"
    "id,subject_id,object_id,status,start_date,end_date,text_unit_id\n"
    "c,a,NONE,TRUE,2024-01-01,NONE,u\n== text_units.csv\nid,text\nu,t\n"};

// What goes into good inputs: what parsers have stumbled over before.
const Lines kPieces = {"\"",
                       "\\",
                       "\\u0000",
                       "\\ud800",
                       "\\udc00\\ud800",
                       "{",
                       "}",
                       "[",
                       "]",
                       ",",
                       ":",
                       "null",
                       "-",
                       "1e999",
                       "-1e999",
                       "1e-999",
                       "18446744073709551616",
                       "-9223372036854775809",
                       "0x10",
                       "NaN",
                       "Infinity",
                       "\xFF",
                       "\xC3",
                       "\xED\xA0\x80",
                       "\xEF\xBB\xBF",
                       "\r",
                       "\n",
                       "\t",
                       "\v",
                       "\x1B[2J",
                       std::string(1, '\0'),
                       "\"node\":",
                       "\"edge\":[\"a\",\"r\",\"a\"]",
                       "\"id\":",
                       "\"nodes\":[",
                       "9223372036854775807",
                       "\"ordinal\":18446744073709551615",
                       "[[[[[[[[[[[[[[[[",
                       "{\"a\":{\"a\":",
                       "<!DOCTYPE a [<!ENTITY b \"c\">]>",
                       "<![CDATA[",
                       "]]>",
                       "<!--",
                       "-->",
                       "<?",
                       "&#xD800;",
                       "&lt;",
                       "<data key=\"d0\">",
                       "</node>",
                       "/>",
                       "='",
                       "->",
                       "subgraph {",
                       "/*",
                       "_:",
                       "^^<",
                       "@e",
                       "\\U0010FFFF",
                       " .\n",
                       "\"\""};

std::string mutated(std::string text, std::mt19937_64& random) {
  const auto below = [&](size_t n) { return static_cast<size_t>(random() % n); };
  for (size_t changes = 1 + below(4); changes > 0; --changes) {
    const size_t at = below(text.size() + 1), count = std::min(below(12), text.size() - at);
    switch (below(5)) {
      case 0:  // cut off
        text.resize(at);
        break;
      case 1:  // flip a bit
        if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
        break;
      case 2:  // drop some
        text.erase(at, count);
        break;
      case 3:  // double some
        text.insert(at, text.substr(at, count));
        break;
      default:  // put something in
        text.insert(at, kPieces[below(kPieces.size())]);
    }
  }
  return text;
}

void replay(const std::string& text) {
  for (size_t i = 0; i < kOfOneFile; ++i)
    EXPECT_EQ(kEntries[i](reinterpret_cast<const uint8_t*>(text.data()), text.size()), 0)
        << shown(text);
}

TEST(FuzzReplay, GoodInputsAreTaken) {
  const Format formats[] = {Format::Edges,
                            Format::Triples,
                            Format::NodeLink,
                            Format::Records,
                            Format::GraphMl,
                            Format::Gexf,
                            Format::Dot,
                            Format::NTriples,
                            Format::Csv,
                            Format::Metis,
                            Format::MatrixMarket,
                            Format::Graphiti,
                            Format::Otel};
  for (size_t i = 0; i < kOfOneFile; ++i) {
    Imported graph;
    EXPECT_EQ(graph.complaint(kGood[i], formats[i]), "");
    graph.store.commit();
    EXPECT_GT(graph.store.history().edge_count(), 0u);
  }
}

TEST(FuzzReplay, EveryPrefixOfAGoodInputIsSurvived) {
  for (size_t which = 0; which < kGood.size(); ++which)
    for (size_t size = 0; size <= kGood[which].size(); ++size) {
      const std::string text = kGood[which].substr(0, size);
      kEntries[which](reinterpret_cast<const uint8_t*>(text.data()), text.size());
      if (size % 8 == 0) replay(text);  // by the other readers
    }
}

TEST(FuzzReplay, MutantsAreSurvived) {
  for (size_t which = 0; which < kGood.size(); ++which)
    for (uint64_t seed = 0; seed < (which < kOfOneFile ? 500u : 100u); ++seed) {
      std::mt19937_64 random(seed * kGood.size() + which);
      const std::string text = mutated(kGood[which], random);
      kEntries[which](reinterpret_cast<const uint8_t*>(text.data()), text.size());
      if (seed % 20 == 0) replay(text);
    }
}

TEST(FuzzReplay, DeepNestingOverflowsNoStack) {
  for (const std::string open :
       {"[", "{\"a\":", "[{\"node\":", "<a>", "<node id='a'><graph>", "{", "subgraph a {"})
    for (const std::string begin : {"",
                                    "{\"nodes\":[{\"id\":1,\"x\":",
                                    "{\"node\":\"a\",\"text\":",
                                    "<graphml><graph>",
                                    "<gexf><graph><nodes>",
                                    "digraph "}) {
      std::string text = begin;
      for (int i = 0; i < 50'000; ++i) text += open;
      replay(text);
    }
}

TEST(FuzzReplay, LongTokensAreSurvived) {
  for (const char* begin : {"", "\"", "{\"node\":\"", "a\t", "{\"node\":\"a\",\"weight\":"})
    for (const char c : {'1', 'a', '\\', ' ', '\n', '\0', '\xFF'})
      replay(begin + std::string(100'000, c));
}

}  // namespace
}  // namespace saggio::graph
