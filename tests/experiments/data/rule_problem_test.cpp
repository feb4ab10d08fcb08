// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "experiments/data/rules/sentence.h"
#include "experiments/data/rules/solve.h"
#include "graph/reasoning/proof_check.h"

namespace saggio::data {
namespace {

using nlohmann::json;

json prontoqa() {
  return {
      {"id", "P_1"},
      {"context",
       "Jompuses are not shy. Each yumpus is a jompus. Every jompus is an impus. Max is a yumpus. "
       "Impuses are sour. Sally is not sour."},
      {"question", "Is the following statement true or false? Max is not shy."},
      {"answer", "A"},
      {"explanation",
       {"Max is a yumpus.",
        "Each yumpus is a jompus.",
        "Max is a jompus.",
        "Jompuses are not shy.",
        "Max is not shy."}}};
}

json prosqa() {
  return {{"question",
           "Every apus is a cpus. Tom is a apus. Every bpus is a dpus. Every cpus is a dpus. "
           "Is Tom a bpus or dpus?"},
          {"answer", "Tom is a dpus."},
          {"steps", {"Tom is a apus.", "Every apus is a cpus.", "Every cpus is a dpus."}},
          {"idx_to_symbol", {"Tom", "apus", "bpus", "cpus", "dpus"}},
          {"edges", json::array({{1, 3}, {0, 1}, {2, 4}, {3, 4}})},
          {"root", 0},
          {"target", 4},
          {"neg_target", 2}};
}

std::vector<RuleProblem> read(const json& item, bool is_prosqa) {
  std::istringstream in(json::array({item}).dump());
  return is_prosqa ? read_prosqa(in, "some.json") : read_prontoqa(in, "some.json");
}

std::string refusal(const std::string& text, bool is_prosqa = false) {
  std::istringstream in(text);
  try {
    is_prosqa ? read_prosqa(in, "some.json") : read_prontoqa(in, "some.json");
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

TEST(RuleSentence, IsReadInItsThreeForms) {
  const struct {
    const char* text;
    bool is_rule;
    const char *subject, *said;
  } sentences[] = {{"Every yumpus is a dumpus.", true, "yumpus", "dumpus"},
                   {"Each yumpus is not shy.", true, "yumpus", "not shy"},
                   {"Each dumpus is an impus.", true, "dumpus", "impus"},
                   {"Jompuses are yumpuses.", true, "jompus", "yumpus"},
                   {"Jompuses are not shy.", true, "jompus", "not shy"},
                   {"Max is a yumpus.", false, "Max", "yumpus"},
                   {"Max is not sour.", false, "Max", "not sour"}};
  for (const auto& [text, is_rule, subject, said] : sentences) {
    const auto read = read_sentence(text);
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(read->is_rule, is_rule) << text;
    EXPECT_EQ(read->subject, subject) << text;
    EXPECT_EQ(read->said, said) << text;
    EXPECT_EQ(opposite(opposite(read->said)), said);
  }
  EXPECT_EQ(opposite("sour"), "not sour");
  for (const char* text : {"",
                           ".",
                           "Every.",
                           "Max is a yumpus",
                           "Max is.",
                           "Max is a.",
                           "Max is not.",
                           "Max was a yumpus.",
                           "Max are shy.",
                           "Jompuses is shy.",
                           "Every yumpus is a big dumpus.",
                           "Max is \"shy\".",
                           "Some yumpus is shy."})
    EXPECT_FALSE(read_sentence(text)) << text;
}

TEST(RuleSentence, IsPutInThreeForms) {
  EXPECT_EQ(rule_sentence("yumpus", "impus", 0), "Every yumpus is an impus.");
  EXPECT_EQ(rule_sentence("yumpus", "not shy", 1), "Each yumpus is not shy.");
  EXPECT_EQ(rule_sentence("yumpus", "jompus", 2), "Yumpuses are jompuses.");
  for (int form = 0; form < 3; ++form)
    for (const char* said : {"impus", "jompus", "shy", "not shy"}) {
      const auto read = read_sentence(rule_sentence("yumpus", said, form));
      ASSERT_TRUE(read) << form << said;
      EXPECT_TRUE(read->is_rule);
      EXPECT_EQ(read->subject, "yumpus");
      EXPECT_EQ(read->said, said);
    }
}

TEST(RuleProblem, OfProntoQAIsSolvedWithThePublishedProof) {
  const std::vector<RuleProblem> problems = read(prontoqa(), false);

  ASSERT_EQ(problems.size(), 1U);
  const RuleProblem& problem = problems[0];
  EXPECT_EQ(problem.individuals, (std::vector<std::string>{"Max", "Sally"}));
  ASSERT_EQ(problem.sentences.size(), 6U);
  EXPECT_EQ(problem.sentences[2], "Every jompus is an impus.");
  EXPECT_EQ(text_of(problem.book.rules[0]), "\"not shy\"(X) :- jompus(X).");
  EXPECT_EQ(problem.options[1].text, "Max is shy");
  EXPECT_EQ(problem.hops, 2);
  const RuleSolution solution = solve(problem);
  EXPECT_EQ(solution.answer, 0U);
  EXPECT_EQ(solution.proof.size(), 3U);  // Max is a yumpus, a jompus, not shy
  EXPECT_EQ(answer_within(problem, solution, 2), 0U);
  EXPECT_EQ(answer_within(problem, solution, 1), std::nullopt);
  EXPECT_TRUE(has_published_premises(problem, solution));
  EXPECT_EQ(graph::first_fault(solution.closure, problem.book, solution.base, solution.proof),
            std::nullopt);
}

TEST(RuleProblem, IsSolvedOnTheNodesThatItsIndividualsAre) {
  const RuleProblem problem = read(prontoqa(), false)[0];
  const std::vector<graph::NodeIndex> nodes = {7, 3}, too_few = {7};

  const RuleSolution solution = solve(problem, nodes);

  EXPECT_EQ(solution.answer, 0U);
  for (const graph::FactIndex fact : solution.proof)
    EXPECT_EQ(solution.closure.facts[fact].first, 7);  // Max
  EXPECT_THROW(solve(problem, too_few), std::invalid_argument);
}

TEST(RuleProblem, HasNoAnswerWhereNoOptionOrBothFollow) {
  json neither = prontoqa(), both = prontoqa();
  neither["question"] = "Is the following statement true or false? Max is tall.";
  both["context"] = both["context"].get<std::string>() + " Every impus is shy.";

  const RuleSolution of_neither = solve(read(neither, false)[0]);
  const RuleSolution of_both = solve(read(both, false)[0]);

  EXPECT_EQ(of_neither.answer, std::nullopt);
  EXPECT_TRUE(of_neither.follow.empty());
  EXPECT_EQ(of_both.answer, std::nullopt);
  EXPECT_EQ(of_both.follow, (std::vector<size_t>{0, 1}));
  EXPECT_TRUE(of_both.proof.empty());
}

TEST(RuleProblem, OfProsQAIsSolvedAndAgreesWithItsGraph) {
  const json item = prosqa();

  const RuleProblem problem = read(item, true)[0];

  EXPECT_EQ(problem.id, "ProsQA_1");
  EXPECT_EQ(problem.options[problem.answer].text, "Tom is a dpus");
  EXPECT_EQ(problem.hops, 2);
  const RuleSolution solution = solve(problem);
  EXPECT_EQ(solution.answer, problem.answer);
  EXPECT_TRUE(has_published_premises(problem, solution));
  const std::pair<const char*, json> changes[] = {
      {"edges", json::array({{1, 3}, {0, 1}, {2, 4}})},
      {"edges", json::array({{1, 3}, {0, 1}, {2, 4}, {3, 5}})},
      {"target", 2},
      {"root", 1},
      {"neg_target", 7},
      {"answer", "Tom is a cpus."},
      {"answer", "Tom is a bpus."},
      {"steps", "one"}};
  for (const auto& [key, value] : changes) {
    json changed = item;
    changed[key] = value;
    const std::string message = refusal(json::array({item, changed}).dump(), true);
    EXPECT_TRUE(message.starts_with("some.json: problem 2: ")) << key << ": " << message;
  }
}

TEST(RuleProblem, RefusesWhatIsWrongWithFileAndPlace) {
  EXPECT_TRUE(refusal("[\n{\"id\": 1,\n]").starts_with("some.json:3: is no JSON"));
  EXPECT_TRUE(refusal("{}").starts_with("some.json:1: "));
  EXPECT_TRUE(refusal("[]").starts_with("some.json:1: "));
  EXPECT_EQ(refusal("[7]"), "some.json: problem 1: no key \"id\"");
  const struct {
    const char* key;
    json value;
    std::string said;
  } changes[] = {{"id", 7, "\"id\" is \"7\""},
                 {"answer", "C", "answer \"C\", allowed: A (true), B (false)"},
                 {"context", "Max likes cake.", "\"Max likes cake.\": allowed is as"},
                 {"context", "Max is shy", "\"Max is shy\": allowed is as"},
                 {"question", "Max is shy.", "question \"Max is shy.\""},
                 {"explanation", 3, "\"explanation\" is \"3\""}};
  for (const auto& [key, value, said] : changes) {
    json changed = prontoqa();
    changed[key] = value;
    const std::string message = refusal(json::array({prontoqa(), changed}).dump());
    EXPECT_TRUE(message.starts_with("some.json: problem 2: ")) << message;
    EXPECT_NE(message.find(said), std::string::npos) << message;
  }
}

struct Tally {
  size_t problems = 0, right = 0, sound = 0, as_published = 0;
  size_t no_longer = 0;  // than the published proof
};

Tally solve_all(const std::vector<RuleProblem>& problems) {
  Tally tally{problems.size()};
  for (const RuleProblem& problem : problems) {
    const RuleSolution solution = solve(problem);
    tally.right += solution.answer == problem.answer;
    tally.sound +=
        !graph::first_fault(solution.closure, problem.book, solution.base, solution.proof);
    tally.as_published += has_published_premises(problem, solution);
    tally.no_longer += solution.proof.size() <= static_cast<size_t>(problem.hops) + 1;
  }
  return tally;
}

class PublishedRules : public testing::Test {
 protected:
  std::ifstream open(const std::string& path) const {
    return std::ifstream(std::filesystem::path(std::getenv("SAGGIO_MIRROR")) / path);
  }
  void SetUp() override {
    const char* mirror = std::getenv("SAGGIO_MIRROR");
    if (mirror == nullptr || *mirror == '\0')
      GTEST_SKIP() << "set SAGGIO_MIRROR to a folder that has the public data sets";
  }
};

TEST_F(PublishedRules, OfProntoQAAreAllSolvedWithProofsThatStand) {
  std::ifstream in = open("reasoning/prontoqa/dev.json");

  const Tally tally = solve_all(read_prontoqa(in, "dev.json"));

  EXPECT_EQ(tally.problems, 500U);
  EXPECT_EQ(tally.right, 500U);
  EXPECT_EQ(tally.sound, 500U);
  EXPECT_EQ(tally.as_published, 500U);
}

TEST_F(PublishedRules, OfProsQAAreAllSolvedWithProofsThatStand) {
  std::ifstream in = open("reasoning/prosqa/valid.json");

  const Tally tally = solve_all(read_prosqa(in, "valid.json"));

  EXPECT_EQ(tally.problems, 300U);
  EXPECT_EQ(tally.right, 300U);
  EXPECT_EQ(tally.sound, 300U);
  EXPECT_EQ(tally.no_longer, 300U);
  EXPECT_EQ(tally.as_published, 223U);  // the others have another proof
}

}  // namespace
}  // namespace saggio::data
