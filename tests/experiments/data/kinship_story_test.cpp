// SPDX-License-Identifier: MIT
#include "experiments/data/kinship/story.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <sstream>

#include "experiments/data/kinship/wording.h"

namespace saggio::data::kinship {
namespace {

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

// Reads a sentence against its pattern, independently of render(): what fills each slot.
std::map<char, std::string> read(const Sentence& sentence) {
  const auto pattern = words_of(std::string(wordings()[sentence.wording].pattern));
  const auto words = words_of(sentence.text);
  std::map<char, std::string> slots;
  size_t at = 0;
  for (const std::string& slot : pattern) {
    if (slot[0] != '{') {
      EXPECT_EQ(words.at(at++), slot) << sentence.text;
    } else if (slot[1] == 'd') {  // two or more words: up to the next fixed one, or the end
      const std::string next = &slot == &pattern.back() ? "" : *(&slot + 1);
      while (at < words.size() && words[at] != next) ++at;
    } else {
      if (slot[1] == 'a' || slot[1] == 'b') {
        const std::string article = words.at(at++);
        EXPECT_EQ(article,
                  std::string("aeiou").find(words.at(at)[0]) == std::string::npos ? "a" : "an");
      }
      slots[slot[1]] = words.at(at++);
    }
  }
  EXPECT_EQ(at, words.size()) << sentence.text;
  return slots;
}

int person(const Story& story, const std::string& name) {
  const auto found = std::find(story.names.begin(), story.names.end(), name);
  return found == story.names.end() ? -1 : static_cast<int>(found - story.names.begin());
}

std::string pronoun(Sex sex) { return sex == Sex::Male ? "his" : "her"; }

// Checks one statement "y is `word` to x" against the gold fact; notes whose sex it tells.
void check_statement(const Story& story,
                     const Fact& fact,
                     std::string x,
                     std::string y,
                     std::string kin,
                     std::string his,
                     std::set<int>& sexed) {
  const int from = person(story, x), to = person(story, y);
  const bool forward = from == fact.from && to == fact.to;
  ASSERT_TRUE(forward || (from == fact.to && to == fact.from)) << x << ' ' << y;
  EXPECT_EQ(kin, word(forward ? fact.relation : fact.inverse));
  sexed.insert(to);
  if (his.empty()) return;
  EXPECT_EQ(his, pronoun(forward ? fact.inverse.sex : fact.relation.sex));
  sexed.insert(from);
}

std::set<int> check_sentence(const Story& story, const Sentence& sentence) {
  auto slots = read(sentence);
  std::set<int> sexed;
  if (sentence.facts.empty()) return sexed;
  auto kin = slots.count('a') ? slots['a'] : slots['r'];
  check_statement(
      story, story.facts[sentence.facts[0]], slots['X'], slots['Y'], kin, slots['p'], sexed);
  if (sentence.facts.size() == 1) return sexed;
  kin = slots.count('b') ? slots['b'] : slots['s'];
  check_statement(
      story, story.facts[sentence.facts[1]], slots['U'], slots['V'], kin, slots['q'], sexed);
  return sexed;
}

template <typename Check>
void for_many_stories(const Telling& telling, Check check) {
  const Storyteller teller(results::Stream(3), telling);
  results::Stream stream(4);
  for (int k = 1; k <= 7; ++k) {
    for (int i = 0; i < 40; ++i) {
      const Chain chain = teller.chain(k, stream);
      check(teller, chain, teller.tell(chain, stream));
    }
  }
}

TEST(Story, SaysInItsTextWhatItsFactsSay) {
  for (const bool heldout : {false, true}) {
    for_many_stories({.heldout_wordings = heldout},
                     [](const Storyteller&, const Chain&, const Story& story) {
                       std::set<int> stated;
                       for (size_t i = 0; i < story.sentences.size(); ++i) {
                         check_sentence(story, story.sentences[i]);
                         for (const int fact : story.sentences[i].facts) {
                           EXPECT_EQ(story.facts[fact].sentence, static_cast<int>(i));
                           EXPECT_TRUE(stated.insert(fact).second);
                         }
                       }
                       EXPECT_EQ(stated.size(), story.facts.size());
                     });
  }
}

TEST(Story, TellsTheSexOfThePersonAskedAboutInEveryFactAboutThem) {
  int hidden = 0;
  for_many_stories({}, [&](const Storyteller&, const Chain&, const Story& story) {
    std::set<int> all;
    for (const Sentence& sentence : story.sentences) {
      const std::set<int> sexed = check_sentence(story, sentence);
      for (const int fact : sentence.facts) {
        const bool asked = story.facts[fact].from == story.k || story.facts[fact].to == story.k;
        EXPECT_TRUE(!asked || sexed.contains(story.k));
      }
      all.insert(sexed.begin(), sexed.end());
    }
    hidden += all.size() < story.names.size();
  });
  EXPECT_GT(hidden, 100);  // of 280: the others' sex may stay open
}

TEST(Story, TellsTheTruthAboutTheFamily) {
  for_many_stories({}, [](const Storyteller& teller, const Chain& chain, const Story& story) {
    const Family& family = teller.family(chain.family);
    for (int i = 0; i < story.k; ++i) {
      EXPECT_TRUE(story.facts[i].on_chain);
      EXPECT_EQ(story.facts[i].relation, family.relation(chain.people[i], chain.people[i + 1]));
    }
    EXPECT_EQ(story.answer, family.relation(chain.people.front(), chain.people.back()));
    for (const Step& step : story.derivation) {
      EXPECT_EQ(step.first, family.relation(chain.people[step.from], chain.people[step.via]));
      EXPECT_EQ(step.second, family.relation(chain.people[step.via], chain.people[step.to]));
      EXPECT_EQ(step.result, family.relation(chain.people[step.from], chain.people[step.to]));
    }
  });
}

TEST(Story, HasFactsThatFormATreeSoThatNoShortcutExists) {
  for_many_stories({.min_distractors = 0, .max_distractors = 10},
                   [](const Storyteller&, const Chain&, const Story& story) {
                     std::set<int> known = {0};
                     for (size_t i = 0; i < story.facts.size(); ++i) {
                       const Fact& fact = story.facts[i];
                       EXPECT_EQ(fact.on_chain, static_cast<int>(i) < story.k);
                       EXPECT_TRUE(known.contains(fact.from));
                       EXPECT_TRUE(known.insert(fact.to).second);
                       EXPECT_EQ(fact.inverse.kind, inverse(fact.relation.kind));
                     }
                     EXPECT_EQ(known.size(), story.names.size());
                     EXPECT_EQ(std::set<std::string>(story.names.begin(), story.names.end()).size(),
                               story.names.size());
                   });
}

TEST(Story, IsDerivedFromItsFactsStepByStep) {
  const Composition rules = Composition::standard();
  for_many_stories({}, [&](const Storyteller&, const Chain&, const Story& story) {
    std::map<std::pair<int, int>, Relation> known;
    for (int i = 0; i < story.k; ++i) known[{i, i + 1}] = story.facts[i].relation;
    for (const Step& step : story.derivation) {
      ASSERT_TRUE(known.contains({step.from, step.via}) && known.contains({step.via, step.to}));
      EXPECT_EQ(known.at({step.from, step.via}), step.first);
      EXPECT_EQ(known.at({step.via, step.to}), step.second);
      EXPECT_EQ(rules.compose(step.first.kind, step.second.kind), step.result.kind);
      known[{step.from, step.to}] = step.result;
    }
    EXPECT_EQ(story.derivation.size(), static_cast<size_t>(story.k - 1));
    EXPECT_EQ(known.at({0, story.k}), story.answer);
  });
}

TEST(Story, ComesOutTheSameFromTheSameStream) {
  const Storyteller one(results::Stream(3)), other(results::Stream(3)),
      elsewhere(results::Stream(5));
  for (uint64_t number = 0; number < 20; ++number) {
    results::Stream a(number), b(number), c(number);
    const Story first = one.tell(one.chain(3, a), a), second = other.tell(other.chain(3, b), b);
    EXPECT_EQ(first.text() + first.question(), second.text() + second.question());
    EXPECT_NE(first.text(), elsewhere.tell(elsewhere.chain(3, c), c).text());
  }
}

TEST(Story, KeepsToTheNumbersOfDistractorsAndFillers) {
  for_many_stories({2, 4, 1, 1}, [](const Storyteller&, const Chain&, const Story& story) {
    const auto extras = static_cast<int>(story.facts.size()) - story.k;
    EXPECT_TRUE(extras >= 2 && extras <= 4);
    int fillers = 0;
    for (const Sentence& sentence : story.sentences) fillers += sentence.facts.empty();
    EXPECT_EQ(fillers, 1);
  });
}

TEST(Story, UsesHeldOutWordingsOnlyWhenAsked) {
  for (const bool asked : {false, true}) {
    for_many_stories({.heldout_wordings = asked},
                     [&](const Storyteller&, const Chain&, const Story& story) {
                       for (const Sentence& sentence : story.sentences) {
                         if (sentence.facts.empty()) continue;
                         EXPECT_EQ(wordings()[sentence.wording].use == Use::HeldOut, asked);
                       }
                     });
  }
}

TEST(Story, IsAnonymousUpToNames) {
  Story story;
  story.k = 1;
  story.names = {"balen", "detok"};
  story.sentences = {{"the son of detok is balen .", 1, {0}}};
  Story other = story;
  other.names = {"zimir", "luras"};
  other.sentences[0].text = "the son of luras is zimir .";

  EXPECT_EQ(story.anonymous(), "the son of @0 is @1 . what is @0 to @1 ? ");
  EXPECT_EQ(other.anonymous(), story.anonymous());
}

TEST(Names, AreEightyDifferentWords) {
  const std::set<std::string_view> different(names().begin(), names().end());
  EXPECT_EQ(different.size(), 80U);
  EXPECT_TRUE(different.contains("balen"));
  EXPECT_TRUE(different.contains("zivin"));
}

TEST(Wordings, AreTenOfOneFactThreeOfTwoAndTwoHeldOut) {
  std::map<Use, int> count;
  for (const Wording& wording : wordings()) ++count[wording.use];
  EXPECT_EQ(count[Use::OneFact], 10);
  EXPECT_EQ(count[Use::TwoFacts], 3);
  EXPECT_EQ(count[Use::HeldOut], 2);
}

TEST(Storyteller, RefusesWhatItCannotTell) {
  const Storyteller teller(results::Stream(1));
  results::Stream stream(1);

  EXPECT_THROW(teller.chain(0, stream), std::invalid_argument);
  EXPECT_THROW(teller.chain(kMaxChain + 1, stream), std::invalid_argument);
  EXPECT_THROW(Storyteller(results::Stream(1), {.min_distractors = 3, .max_distractors = 2}),
               std::invalid_argument);
  EXPECT_THROW(Storyteller(results::Stream(1), {.max_fillers = 11}), std::invalid_argument);
  EXPECT_THROW(Storyteller(results::Stream(1), {}, 0), std::invalid_argument);
}

}  // namespace
}  // namespace saggio::data::kinship
