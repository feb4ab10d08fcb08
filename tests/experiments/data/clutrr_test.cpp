// SPDX-License-Identifier: MIT
#include "experiments/data/relations/clutrr.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <set>
#include <sstream>

namespace saggio::data {
namespace {

constexpr const char* kHead =
    "id,query,target,task_name,story_edges,edge_types,query_edge,genders,story\n";
constexpr const char* kRow =
    R"row(7,"('Ann', ""O'Hara"")",niece,task_1.2,"[(0, 1), (1, 2)]","['sister', 'daughter']",)row"
    R"row("(0, 2)","Ann:female,Bob:male,O'Hara:female","A story,
over two lines")row";

std::vector<RelationQuestion> read(const std::string& text) {
  std::istringstream in(text);
  return read_clutrr_rows(in, "some.csv");
}

// The row with one part replaced.
std::string with(const std::string& part, const std::string& other) {
  std::string row = kRow;
  row.replace(row.find(part), part.size(), other);
  return row;
}

std::string refusal(const std::string& text) {
  try {
    read(text);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

int32_t relation_of(std::string_view word) {
  for (int i = 0; i < kinship::kRelations; ++i)
    if (kinship::word(kinship::relation(i)) == word) return i;
  return -1;
}

TEST(Clutrr, RowsGiveTheGraphTheQuestionAndTheAnswer) {
  const auto questions = read(std::string(kHead) + kRow + "\n" + kRow);

  ASSERT_EQ(questions.size(), 2U);
  const RelationQuestion& question = questions[1];
  EXPECT_EQ(question.k, 2);
  EXPECT_EQ(question.people, (std::vector<std::string>{"Ann", "Bob", "O'Hara"}));
  EXPECT_EQ(
      question.edges,
      (std::vector<RelationEdge>{{0, 1, relation_of("sister")}, {1, 2, relation_of("daughter")}}));
  EXPECT_EQ(question.source, 0);
  EXPECT_EQ(question.target, 2);
  EXPECT_EQ(question.answer, relation_of("niece"));
}

TEST(Clutrr, RefusesWhatIsWrongWithFileAndLine) {
  const struct {
    std::string part, other, said;
  } cases[] = {
      {"'sister'", "'cousin'", "edge_types \"cousin\""},
      {"niece", "Niece", "target \"Niece\""},
      {"task_1.2", "task_1.3", "2 story_edges, 2 edge_types, k = 3"},
      {"task_1.2", "task_2.2", "task_name \"task_2.2\""},
      {"task_1.2", "task_1.2x", "task_name"},
      {"(1, 2)]", "(1, 3)]", "story_edges (1, 3): allowed are two different people in 0..2"},
      {"(1, 2)]", "(1, 1)]", "story_edges (1, 1)"},
      {"(1, 2)]", "(1, -2)]", "allowed is a whole number"},
      {"(1, 2)]", "(1, 99999999999)]", "allowed is a whole number"},
      {"(1, 2)]", "(1, 2)", "allowed is ']'"},
      {"(1, 2)]", "(1, 2)] ]", "allowed is the end"},
      {"['sister'", "[sister", "allowed is text in quotes"},
      {"\"(0, 2)\"", "\"(1, 2)\"", "query asks about \"Ann\" and \"O'Hara\", query_edge about"},
      {"Bob:male", "Bob:boy", "genders \"Bob:boy\""},
      {"Bob:male", "Ann:female", "\"Ann\" stands twice"},
      {",niece,", ",", "8 fields, allowed 9"},
  };
  for (const auto& [part, other, said] : cases) {
    const std::string message = refusal(std::string(kHead) + kRow + "\n" + with(part, other));
    EXPECT_TRUE(message.starts_with("some.csv:4: ")) << message;  // the first row has two lines
    EXPECT_NE(message.find(said), std::string::npos) << message << "\n  lacks " << said;
  }
  EXPECT_NE(refusal("id,query,target\n").find("no column \"story_edges\""), std::string::npos);
  EXPECT_NE(refusal(""), "");
}

TEST(Clutrr, AStoryOfTheGeneratorHasEachFactBothWays) {
  const kinship::Storyteller teller(results::Stream(1));
  results::Stream stream(2);
  const kinship::Story story = teller.tell(teller.chain(4, stream), stream);

  const RelationQuestion question = relation_question(story);

  EXPECT_EQ(question.k, 4);
  EXPECT_EQ(question.edges.size(), 2 * story.facts.size());
  EXPECT_EQ(kinship::relation(question.answer), story.answer);
  for (size_t i = 0; i < story.facts.size(); ++i) {
    const RelationEdge &there = question.edges[2 * i], &back = question.edges[2 * i + 1];
    EXPECT_EQ(std::pair(there.from, there.to), std::pair(back.to, back.from));
    EXPECT_EQ(kinship::inverse(kinship::relation(there.relation).kind),
              kinship::relation(back.relation).kind);
    EXPECT_EQ(kinship::relation(there.relation).sex, story.sexes[static_cast<size_t>(there.to)]);
  }
}

// Rows and lengths as counted in the published files.
TEST(Clutrr, ThePublishedArchiveIsReadWhole) {
  const char* mirror = std::getenv("SAGGIO_MIRROR");
  if (mirror == nullptr || *mirror == '\0')
    GTEST_SKIP() << "set SAGGIO_MIRROR to a folder that has the public data sets";

  const Clutrr clutrr =
      read_clutrr(std::filesystem::path(mirror) / "reasoning/clutrr/data_089907f8.zip");

  EXPECT_EQ(clutrr.train.size(), 10'094U);
  std::map<int, size_t> train, test;
  for (const RelationQuestion& question : clutrr.train) ++train[question.k];
  for (const auto& [k, questions] : clutrr.test) test[k] = questions.size();
  EXPECT_EQ(train, (std::map<int, size_t>{{2, 5096}, {3, 4998}}));
  EXPECT_EQ(test,
            (std::map<int, size_t>{{2, 38},
                                   {3, 105},
                                   {4, 190},
                                   {5, 174},
                                   {6, 107},
                                   {7, 144},
                                   {8, 150},
                                   {9, 119},
                                   {10, 119}}));
  std::set<int32_t> stated;
  for (const RelationQuestion& question : clutrr.train)
    for (const RelationEdge& edge : question.edges) stated.insert(edge.relation);
  EXPECT_EQ(stated.size(), 14U);
}

}  // namespace
}  // namespace saggio::data
