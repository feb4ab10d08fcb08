// SPDX-License-Identifier: MIT
#include "experiments/data/kinship/family.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace saggio::data::kinship {
namespace {

// By hand: Adam and Eve have Ben and Cora; Ben marries Dora, who has parents and a brother; they
// have Finn, who marries Gwen.
enum : int { Adam, Eve, Ben, Cora, Hugo, Ida, Dora, Jack, Finn, Gwen };

Family small_family() {
  Pedigree pedigree;
  pedigree.add(Sex::Male), pedigree.add(Sex::Female);
  pedigree.marry(Adam, Eve);
  pedigree.add_child(Sex::Male, Adam, Eve), pedigree.add_child(Sex::Female, Adam, Eve);
  pedigree.add(Sex::Male), pedigree.add(Sex::Female);
  pedigree.marry(Hugo, Ida);
  pedigree.add_child(Sex::Female, Hugo, Ida), pedigree.add_child(Sex::Male, Hugo, Ida);
  pedigree.marry(Ben, Dora);
  pedigree.add_child(Sex::Male, Ben, Dora);
  pedigree.add(Sex::Female);
  pedigree.marry(Finn, Gwen);
  return Family(pedigree);
}

std::string what_is(const Family& family, int to, int from) {
  const auto relation = family.relation(from, to);
  return relation ? std::string(word(*relation)) : "-";
}

TEST(Family, KnowsTheTenKindsOfKin) {
  const Family family = small_family();

  EXPECT_EQ(what_is(family, Adam, Ben), "father");
  EXPECT_EQ(what_is(family, Cora, Eve), "daughter");
  EXPECT_EQ(what_is(family, Cora, Ben), "sister");
  EXPECT_EQ(what_is(family, Ben, Dora), "husband");
  EXPECT_EQ(what_is(family, Eve, Finn), "grandmother");
  EXPECT_EQ(what_is(family, Finn, Hugo), "grandson");
  EXPECT_EQ(what_is(family, Cora, Finn), "aunt");
  EXPECT_EQ(what_is(family, Jack, Finn), "uncle");
  EXPECT_EQ(what_is(family, Finn, Cora), "nephew");
  EXPECT_EQ(what_is(family, Ida, Ben), "mother-in-law");
  EXPECT_EQ(what_is(family, Gwen, Dora), "daughter-in-law");
}

TEST(Family, CallsNobodyElseKin) {
  const Family family = small_family();

  EXPECT_EQ(what_is(family, Ben, Ben), "-");
  EXPECT_EQ(what_is(family, Cora, Dora), "-");  // a husband's sister
  EXPECT_EQ(what_is(family, Adam, Hugo), "-");  // parents of a couple
  EXPECT_EQ(what_is(family, Eve, Gwen), "-");   // a husband's grandmother
  EXPECT_EQ(what_is(family, Jack, Adam), "-");
  int pairs = 0;
  for (int from = 0; from < family.size(); ++from) {
    for (int to = 0; to < family.size(); ++to) pairs += family.kind(from, to).has_value();
  }
  // parent and child 5 x 2, spouses 4 couples, siblings 2 pairs, grandparents 4, uncle and aunt 2,
  // in-laws: Ben 2, Dora 2, Gwen 2
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
