// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>

#include "graph/query/evaluate.h"
#include "graph/query/reach.h"
#include "graph/reasoning/support.h"
#include "tests/graph/query/naive.h"
#include "tests/graph/query/random_query.h"

namespace saggio::graph {
namespace {

std::vector<uint64_t> ids_of(const Answer& answer) {
  std::vector<uint64_t> ids;
  for (const int32_t index : answer.selection.indices())
    ids.push_back(answer.selection.target == Target::Nodes ? answer.view.node_id(index)
                                                           : answer.view.edge_id(index));
  std::ranges::sort(ids);  // edges stand by source
  return ids;
}

struct Asked {
  std::string complaint;  // of a node that is not there
  std::vector<uint64_t> ids;
  bool operator==(const Asked&) const = default;
};

template <typename Ask>
Asked asked(const Ask& ask) {
  try {
    return {"", ask()};
  } catch (const NoSuchNode& error) {
    return {error.what(), {}};
  }
}

// Every node that a query names must be there, whatever else it says: the oracle asks for all of
// them first, as it may otherwise never come to look.
void look_for_nodes(const Condition& condition, const History& history, const AsOf& as_of) {
  const auto look = [&](const auto& is) {
    if constexpr (requires { is.node; }) node_named(history, is.node, as_of);
    if constexpr (requires { is.parts; })
      for (const Condition& part : is.parts) look_for_nodes(part, history, as_of);
    if constexpr (requires { is.part; })
      for (const Condition& part : is.part) look_for_nodes(part, history, as_of);
  };
  std::visit(look, condition.is);
}

// What the evaluator and the oracle disagree about; empty: nothing.
std::string disagreement(RandomStore& from, const Query& query, size_t& found) {
  Reader reader = Reader::open("s", &from.files);
  const AsOf as_of = point_of(query, reader.history());
  const Asked fast = asked([&] { return ids_of(answer(query, reader)); });
  const Asked slow = asked([&] {
    if (query.where) look_for_nodes(*query.where, reader.history(), as_of);
    return Naive(from, as_of).answer(query);
  });
  found += fast.ids.size();
  if (fast.complaint.empty() != slow.complaint.empty()) return "a node is missing for one of them";
  if (fast.ids == slow.ids) return "";
  std::string text = "fast:";
  for (const uint64_t id : fast.ids) text += " " + std::to_string(id);
  text += "; oracle:";
  for (const uint64_t id : slow.ids) text += " " + std::to_string(id);
  return text;
}

TEST(QueryEvaluate, TenThousandRandomQueriesHaveTheAnswersOfTheOracle) {
  size_t found = 0;
  for (uint64_t seed = 0; seed < 500; ++seed) {
    RandomStore from(seed);
    const History& history = from.store.history();
    RandomQuery queries(seed + 1'000'000, history.node_count(), history.head());
    for (int i = 0; i < 20; ++i) {
      const Query query = queries.draw();
      const std::string wrong = disagreement(from, query, found);
      ASSERT_EQ(wrong, "") << "store " << seed << ": " << print(query);
    }
  }
  EXPECT_GT(found, 10'000u);  // or the answers would be mostly empty, and easy to agree about
}

TEST(QueryEvaluate, TheLiveNodesAreThoseOfTheOracleAtEveryPoint) {
  size_t alive = 0, dead = 0;
  for (uint64_t seed = 0; seed < 500; ++seed) {
    RandomStore from(seed);
    const History& history = from.store.history();
    for (Version version = 0; version <= history.head(); ++version)
      for (const std::optional<TimeUs> world :
           {std::optional<TimeUs>(), std::optional<TimeUs>(15)}) {
        const AsOf as_of{version, world};
        const View view = View::build(history, as_of);
        const std::vector<uint8_t> live = live_support(support_graph(history, as_of));
        const Naive oracle(from, as_of);
        for (NodeIndex node = 0; node < view.nodes(); ++node) {
          const NodeId id = view.node_id(node);
          const bool lives = live[static_cast<size_t>(node)] != 0;
          ASSERT_EQ(lives, oracle.live().contains(id)) << "store " << seed << ", node " << id;
          ++(lives ? alive : dead);
        }
      }
  }
  EXPECT_GT(alive, 1000u);
  EXPECT_GT(dead, 1000u);
}

// A chain of claims under evidence, longer than a few words of a bitmap and than a stack is deep.
struct Chain {
  SimulatedFiles files;
  Store store = Store::open("s", {.uuid = Uuid{}, .files = &files});
  explicit Chain(NodeId length) {
    store.add_node(NodeKind::Evidence, {}, "0");
    for (NodeId i = 1; i < length; ++i) {
      store.add_node(NodeKind::Claim, {}, std::to_string(i));
      store.add_edge(i - 1, store.type("supports"), i);
    }
    store.commit();
  }
  size_t count(const std::string& query) {
    Reader reader = Reader::open("s", &files);
    return answer(parse(query), reader).selection.count();
  }
};

TEST(QueryEvaluate, LongChainsAreWalkedToTheirEnd) {
  Chain chain(50'000);

  EXPECT_EQ(chain.count("supports 49999"), 49'999u);
  EXPECT_EQ(chain.count("edges where supports 49999"), 49'999u);
  EXPECT_EQ(chain.count("within 100 of 1000"), 201u);
  EXPECT_EQ(chain.count("within 100 of 1000 out and within 50 of 1100"), 51u);
  EXPECT_EQ(chain.count("out_degree = 0 or in_degree = 0"), 2u);
  EXPECT_EQ(chain.count("key ^= 12 and key ~ '^..$'"), 1u);
  EXPECT_EQ(chain.count("nodes"), 50'000u);
}

TEST(QueryEvaluate, AnUnknownEdgeTypeIsNotedWithTheNearest) {
  Chain chain(3);
  Reader reader = Reader::open("s", &chain.files);

  const Answer by_type = answer(parse("edges where type = suports"), reader);
  EXPECT_EQ(by_type.selection.count(), 0u);
  EXPECT_EQ(by_type.selection.notes,
            std::vector<std::string>{
                "no edge of this store was ever of type \"suports\"; did you mean \"supports\"?"});
  EXPECT_EQ(answer(parse("within 1 of 1 via x"), reader).selection.notes,
            std::vector<std::string>{"no edge of this store was ever of type \"x\""});
  EXPECT_FALSE(answer(parse("edges where type != x"), reader).selection.notes.empty());
  EXPECT_TRUE(answer(parse("edges where type ~ x"), reader).selection.notes.empty());
}

TEST(QueryEvaluate, ANodeThatIsNotThereIsNamed) {
  Chain chain(3);
  Reader reader = Reader::open("s", &chain.files);
  for (const std::string query : {"kind = step and supports nobody", "id = 99 or within 1 of '#9'"})
    try {
      answer(parse(query), reader);
      FAIL() << query;
    } catch (const NoSuchNode& error) {
      EXPECT_NE(std::string(error.what()).find("no such node at that point of version 1"),
                std::string::npos);
      EXPECT_EQ(query.substr(error.at, 2), query.starts_with("kind") ? "no" : "'#");
    }
}

TEST(QueryEvaluate, AViewOfAnotherPointIsRefused) {
  Chain chain(3);
  const View view = View::build(chain.store.history(), {.version = 0});

  EXPECT_THROW(evaluate(parse("nodes as of 1"), view, chain.store.history(), {}),
               std::invalid_argument);
  EXPECT_EQ(evaluate(parse("nodes"), view, chain.store.history(), {}).count(), 0u);
}

// parse() makes none of these.
TEST(QueryEvaluate, QueriesBuiltByHandAreChecked) {
  Chain chain(3);
  const History& history = chain.store.history();
  const View view = View::build(history);
  const NodeName first{0, ""};
  const std::pair<Target, Condition> wrong[] = {
      {Target::Edges, {Comparison{{Attribute::Kind, ""}, Operator::Equal, Value("claim")}}},
      {Target::Nodes, {Comparison{{Attribute::Kind, ""}, Operator::Less, Value("claim")}}},
      {Target::Nodes, {Comparison{{Attribute::Kind, ""}, Operator::Equal, Value("clam")}}},
      {Target::Nodes, {Comparison{{Attribute::Id, ""}, Operator::Has, Value(int64_t{1})}}},
      {Target::Nodes, {Comparison{{Attribute::Id, ""}, Operator::Equal, Value("1")}}},
      {Target::Nodes, {Comparison{{Attribute::Text, ""}, Operator::Less, Value(Moment{1})}}},
      {Target::Nodes, {Comparison{{Attribute::Text, ""}, Operator::Matches, Value("(")}}},
      {Target::Edges, {Known{{Attribute::Key, ""}}}},
      {Target::Nodes, {And{}}},
      {Target::Nodes, {EndsAt{first, true}}},
      {Target::Nodes, {Within{-1, first, Direction::Out, {}}}}};
  for (const auto& [target, condition] : wrong) {
    Query query;
    query.target = target;
    query.where = condition;
    EXPECT_THROW(evaluate(query, view, history, {}), std::invalid_argument) << print(query);
  }
}

TEST(QueryEvaluate, WordsAreFoundWhateverTheirCaseAndScript) {
  SimulatedFiles files;
  Store store = Store::open("s", {.uuid = Uuid{}, .files = &files});
  for (const char* text : {"Über den Wolken", "C++ is fast", "überall", "naïve_bayes", "C+++"})
    store.add_node(NodeKind::Claim, {.text = text});
  store.commit();
  Reader reader = Reader::open("s", &files);
  const auto found = [&](const std::string& query) {
    return answer(parse(query), reader).selection.indices();
  };

  EXPECT_EQ(found("text has über"), std::vector<int32_t>{0});
  EXPECT_EQ(found("text has ÜBERALL"), std::vector<int32_t>{2});
  EXPECT_EQ(found("text has 'den wolken'"), std::vector<int32_t>{0});
  EXPECT_EQ(found("text has C++"), (std::vector<int32_t>{1, 4}));
  EXPECT_EQ(found("text has bayes"), std::vector<int32_t>{});
  EXPECT_EQ(found("text has na"), std::vector<int32_t>{});
}

// (a+)+$ takes exponential time where expressions are tried by backtracking.
TEST(QueryEvaluate, AHostileExpressionTakesLinearTime) {
  SimulatedFiles files;
  Store store = Store::open("s", {.uuid = Uuid{}, .files = &files});
  store.add_node(NodeKind::Claim, {.text = std::string(50'000, 'a') + "b"});
  store.commit();
  Reader reader = Reader::open("s", &files);

  EXPECT_EQ(answer(parse("text ~ '(a+)+$'"), reader).selection.count(), 0u);
  EXPECT_EQ(answer(parse("text ~ '(a|a)*b$'"), reader).selection.count(), 1u);
}

}  // namespace
}  // namespace saggio::graph
