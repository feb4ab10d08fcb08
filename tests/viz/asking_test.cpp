// SPDX-License-Identifier: MIT
#include "viz/asking.h"

#include <gtest/gtest.h>

#include <set>

#include "graph/query/evaluate.h"
#include "graph/view/view.h"
#include "tests/graph/query/random_store.h"

namespace saggio::viz {
namespace {

using graph::Attribute, graph::Condition, graph::Operator, graph::Target;

Condition equals(const graph::Field& field, const std::string& value) {
  return {graph::Comparison{field, Operator::Equal, value}};
}

size_t found(const std::string& query, const graph::RandomStore& random, const graph::View& view) {
  const graph::TextOf text_of = [](const graph::Attributes& a) { return a.text; };
  return graph::evaluate(graph::parse(query), view, random.store.history(), text_of).count();
}

TEST(Asking, EachValueThatIsOfferedFindsAsManyNodesAsItSays) {
  std::set<std::string> seen;
  for (uint64_t seed = 0; seed < 40; ++seed) {
    graph::RandomStore random(seed);
    const graph::History& history = random.store.history();
    const graph::View view = graph::View::build(history);
    for (const AttributeThere& one : attributes_there(history, view.as_of())) {
      const std::string name = name_of(one.field);
      seen.insert(name);
      EXPECT_EQ(found("known " + name, random, view), one.nodes) << name;
      EXPECT_LE(one.frequent.size(), std::min(one.values, kMostValues));
      for (const auto& [value, nodes] : one.frequent)
        EXPECT_EQ(found(narrowed("", Target::Nodes, equals(one.field, value)), random, view), nodes)
            << name << " " << value;
    }
  }
  for (const char* name : {"kind", "status", "label"}) EXPECT_TRUE(seen.contains(name)) << name;
}

TEST(Asking, AnotherAttributeNarrowsAndAnotherValueOfOneIsAnAlternative) {
  const graph::Field kind{Attribute::Kind, {}}, label{Attribute::Labels, {}};
  std::string filter = narrowed("", Target::Nodes, equals(kind, "claim"));
  EXPECT_EQ(filter, "kind = claim");
  EXPECT_EQ(narrowed(filter, Target::Nodes, equals(kind, "claim")), filter);
  filter = narrowed(filter, Target::Nodes, equals(label, "press"));
  EXPECT_EQ(filter, "kind = claim and label = \"press\"");
  filter = narrowed(filter, Target::Nodes, equals(kind, "step"));
  EXPECT_EQ(filter, "(kind = claim or kind = step) and label = \"press\"");
  filter = narrowed(filter, Target::Nodes, equals(kind, "answer"));
  EXPECT_EQ(filter, "(kind = claim or kind = step or kind = answer) and label = \"press\"");
  EXPECT_EQ(narrowed("kind = claim or degree > 2", Target::Nodes, equals(kind, "step")),
            "(kind = claim or degree > 2) and kind = step");
}

TEST(Asking, ThePointOfAFilterStaysAlsoWhenItsTargetChanges) {
  const graph::Field kind{Attribute::Kind, {}}, type{Attribute::Type, {}};
  EXPECT_EQ(narrowed("nodes as of 3", Target::Nodes, equals(kind, "claim")),
            "kind = claim as of 3");
  EXPECT_EQ(narrowed("kind = claim as of 3", Target::Edges, equals(type, "supports")),
            "edges where type = \"supports\" as of 3");
  EXPECT_EQ(narrowed("edges where type = x", Target::Nodes, equals(kind, "claim")), "kind = claim");
}

}  // namespace
}  // namespace saggio::viz
