// SPDX-License-Identifier: MIT
// Does the look of a sentence tell whether its fact belongs to the chain? It must not, or a model could skip the reasoning.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <map>

#include "experiments/data/kinship/story.h"
#include "experiments/data/kinship/wording.h"

namespace saggio::data::kinship {
namespace {

// A fact as its sentence shows it.
struct Seen {
  int wording = 0;
  int clause = 0;  // first or second of its sentence
  bool asked_is_y =
      false;  // the person asked about comes as Y, where the fact is about this person
  bool about_asked = false, about_asker = false;
  bool on_chain = false;

  int look() const { return 4 * wording + 2 * clause + asked_is_y; }
};

Seen look_at(const Story& story, int index) {
  const Fact& fact = story.facts[index];
  const Sentence& sentence = story.sentences[fact.sentence];
  const Wording& wording = wordings()[sentence.wording];
  Seen seen;
  seen.wording = sentence.wording;
  seen.clause = sentence.facts[0] == index ? 0 : 1;
  seen.about_asked = fact.from == story.k || fact.to == story.k;
  seen.about_asker = fact.from == 0 || fact.to == 0;
  seen.on_chain = fact.on_chain;
  // Wordings put X before Y, or Y before X; where a name is said twice in a sentence the first
  // place is not this fact's.
  if (seen.about_asked && sentence.facts.size() == 1) {
    const int other = fact.from + fact.to - story.k;
    const bool first =
        sentence.text.find(story.names[story.k]) < sentence.text.find(story.names[other]);
    seen.asked_is_y = first == (wording.pattern.find("{Y}") < wording.pattern.find("{X}"));
  }
  return seen;
}

using Filter = std::function<bool(const Seen&)>;

struct Stories {
  std::vector<Story> stories;
  std::vector<Seen> facts;
};

const Stories& stories() {
  static const Stories result = [] {
    Stories drawn;
    const Storyteller teller(results::Stream(30));
    results::Stream stream(31);
    for (int i = 0; i < 24000; ++i) {
      drawn.stories.push_back(teller.tell(teller.chain(2 + i % 4, stream), stream));
      const Story& story = drawn.stories.back();
      for (size_t fact = 0; fact < story.facts.size(); ++fact)
        drawn.facts.push_back(look_at(story, static_cast<int>(fact)));
    }
    return drawn;
  }();
  return result;
}

// Chi-square statistic of look against membership of the chain, as a normal deviate (Wilson and
// Hilferty 1931).
double deviate(const std::vector<Seen>& facts, const Filter& filter) {
  std::map<int, std::array<double, 2>> counts;
  std::array<double, 2> totals{};
  for (const Seen& seen : facts) {
    if (filter(seen)) ++counts[seen.look()][seen.on_chain], ++totals[seen.on_chain];
  }
  double chi2 = 0;
  for (const auto& [look, count] : counts) {
    for (const int part : {0, 1}) {
      const double expected = (count[0] + count[1]) * totals[part] / (totals[0] + totals[1]);
      chi2 += (count[part] - expected) * (count[part] - expected) / expected;
    }
  }
  const double freedom = static_cast<double>(counts.size()) - 1, spread = 2 / (9 * freedom);
  return (std::cbrt(chi2 / freedom) - (1 - spread)) / std::sqrt(spread);
}

// The best rule that sees a fact's look only, learned on one half, tried on the other: mean of its
// hit rates on facts of the chain and on distractors, less .5, in standard errors.
double classifier_gain(const std::vector<Seen>& facts) {
  std::map<int, std::array<double, 2>> counts;
  std::array<double, 2> learned{}, tried{}, hits{};
  for (size_t i = 0; i < facts.size(); i += 2)
    ++counts[facts[i].look()][facts[i].on_chain], ++learned[facts[i].on_chain];
  for (size_t i = 1; i < facts.size(); i += 2) {
    const auto& count = counts[facts[i].look()];
    const bool guess = count[1] / learned[1] > count[0] / learned[0];
    ++tried[facts[i].on_chain];
    hits[facts[i].on_chain] += guess == facts[i].on_chain;
  }
  const double rate0 = hits[0] / tried[0], rate1 = hits[1] / tried[1];
  const double error =
      std::sqrt(rate0 * (1 - rate0) / tried[0] + rate1 * (1 - rate1) / tried[1]) / 2;
  return ((rate0 + rate1) / 2 - .5) / error;
}

// Each bound here is exceeded by chance with probability .001 (3.1 standard deviations, one-sided).
constexpr double kBound = 3.1;

bool any(const Seen&) { return true; }

TEST(Style, OfWordingsIsTheSameOnAndOffTheChain) {
  const auto& facts = stories().facts;

  // Whether the person asked about comes as Y is for a closer look below: facts about this person
  // are more often on the chain.
  EXPECT_LT(deviate(facts, [](const Seen& seen) { return !seen.about_asked && seen.about_asker; }),
            kBound);
  EXPECT_LT(deviate(facts, [](const Seen& seen) { return !seen.about_asked && !seen.about_asker; }),
            kBound);
  std::vector<Seen> wordings_only = facts;
  for (Seen& seen : wordings_only) seen.asked_is_y = false;
  EXPECT_LT(deviate(wordings_only, any), kBound);
  EXPECT_LT(classifier_gain(wordings_only), kBound);
}

// The last fact of the chain and distractors about the same person: neither the wording nor who
// comes first tells them apart.
TEST(Style, DoesNotGiveTheLastFactAway) {
  std::vector<Seen> facts;
  for (const Seen& seen : stories().facts) {
    if (seen.about_asked && !seen.about_asker) facts.push_back(seen);
  }

  ASSERT_GT(facts.size(), 10000U);
  EXPECT_LT(deviate(facts, any), kBound);
  EXPECT_LT(classifier_gain(facts), kBound);
}

TEST(Style, PutsChainAndDistractorsInTheSamePlaces) {
  double sum = 0, squares = 0, n = 0;
  for (const Story& story : stories().stories) {
    std::array<double, 2> places{}, counts{};
    for (const Fact& fact : story.facts)
      places[fact.on_chain] += fact.sentence, ++counts[fact.on_chain];
    if (counts[0] == 0) continue;
    const double difference = places[1] / counts[1] - places[0] / counts[0];
    sum += difference, squares += difference * difference, ++n;
  }

  EXPECT_LT(std::abs(sum / n) / std::sqrt(squares / n / n), 3.3);  // two-sided, probability .001
}

TEST(Style, GivesEveryFactTheSameChanceToShareItsSentence) {
  std::array<double, 2> shared{}, counts{};
  for (const Story& story : stories().stories) {
    for (const Fact& fact : story.facts) {
      shared[fact.on_chain] += story.sentences[fact.sentence].facts.size() == 2;
      ++counts[fact.on_chain];
    }
  }

  for (const int part : {0, 1}) {
    // The two facts of a pair stand or fall together: twice the variance of independent ones at
    // most.
    EXPECT_NEAR(shared[part] / counts[part], 1. / 3, 3.3 * std::sqrt(2 * 2. / 9 / counts[part]));
  }
}

// A teller that words facts of the chain, but for the last, with a pronoun only: the measures above
// must see it.
TEST(Style, MeasuresFindATellerThatWordsTheChainDifferently) {
  std::vector<Seen> facts;
  for (const Seen& seen : stories().facts) {
    const bool spoilt = seen.on_chain && !seen.about_asked && !wordings()[seen.wording].reveals_x();
    if (!spoilt) facts.push_back(seen);
  }

  EXPECT_GT(deviate(facts, [](const Seen& seen) { return !seen.about_asked; }), 20);
  EXPECT_GT(classifier_gain(facts), 20);
}

}  // namespace
}  // namespace saggio::data::kinship
