// SPDX-License-Identifier: MIT
#include "experiments/harness/expression.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace saggio::harness {
namespace {

const Values kValues = {{"model.layers", int64_t{2}},
                        {"train.lr", 1e-2},
                        {"model.position", "learned"},
                        {"tied", true},
                        {"order", int64_t{1}}};

struct Case {
  const char* condition;
  bool expected;
};

class Condition : public testing::TestWithParam<Case> {};

TEST_P(Condition, HoldsAsByHand) {
  EXPECT_EQ(holds(GetParam().condition, kValues), GetParam().expected) << GetParam().condition;
}

INSTANTIATE_TEST_SUITE_P(Grammar,
                         Condition,
                         testing::Values(Case{"model.layers == 2", true},
                                         Case{"model.layers != 2", false},
                                         Case{"train.lr > 1e-3", true},
                                         Case{"train.lr<=.001", false},
                                         Case{"model.position == 'learned'", true},
                                         Case{"model.position != \"rotary\"", true},
                                         Case{"tied", true},
                                         Case{"not tied", false},
                                         Case{"tied == false", false},
                                         Case{"model.layers == 1 or tied", true},
                                         Case{"model.layers == 1 and tied or tied",
                                              true},  // and binds tighter
                                         Case{"model.layers == 1 and (tied or tied)", false},
                                         Case{"not (model.layers == 1) and order == 1", true},
                                         Case{"not not tied", true},
                                         Case{"train.lr >= -1", true}));

std::string message_of(const std::string& condition) {
  try {
    holds(condition, kValues);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "(nothing was thrown)";
}

TEST(ConditionErrors, PointAtTheColumn) {
  EXPECT_EQ(message_of("model.layer == 2"),
            "condition \"model.layer == 2\", column 1: unknown key 'model.layer' (did you mean "
            "'model.layers'?)");
  EXPECT_EQ(message_of("tied and"), "condition \"tied and\", column 9: a key expected");
  EXPECT_EQ(message_of("(tied"), "condition \"(tied\", column 6: ')' expected");
  EXPECT_EQ(message_of("tied tied"),
            "condition \"tied tied\", column 6: 'and', 'or' or the end expected");
  EXPECT_EQ(
      message_of("model.layers = 2"),
      "condition \"model.layers = 2\", column 14: a comparison expected: ==, !=, <, <=, >, >=");
  EXPECT_EQ(message_of("model.position < 'x'"),
            "condition \"model.position < 'x'\", column 21: only numbers have an order");
  EXPECT_EQ(message_of("model.layers == 'x'"),
            "condition \"model.layers == 'x'\", column 20: a key and a value of different types "
            "are compared");
  EXPECT_EQ(message_of("model.position == 'x"),
            "condition \"model.position == 'x\", column 19: the closing quote is missing");
}

TEST(ConditionErrors, AreFoundOnBothSidesOfADecidedOr) {
  EXPECT_NE(message_of("tied or nothing").find("unknown key 'nothing'"), std::string::npos);
}

}  // namespace
}  // namespace saggio::harness
