// SPDX-License-Identifier: MIT
// The examples of graph/query/QUERY.md: its records make the store, its queries are asked.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "graph/query/evaluate.h"
#include "tests/graph/formats/imported.h"

namespace saggio::graph {
namespace {

// The contents of the page's ```KIND blocks.
Lines blocks(const std::string& kind) {
  std::ifstream file("graph/query/QUERY.md");
  Lines found;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (inside && line == "```") {
      inside = false;
    } else if (inside) {
      found.back() += line + "\n";
    } else if (line == "```" + kind) {
      found.emplace_back();
      inside = true;
    }
  }
  return found;
}

struct Example {
  std::string query, expected;
};

// A query on a line of its own, and what it finds behind "=> " on the next.
std::vector<Example> examples() {
  std::vector<Example> found;
  for (const std::string& block : blocks("query")) {
    std::istringstream lines(block);
    for (std::string line; std::getline(lines, line);)
      if (line.starts_with("=> "))
        found.back().expected = line.substr(3);
      else
        found.push_back({line, ""});
  }
  return found;
}

std::string text_of(const Answer& answer, const History& history) {
  std::string text;
  const auto key = [&](NodeId node) { return std::string(history.node_key(node)); };
  for (const int32_t index : answer.selection.indices()) {
    if (!text.empty()) text += ", ";
    if (answer.selection.target == Target::Nodes) {
      text += key(answer.view.node_id(index));
      continue;
    }
    const EdgeEnds ends = history.edge_ends(answer.view.edge_id(index));
    text += key(ends.source) + " -" + history.types()[ends.type] + "-> " + key(ends.target);
  }
  return text.empty() ? "none" : text;
}

TEST(QueryExamples, ThePageSaysWhatTheEvaluatorAnswers) {
  Imported graph;
  for (const std::string& records : blocks("jsonl")) {
    EXPECT_EQ(graph.complaint(records, Format::Records), "");
    const Version version = graph.store.commit();
    if (version == 1) graph.store.tag("march", version);
    graph.store.commit();
  }
  Reader reader = Reader::open("s", &graph.files);

  const auto asked = examples();
  EXPECT_GE(asked.size(), 10u);
  for (const auto& [query, expected] : asked) {
    EXPECT_EQ(text_of(answer(parse(query), reader), reader.history()), expected) << query;
    EXPECT_EQ(parse(print(parse(query))), parse(query));
  }
}

}  // namespace
}  // namespace saggio::graph
