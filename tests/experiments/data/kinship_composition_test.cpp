// SPDX-License-Identifier: MIT
#include "experiments/data/kinship/composition.h"

#include <gtest/gtest.h>

namespace saggio::data::kinship {
namespace {

using enum Kind;

TEST(Composition, HasTheRulesThatEveryoneKnows) {
  const Composition rules = Composition::standard();

  EXPECT_EQ(rules.compose(Parent, Parent), Grandparent);
  EXPECT_EQ(rules.compose(Parent, Child), Sibling);
  EXPECT_EQ(rules.compose(Child, Parent), Spouse);
  EXPECT_EQ(rules.compose(Parent, Sibling), UncleAunt);
  EXPECT_EQ(rules.compose(Sibling, Child), NephewNiece);
  EXPECT_EQ(rules.compose(Child, Sibling), Child);
  EXPECT_EQ(rules.compose(Spouse, Parent), ParentInLaw);
  EXPECT_EQ(rules.compose(ChildInLaw, ParentInLaw), Spouse);
  EXPECT_EQ(rules.compose(Child, NephewNiece), Grandchild);
}

TEST(Composition, DropsWhatIsAmbiguousOrNoKin) {
  const Composition rules = Composition::standard();

  EXPECT_EQ(rules.compose(Grandparent, Child), std::nullopt);   // a parent, or an uncle
  EXPECT_EQ(rules.compose(Spouse, Sibling), std::nullopt);      // no kin here
  EXPECT_EQ(rules.compose(Grandparent, Parent), std::nullopt);  // a great-grandparent
}

// The same enumeration in another implementation, over 150 trees of its own: 28 rules from 95 pairs
// of kinds.
TEST(Composition, Keeps28Of95Pairs) {
  const Composition rules = Composition::standard();

  EXPECT_EQ(rules.rules(), 28);
  EXPECT_EQ(rules.observed_pairs(), 95);
}

TEST(Composition, DoesNotDependOnTheFamiliesItIsDerivedFrom) {
  const Composition rules = Composition::standard();
  results::Stream stream(77);
  std::vector<Family> families;
  for (int i = 0; i < 150; ++i) families.emplace_back(random_pedigree(stream));
  const Composition other = Composition::derive(families);

  for (int a = 0; a < kKinds; ++a) {
    for (int b = 0; b < kKinds; ++b) {
      EXPECT_EQ(rules.compose(static_cast<Kind>(a), static_cast<Kind>(b)),
                other.compose(static_cast<Kind>(a), static_cast<Kind>(b)));
    }
  }
}

// (x . y)^-1 = y^-1 . x^-1
TEST(Composition, IsClosedUnderInversion) {
  const Composition rules = Composition::standard();
  for (int a = 0; a < kKinds; ++a) {
    for (int b = 0; b < kKinds; ++b) {
      const auto forth = rules.compose(static_cast<Kind>(a), static_cast<Kind>(b));
      const auto back = rules.compose(inverse(static_cast<Kind>(b)), inverse(static_cast<Kind>(a)));
      ASSERT_EQ(forth.has_value(), back.has_value());
      if (forth) {
        EXPECT_EQ(inverse(*forth), *back);
      }
    }
  }
}

// Reference: every bracketing, without a table.
KindSet all_bracketings(const Composition& rules, std::span<const Kind> chain) {
  if (chain.size() == 1) return only(chain[0]);
  KindSet results = 0;
  for (size_t split = 1; split < chain.size(); ++split) {
    const KindSet left = all_bracketings(rules, chain.first(split)),
                  right = all_bracketings(rules, chain.subspan(split));
    for (int a = 0; a < kKinds; ++a) {
      for (int b = 0; b < kKinds; ++b) {
        const auto made = rules.compose(static_cast<Kind>(a), static_cast<Kind>(b));
        if (made && (left >> a & 1) && (right >> b & 1)) results |= only(*made);
      }
    }
  }
  return results;
}

TEST(Reducer, FindsWhatAllBracketingsFind) {
  const Composition rules = Composition::standard();
  results::Stream stream(8);
  int reducible = 0;
  for (int i = 0; i < 5000; ++i) {
    std::vector<Kind> chain(1 + stream.below(7));
    for (Kind& kind : chain)
      kind = static_cast<Kind>(stream.below(4));  // the kinds that compose most
    Reducer reducer(rules);
    bool hope = true;
    for (const Kind kind : chain) hope = reducer.push(kind);

    EXPECT_EQ(reducer.result(), all_bracketings(rules, chain));
    if (reducer.result() != 0) {
      EXPECT_TRUE(hope);
    }
    reducible += reducer.result() != 0;
  }
  EXPECT_GT(reducible, 500);
}

TEST(Reducer, GivesUpOnlyWhereNoContinuationHelps) {
  const Composition rules = Composition::standard();
  int hopeless = 0;
  for (int code = 0; code < 1000; ++code) {
    Reducer reducer(rules);
    const Kind chain[] = {static_cast<Kind>(code / 100),
                          static_cast<Kind>(code / 10 % 10),
                          static_cast<Kind>(code % 10)};
    reducer.push(chain[0]);
    const bool hope = reducer.push(chain[1]);
    if (reducer.push(chain[2])) {
      EXPECT_TRUE(hope);
    }
    if (reducer.result() != 0) {
      EXPECT_TRUE(hope);
    }
    hopeless += !hope;
  }
  EXPECT_GT(hopeless, 0);
  // By hand: what begins with a grandparent is at most a grandparent (their spouse is), and a
  // grandchild's grandparent is no one kind.
  Reducer reducer(rules);
  EXPECT_TRUE(reducer.push(Grandchild));
  EXPECT_FALSE(reducer.push(Grandparent));
}

TEST(Derivation, IsTheHandMadeOne) {
  const Composition rules = Composition::standard();
  const std::vector<Kind> chain = {
      Parent, Spouse, Sibling};  // my father's wife's sister: my mother's sister, my aunt

  const auto brackets = rules.derivation(chain, UncleAunt);

  ASSERT_TRUE(brackets && brackets->size() == 2U);
  EXPECT_EQ((*brackets)[0].begin, 0);
  EXPECT_EQ((*brackets)[0].end, 2);
  EXPECT_EQ((*brackets)[0].result, Parent);
  EXPECT_EQ((*brackets)[1].split, 2);
  EXPECT_EQ((*brackets)[1].second, Sibling);
  EXPECT_EQ((*brackets)[1].result, UncleAunt);
  EXPECT_EQ(rules.derivation(chain, Parent), std::nullopt);
}

TEST(Reducer, RefusesChainsThatAreTooLong) {
  const Composition rules = Composition::standard();
  Reducer reducer(rules);
  for (int i = 0; i < kMaxChain; ++i) reducer.push(Sibling);

  EXPECT_THROW(reducer.push(Sibling), std::invalid_argument);
}

}  // namespace
}  // namespace saggio::data::kinship
