// SPDX-License-Identifier: MIT
#include "experiments/data/rules/generate.h"

#include <gtest/gtest.h>

#include <set>

#include "experiments/data/rules/sentence.h"
#include "experiments/data/rules/solve.h"
#include "graph/reasoning/proof_check.h"

namespace saggio::data {
namespace {

// All that is said of somebody, by walking over the sentences until nothing is new.
std::set<std::string> all_said_of(const std::string& name, const RuleProblem& problem) {
  std::set<std::string> said;
  for (size_t before = 1; before != said.size();) {
    before = said.size();
    for (const std::string& sentence : problem.sentences) {
      const RuleSentence read = read_sentence(sentence).value();
      if (read.is_rule ? said.contains(read.subject) : read.subject == name) said.insert(read.said);
    }
    if (said.empty()) break;
  }
  return said;
}

TEST(GeneratedRules, FollowByExactlyTheGivenProof) {
  results::Stream stream(1);
  for (int hops = 1; hops <= 12; ++hops)
    for (int i = 0; i < 20; ++i) {
      const RuleProblem problem = generate_problem("one", hops, 2 + i, stream);
      const RuleSolution solution = solve(problem);

      EXPECT_EQ(problem.hops, hops);
      EXPECT_EQ(problem.sentences.size(), static_cast<size_t>(hops + 2 + i + 2));  // and two facts
      EXPECT_EQ(solution.answer, problem.answer);
      EXPECT_EQ(solution.proof.size(), static_cast<size_t>(hops) + 1);
      EXPECT_TRUE(has_published_premises(problem, solution));
      EXPECT_EQ(answer_within(problem, solution, hops), problem.answer);
      EXPECT_EQ(answer_within(problem, solution, hops - 1), std::nullopt);
      EXPECT_EQ(graph::first_fault(solution.closure, problem.book, solution.base, solution.proof),
                std::nullopt);
    }
}

TEST(GeneratedRules, SayOneThingAndNotItsOppositeOfWhoIsAskedAbout) {
  results::Stream stream(2);
  for (int i = 0; i < 100; ++i) {
    const RuleProblem problem = generate_problem("one", 1 + i % 10, 20, stream);
    const RuleSentence holds = read_sentence(problem.proof.back()).value();

    const std::set<std::string> said = all_said_of(holds.subject, problem);

    EXPECT_TRUE(said.contains(holds.said)) << i;
    for (const std::string& one : said) EXPECT_FALSE(said.contains(opposite(one))) << i << one;
    EXPECT_TRUE(problem.options[problem.answer].text + "." == problem.proof.back()) << i;
  }
}

TEST(GeneratedRules, GiveNothingAwayByTheWordsOfTheQuestion) {
  results::Stream stream(3);
  int is_true = 0, is_negative = 0;
  constexpr int kProblems = 400;
  for (int i = 0; i < kProblems; ++i) {
    const RuleProblem problem = generate_problem("one", 3, 5, stream);
    is_true += problem.answer == 0;
    is_negative += read_sentence(problem.options[0].text + ".")->said.starts_with("not ");
    const std::string asked = read_sentence(problem.proof.back())->said;
    const auto says = [&](const std::string& said) {
      return std::count_if(problem.sentences.begin(), problem.sentences.end(), [&](const auto& s) {
        return read_sentence(s)->said == said;
      });
    };
    EXPECT_EQ(says(asked), 1);
    EXPECT_EQ(says(opposite(asked)), 1);
  }
  // Fair coins lie within 5 standard deviations, 5 * 10, but for 6 in 10 million.
  EXPECT_NEAR(is_true, kProblems / 2.0, 50);
  EXPECT_NEAR(is_negative, kProblems / 2.0, 50);
}

TEST(GeneratedRules, AreAPureFunctionOfTheStream) {
  results::Stream one(4), two(4), other(5);
  const auto text = [](results::Stream& stream) {
    return generate_problem("one", 5, 10, stream).sentences;
  };

  EXPECT_EQ(text(one), text(two));
  EXPECT_NE(text(one), text(other));
}

TEST(GeneratedRules, RefusesLengthsThatItHasNoWordsFor) {
  results::Stream stream(1);
  EXPECT_THROW(generate_problem("one", 0, 5, stream), std::invalid_argument);
  EXPECT_THROW(generate_problem("one", kMostHops + 1, 5, stream), std::invalid_argument);
  EXPECT_THROW(generate_problem("one", 5, 1, stream), std::invalid_argument);
  EXPECT_EQ(generate_problem("one", kMostHops, kMostAside, stream).hops, kMostHops);
}

}  // namespace
}  // namespace saggio::data
