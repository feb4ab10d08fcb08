// SPDX-License-Identifier: MIT
#include "experiments/data/kinship/corpus.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "experiments/data/kinship/wording.h"
#include "results/store/hash.h"

namespace saggio::data::kinship {
namespace {

const Corpora& standard() {
  static const Corpora corpora = render_corpora(results::Stream(1));
  return corpora;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string without_names(const std::string& line) {
  const std::set<std::string_view> known(names().begin(), names().end());
  std::map<std::string, int> numbers;
  std::istringstream stream(line);
  std::string result;
  for (std::string word; stream >> word;) {
    if (!known.contains(word)) {
      result += word + ' ';
    } else {
      result += std::to_string(numbers.emplace(word, numbers.size()).first->second) + ' ';
    }
  }
  return result;
}

TEST(Corpora, AreAsLongAsAskedForButForLessThanAStory) {
  const Corpora& corpora = standard();

  EXPECT_LE(corpora.train.text.size(), 350000U);
  EXPECT_GT(corpora.train.text.size(), 349000U);
  EXPECT_LE(corpora.heldout.text.size(), 40000U);
  EXPECT_GT(corpora.heldout.text.size(), 39000U);
}

TEST(Corpora, TellWhereTheAnswersAre) {
  for (const Corpus* corpus : {&standard().train, &standard().heldout}) {
    const auto lines = lines_of(corpus->text);
    ASSERT_EQ(corpus->answers.size(), lines.size());
    size_t start = 0, bytes = 0;
    for (size_t i = 0; i < lines.size(); ++i) {
      const Answer& answer = corpus->answers[i];
      EXPECT_EQ(answer.offset + answer.bytes, start + lines[i].size());
      EXPECT_EQ(corpus->text.substr(answer.offset - 2, 2), "? ");
      start += lines[i].size() + 1;
      bytes += answer.bytes;
    }
    EXPECT_EQ(corpus->answer_bytes(), bytes);
  }
}

TEST(Corpora, ShareNoStoryNotEvenUpToNames) {
  std::set<std::string> train;
  for (const std::string& line : lines_of(standard().train.text)) train.insert(without_names(line));

  for (const std::string& line : lines_of(standard().heldout.text))
    EXPECT_FALSE(train.contains(without_names(line))) << line;
}

// Two facts and nothing else, in a large training part: some stories repeat, and are drawn again.
TEST(Corpora, DrawHeldOutStoriesAgainThatTheTrainingPartHas) {
  CorpusOptions options{.train_bytes = 400'000,
                        .heldout_bytes = 20'000,
                        .chain_lengths = {1},
                        .telling = {0, 0, 0, 0},
                        .quota = {1000, 1000}};

  const Corpora corpora = render_corpora(results::Stream(1), options);

  EXPECT_GT(corpora.redrawn, 0U);
  std::set<std::string> train;
  for (const std::string& line : lines_of(corpora.train.text)) train.insert(without_names(line));
  for (const std::string& line : lines_of(corpora.heldout.text))
    EXPECT_FALSE(train.contains(without_names(line))) << line;
}

TEST(Corpora, MixTheChainLengthsEqually) {
  std::map<int, double> counts;
  for (const Answer& answer : standard().train.answers) ++counts[answer.k];

  ASSERT_EQ(counts.size(), 3U);
  const double each = static_cast<double>(standard().train.answers.size()) / 3;
  for (const auto& [k, count] : counts)
    EXPECT_NEAR(count, each, 67);  // all blocks are equal but the last one, of 300
}

TEST(Corpora, RefuseWhatIsTooSmallOrEmpty) {
  EXPECT_THROW(render_corpora(results::Stream(1), {.train_bytes = 9999}), std::invalid_argument);
  EXPECT_THROW(render_corpora(results::Stream(1), {.heldout_bytes = 0}), std::invalid_argument);
  EXPECT_THROW(render_corpora(results::Stream(1), {.chain_lengths = {}}), std::invalid_argument);
  EXPECT_THROW(render_corpora(results::Stream(1), {.chain_lengths = {2, 13}}),
               std::invalid_argument);
}

// Golden: the same bytes on every machine, and in every version that does not say "Changed
// results".
TEST(Corpora, AreTheSameBytesAsEver) {
  EXPECT_EQ(results::sha256(standard().train.text),
            "76665df8bfa5c9b267b74a65af9ee2019f47ac6718b704b94f91fb05049f0c0b");
  EXPECT_EQ(results::sha256(standard().heldout.text),
            "5559fba545f2b96ded54ebf72b030e955246afa43b02b2ea85e246b8165f3ce2");
}

std::string describe(const Story& story) {
  std::string out = fmt::format("{}\n{} {}\n", story.text(), story.question(), story.answer_word());
  for (const Fact& fact : story.facts) {
    out += fmt::format("  {} {} is {} of {}, sentence {}\n",
                       fact.on_chain ? "chain     " : "distractor",
                       story.names[fact.to],
                       word(fact.relation),
                       story.names[fact.from],
                       fact.sentence);
  }
  for (const Step& step : story.derivation) {
    out += fmt::format("  {} of {} + {} of {}: {} is {} of {}\n",
                       word(step.first),
                       story.names[step.from],
                       word(step.second),
                       story.names[step.via],
                       story.names[step.to],
                       word(step.result),
                       story.names[step.from]);
  }
  return out + "\n";
}

// Stories of every length from one stream, with their facts and derivations. Rewritten by
// SAGGIO_REWRITE_GOLDEN=1, then reviewed.
TEST(Story, IsTheGoldenOne) {
  const std::string path = "tests/golden/kinship_stories.txt";
  const Storyteller teller(results::Stream(7).split("world"));
  results::Stream stream = results::Stream(7).split("stories");
  std::string stories;
  for (int k = 1; k <= 8; ++k) stories += describe(teller.tell(teller.chain(k, stream), stream));

  if (std::getenv("SAGGIO_REWRITE_GOLDEN")) std::ofstream(path) << stories;
  std::ifstream file(path);
  EXPECT_EQ(stories, std::string(std::istreambuf_iterator<char>(file), {}));
}

}  // namespace
}  // namespace saggio::data::kinship
