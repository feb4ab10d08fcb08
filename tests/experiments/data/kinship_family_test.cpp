// SPDX-License-Identifier: MIT
#include "experiments/data/kinship/family.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace saggio::data::kinship {
namespace {

// By hand: adam and eve have ben and cora; ben marries dora, who has parents and a brother; they have finn, who marries gwen.
enum : int { adam, eve, ben, cora, hugo, ida, dora, jack, finn, gwen };

Family small_family() {
  Pedigree pedigree;
  pedigree.add(Sex::Male), pedigree.add(Sex::Female);
  pedigree.marry(adam, eve);
  pedigree.add_child(Sex::Male, adam, eve), pedigree.add_child(Sex::Female, adam, eve);
  pedigree.add(Sex::Male), pedigree.add(Sex::Female);
  pedigree.marry(hugo, ida);
  pedigree.add_child(Sex::Female, hugo, ida), pedigree.add_child(Sex::Male, hugo, ida);
  pedigree.marry(ben, dora);
  pedigree.add_child(Sex::Male, ben, dora);
  pedigree.add(Sex::Female);
  pedigree.marry(finn, gwen);
  return Family(pedigree);
}

std::string what_is(const Family& family, int to, int from) {
  const auto relation = family.relation(from, to);
  return relation ? std::string(word(*relation)) : "-";
}

TEST(Family, KnowsTheTenKindsOfKin) {
  const Family family = small_family();

  EXPECT_EQ(what_is(family, adam, ben), "father");
  EXPECT_EQ(what_is(family, cora, eve), "daughter");
  EXPECT_EQ(what_is(family, cora, ben), "sister");
  EXPECT_EQ(what_is(family, ben, dora), "husband");
  EXPECT_EQ(what_is(family, eve, finn), "grandmother");
  EXPECT_EQ(what_is(family, finn, hugo), "grandson");
  EXPECT_EQ(what_is(family, cora, finn), "aunt");
  EXPECT_EQ(what_is(family, jack, finn), "uncle");
  EXPECT_EQ(what_is(family, finn, cora), "nephew");
  EXPECT_EQ(what_is(family, ida, ben), "mother-in-law");
  EXPECT_EQ(what_is(family, gwen, dora), "daughter-in-law");
}

TEST(Family, CallsNobodyElseKin) {
  const Family family = small_family();

  EXPECT_EQ(what_is(family, ben, ben), "-");
  EXPECT_EQ(what_is(family, cora, dora), "-");  // a husband's sister
  EXPECT_EQ(what_is(family, adam, hugo), "-");  // parents of a couple
  EXPECT_EQ(what_is(family, eve, gwen), "-");   // a husband's grandmother
  EXPECT_EQ(what_is(family, jack, adam), "-");
  int pairs = 0;
  for (int from = 0; from < family.size(); ++from) {
    for (int to = 0; to < family.size(); ++to) pairs += family.kind(from, to).has_value();
  }
  // parent and child 5 x 2, spouses 4 couples, siblings 2 pairs, grandparents 4, uncle and aunt 2, in-laws: ben 2, dora 2, gwen 2
  EXPECT_EQ(pairs, 2 * (10 + 4 + 2 + 4 + 2 + 6));
}

TEST(Family, IsSymmetricUpToTheInverseKind) {
  results::Stream stream(4);
  for (int i = 0; i < 20; ++i) {
    const Family family(random_pedigree(stream));
    for (int from = 0; from < family.size(); ++from) {
      for (int to = 0; to < family.size(); ++to) {
        const auto kind = family.kind(from, to), back = family.kind(to, from);
        ASSERT_EQ(kind.has_value(), back.has_value());
        if (kind) {
          ASSERT_EQ(inverse(*kind), *back);
        }
      }
    }
  }
}

TEST(Family, ListsRelativesAsItTellsKinds) {
  results::Stream stream(5);
  const Family family(random_pedigree(stream));
  for (int from = 0; from < family.size(); ++from) {
    for (int kind = 0; kind < kKinds; ++kind) {
      std::vector<int> expected;
      for (int to = 0; to < family.size(); ++to) {
        if (family.kind(from, to) == static_cast<Kind>(kind)) expected.push_back(to);
      }
      const auto listed = family.relatives(from, static_cast<Kind>(kind));
      EXPECT_EQ(std::vector<int>(listed.begin(), listed.end()), expected);
    }
  }
}

TEST(Family, RefusesPeopleWhoAreKinInTwoWays) {
  Pedigree pedigree;
  pedigree.add(Sex::Male), pedigree.add(Sex::Female);
  pedigree.add_child(Sex::Male, 0, 1), pedigree.add_child(Sex::Female, 0, 1);
  pedigree.marry(2, 3);

  try {
    Family family(pedigree);
    FAIL();
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(),
                 "person 3 is both daughter-in-law and daughter to person 0: a pedigree without "
                 "such loops is needed");
  }
}

TEST(Relation, HasTwentyWordsAndAnIndex) {
  std::set<std::string_view> words;
  for (int i = 0; i < kRelations; ++i) {
    EXPECT_EQ(relation(i).index(), i);
    words.insert(word(relation(i)));
  }
  EXPECT_EQ(words.size(), 20U);
  EXPECT_THROW(relation(20), std::invalid_argument);
  EXPECT_THROW(relation(-1), std::invalid_argument);
}

}  // namespace
}  // namespace saggio::data::kinship
