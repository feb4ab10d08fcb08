// SPDX-License-Identifier: MIT
#include "results/pages/label_layout.h"

#include <gtest/gtest.h>

#include "results/random.h"

namespace saggio::results {
namespace {

constexpr Box kCanvas{0, 0, 600, 400};

TEST(LabelLayout, ALoneLabelStandsAtTheRightOfItsPoint) {
  const std::vector<Box> boxes = place_labels({{100, 200, 60, 18}}, {}, kCanvas);

  ASSERT_EQ(boxes.size(), 1U);
  EXPECT_DOUBLE_EQ(boxes[0].left, 110);
  EXPECT_DOUBLE_EQ(boxes[0].right, 170);
  EXPECT_DOUBLE_EQ(boxes[0].bottom, 191);
}

TEST(LabelLayout, AtTheRightEdgeItTurnsToTheLeft) {
  const std::vector<Box> boxes = place_labels({{590, 200, 60, 18}}, {}, kCanvas);

  EXPECT_DOUBLE_EQ(boxes[0].right, 580);
}

TEST(LabelLayout, EightLabelsOfOnePointDoNotCollide) {
  const std::vector<LabelRequest> requests(8, {300, 200, 80, 18});

  const std::vector<Box> boxes = place_labels(requests, {{293, 193, 307, 207}}, kCanvas);

  for (size_t i = 0; i < boxes.size(); ++i) {
    EXPECT_FALSE(overlap(boxes[i], {293, 193, 307, 207})) << i;
    for (size_t j = 0; j < i; ++j) EXPECT_FALSE(overlap(boxes[i], boxes[j])) << i << " " << j;
  }
}

TEST(LabelLayout, TenScatteredLabelsNeitherCollideNorLeaveTheCanvas) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    Stream stream(seed);
    std::vector<LabelRequest> requests;
    for (int i = 0; i < 10; ++i) {
      requests.push_back({30 + 540 * stream.uniform(), 30 + 340 * stream.uniform(), 80, 18});
    }

    const std::vector<Box> boxes = place_labels(requests, {}, kCanvas);

    for (size_t i = 0; i < boxes.size(); ++i) {
      EXPECT_TRUE(boxes[i].left >= 0 && boxes[i].right <= 600 && boxes[i].bottom >= 0 &&
                  boxes[i].top <= 400);
      for (size_t j = 0; j < i; ++j) EXPECT_FALSE(overlap(boxes[i], boxes[j])) << seed;
    }
  }
}

TEST(LabelLayout, WhereEverythingCollidesEveryLabelIsStillPlaced) {
  EXPECT_EQ(
      place_labels(std::vector<LabelRequest>(60, {50, 50, 90, 90}), {}, {0, 0, 100, 100}).size(),
      60U);
  EXPECT_TRUE(place_labels({}, {}, kCanvas).empty());
}

}  // namespace
}  // namespace saggio::results
