// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "graph/formats/export.h"
#include "tests/graph/formats/imported.h"

// Graphs with everything that a store holds, and with texts that parsers stumble over.
namespace saggio::graph {

class RandomGraph {
 public:
  explicit RandomGraph(uint64_t seed) : random_(seed) {}

  // Adds some nodes and edges and commits. All nodes have keys.
  void add_to(Store& store) {
    const size_t nodes = 1 + below(12);
    for (size_t i = 0; i < nodes; ++i) {
      const std::string key = text() + "/" + std::to_string(store.history().node_count());
      nodes_.push_back(store.add_node(static_cast<NodeKind>(below(kNodeKinds)), attributes(), key));
    }
    for (size_t i = below(30); i > 0; --i)
      store.add_edge(one_node(), store.type(type()), one_node(), attributes());
    store.commit();
  }

  // Retires some of what there is, and commits.
  void retire_some(Store& store) {
    for (EdgeId id = 0; id < store.history().edge_count(); ++id)
      if (below(4) == 0 && store.history().has_edge(id)) store.retire_edge(id);
    store.commit();
    const NodeId gone = one_node();
    if (store.history().has_node(gone)) store.retire_node(gone);
    store.commit();
  }

 private:
  size_t below(size_t n) { return static_cast<size_t>(random_() % n); }
  NodeId one_node() { return nodes_[below(nodes_.size())]; }

  std::string text() {
    static const std::vector<std::string> kTexts = {"a",
                                                    "New York",
                                                    "<b> & \"c\" 'd'",
                                                    "two\nlines",
                                                    "tab\there",
                                                    "]]>",
                                                    "a,b;c",
                                                    "C:\\dir\\",
                                                    "\\n",
                                                    "caf\xC3\xA9",
                                                    "\xF0\x9F\x8C\xA7 rain",
                                                    "# no comment",
                                                    "% this",
                                                    "-1.5",
                                                    "007",
                                                    "true",
                                                    "null",
                                                    " blank ends ",
                                                    "carriage\rreturn",
                                                    "x -> y",
                                                    "{[()]}",
                                                    "\xC2\xA0",
                                                    "https://a.b/c?d=e#f",
                                                    "_:b1",
                                                    "3",
                                                    "1e3",
                                                    "\\\"",
                                                    "@en",
                                                    "[1,\"a\"]",
                                                    "{\"a\": 1}"};
    return kTexts[below(kTexts.size())];
  }

  std::string type() {
    static const std::vector<std::string> kTypes = {
        "linked", "supports", "is <a> \"type\"", "https://a.b/t"};
    return kTypes[below(kTypes.size())];
  }

  TimeUs time() {
    static const std::vector<TimeUs> kTimes = {kUnknownTime,
                                               kSinceEver,
                                               kWithoutEnd,
                                               0,
                                               -1,
                                               86'400'000'000,
                                               1'709'195'400'000'001,
                                               4'000'000'000'000'000'000};
    return kTimes[below(kTimes.size())];
  }

  Attributes attributes() {
    Attributes a;
    if (below(2)) return a;
    if (below(2)) a.weight = static_cast<float>(below(1000)) / 7 - 50;
    if (below(2)) a.status = static_cast<Status>(below(kStatuses));
    if (below(3) == 0) a.confidence.probability = static_cast<float>(below(100)) / 99;
    if (below(4) == 0) a.confidence.logit = static_cast<float>(below(100)) / 3 - 9;
    if (below(4) == 0) a.confidence.method = text();
    if (below(2)) a.text = text();
    if (below(3) == 0) a.rule = text();
    for (size_t i = below(3); i > 0; --i) a.labels.push_back(below(5) ? text() : "");
    qualify(a);
    if (below(4) == 0)
      a.provenance = Provenance{"run", text(), -3, UINT64_MAX, text(), {text(), text()}};
    if (!nodes_.empty() && below(4) == 0) a.span = Span{one_node(), 1, 9, 0, 2, text()};
    a.valid = {time(), time()};
    if (a.valid.from != kUnknownTime && a.valid.to != kUnknownTime && a.valid.from >= a.valid.to)
      a.valid.to = kUnknownTime;
    return a;
  }

  void qualify(Attributes& a) {
    static const std::vector<std::string> kNames = {
        "colour", "size", "since", "weight", "label", "id", "two words", "a<b", "key", "x\ny"};
    for (size_t i = below(4); i > 0; --i)
      a.qualifiers.emplace_back(kNames[below(kNames.size())], below(8) ? text() : "");
    if (below(2)) std::sort(a.qualifiers.begin(), a.qualifiers.end());
  }

  std::mt19937_64 random_;
  std::vector<NodeId> nodes_;
};

// The graph as of one point in a format.
inline std::string exported(Store& store,
                            Format format,
                            ExportReport* report = nullptr,
                            const ExportOptions& options = {}) {
  std::ostringstream out;
  const ExportReport made = export_to(out, format, source_of(store), options);
  EXPECT_EQ(made.bytes, out.str().size());
  if (report) *report = made;
  return out.str();
}

// A graph from records, one a line.
struct FromRecords : Imported {
  explicit FromRecords(const std::string& lines) { read(lines, Format::Records); }
};

}  // namespace saggio::graph
