// SPDX-License-Identifier: MIT
#include "experiments/data/answers.h"

#include <gtest/gtest.h>

namespace saggio::data {
namespace {

std::vector<int32_t> list(std::span<const int32_t> nodes) { return {nodes.begin(), nodes.end()}; }

TEST(Answers, EveryFactAnswersAQuestionInEachDirection) {
  const std::vector<Triple> train = {{0, 1, 2}, {0, 1, 1}, {0, 1, 2}}, test = {{3, 1, 2}};
  const Answers answers(2, {train, test});

  EXPECT_EQ(answers.queries(), (std::vector<Query>{{0, 1}, {1, 3}, {2, 3}, {3, 1}}));
  EXPECT_EQ(list(answers.of(Query{0, 1})), (std::vector<int32_t>{1, 2}));
  EXPECT_EQ(list(answers.of(Query{2, 3})), (std::vector<int32_t>{0, 3}));
  EXPECT_EQ(list(answers.of(3)), (std::vector<int32_t>{2}));
}

TEST(Answers, AQuestionThatNoFactAnswersHasNone) {
  const std::vector<Triple> train = {{0, 0, 1}};
  const Answers answers(1, {train});

  EXPECT_TRUE(answers.of(Query{1, 0}).empty());
  EXPECT_TRUE(answers.of(Query{7, 1}).empty());
  EXPECT_TRUE(Answers(1, {}).of(Query{0, 0}).empty());
}

}  // namespace
}  // namespace saggio::data
