// SPDX-License-Identifier: MIT
#include "models/early_stopping.h"

#include <gtest/gtest.h>

#include <cmath>
#include <utility>
#include <vector>

namespace saggio::models {
namespace {

using Epochs = std::vector<std::pair<double, double>>;  // loss, accuracy

// How many epochs it lets run, and the number of the best, from 1 on.
std::pair<int, int> ended(const EarlyStoppingOptions& options, const Epochs& epochs) {
  EarlyStopping stopping(options);
  int epoch = 0, best = 0;
  for (const auto& [loss, accuracy] : epochs) {
    if (stopping.over()) break;
    ++epoch;
    if (stopping.observe(loss, accuracy)) best = epoch;
  }
  return {epoch, best};
}

TEST(EarlyStopping, WaitsAsLongAsThePatienceIs) {
  const Epochs epochs = {{3, 0}, {2, 0}, {2, 0}, {4, 0}, {5, 0}, {1, 0}};

  EXPECT_EQ(ended({.patience = 2}, epochs), std::pair(4, 2));
  EXPECT_EQ(ended({.patience = 3}, epochs), std::pair(5, 2));
  EXPECT_EQ(ended({.patience = 4}, epochs), std::pair(6, 6));
  EXPECT_EQ(ended({.patience = 0}, epochs), std::pair(6, 6));
}

TEST(EarlyStopping, WatchesWhatItIsToldTo) {
  const Epochs epochs = {{3, .5}, {2, .4}, {2.5, .5}, {2.5, .7}, {2, .7}, {3, .1}, {3, .1}};

  EXPECT_EQ(ended({.patience = 2, .watch = "loss"}, epochs), std::pair(4, 2));
  EXPECT_EQ(ended({.patience = 2, .watch = "accuracy"}, epochs), std::pair(3, 1));
  // Either is as good as ever: 1, 2, 3, 4, 5; both: 1 and 5.
  EXPECT_EQ(ended({.patience = 2, .watch = "either"}, epochs), std::pair(7, 5));
}

TEST(EarlyStopping, NeverTakesALossThatIsNoNumberForTheBest) {
  EXPECT_EQ(ended({.patience = 2}, {{std::nan(""), 0}, {1, 0}, {std::nan(""), 1}}),
            std::pair(3, 2));
}

}  // namespace
}  // namespace saggio::models
