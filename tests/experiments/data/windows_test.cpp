// SPDX-License-Identifier: MIT
#include "experiments/data/windows.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tests/results/store/temporary_folder.h"

namespace saggio::data {
namespace {

using results::error_of;

Text numbers(size_t size) {  // token i is i
  std::string bytes;
  for (size_t i = 0; i < size; ++i) bytes += static_cast<char>(i);
  return Text::from_bytes(bytes, "numbers", Unit::Byte);
}

TEST(RandomWindows, AreRunsOfThePartTheyAreDrawnFrom) {
  const Text text = numbers(100);
  const RandomWindows windows(text, {20, 50}, 4, 7, results::Stream(1));
  std::vector<int32_t> batch(4 * 8);

  for (uint64_t number = 0; number < 200; ++number) {
    windows.batch(number, batch);
    for (size_t i = 0; i < batch.size(); ++i) {
      EXPECT_GE(batch[i], 20);
      EXPECT_LT(batch[i], 50);
      if (i % 8 > 0) {
        EXPECT_EQ(batch[i], batch[i - 1] + 1);
      }
    }
  }
}

TEST(RandomWindows, StartAtEveryPlaceEquallyOften) {
  const Text text = numbers(30);
  const RandomWindows windows(text, {3, 20}, 10, 6, results::Stream(5));
  std::vector<int32_t> batch(70);
  std::map<int32_t, int> starts;

  for (uint64_t number = 0; number < 1100; ++number) {
    windows.batch(number, batch);
    for (size_t row = 0; row < 10; ++row) ++starts[batch[7 * row]];
  }

  ASSERT_EQ(starts.size(), 11U);  // 17 tokens, windows of 7
  EXPECT_EQ(starts.begin()->first, 3);
  double chi2 = 0;
  for (const auto& [start, count] : starts) chi2 += (count - 1000.) * (count - 1000.) / 1000;
  EXPECT_LT(chi2, 29.6);  // 10 degrees of freedom: exceeded with probability .001
}

TEST(RandomWindows, GiveABatchByItsNumberWhateverCameBefore) {
  const Text text = numbers(200);
  const RandomWindows one(text, {0, 200}, 2, 5, results::Stream(9)),
      other(text, {0, 200}, 2, 5, results::Stream(9, 77));
  std::vector<int32_t> first(12), again(12), different(12);

  for (uint64_t number = 0; number < 6; ++number) one.batch(number, first);
  other.batch(5, again);
  other.batch(6, different);

  EXPECT_EQ(first, again);
  EXPECT_NE(first, different);
}

TEST(RandomWindows, CountWhatTheyHaveShown) {
  const Text text = Text::from_bytes("aébécédéeéféghijklmnopqrstuvwxyz", "memory", Unit::Character);
  const RandomWindows windows(text, {2, 30}, 2, 3, results::Stream(2));
  std::vector<int32_t> batch(8);
  results::Stream stream(2);
  std::set<size_t> seen;  // the same offsets, drawn as the header says, token by token
  for (uint64_t number = 0; number < 4; ++number) {
    results::Stream offsets = stream.split(number);
    for (int row = 0; row < 2; ++row) {
      const size_t start = 2 + offsets.below(28 - 3);
      for (size_t i = start; i < start + 4; ++i) seen.insert(i);
    }
  }
  size_t bytes = 0;
  for (const size_t i : seen) bytes += text.bytes_in({i, i + 1});

  const Coverage coverage = windows.coverage(4);

  EXPECT_EQ(coverage.tokens, 4U * 2 * 3);
  EXPECT_EQ(coverage.unique_tokens, seen.size());
  EXPECT_EQ(coverage.unique_bytes, bytes);
  EXPECT_DOUBLE_EQ(coverage.epochs, 24. / 28);
  EXPECT_EQ(windows.coverage(0).unique_tokens, 0U);
  EXPECT_EQ(windows.coverage(1000).unique_tokens, 28U);
}

TEST(RandomWindows, NeedRoomForOneWindow) {
  const Text text = numbers(20);

  EXPECT_EQ(
      error_of([&] {
        RandomWindows(text, {0, 8}, 1, 8, results::Stream(0));
      }),
      "numbers: 8 tokens are too few for one window of 9: take a longer text or a shorter window");
  EXPECT_NO_THROW(RandomWindows(text, {0, 9}, 1, 8, results::Stream(0)));
  EXPECT_EQ(error_of([&] {
              RandomWindows(text, {0, 21}, 1, 8, results::Stream(0));
            }),
            "numbers: tokens 0..21, allowed 0..20");
  EXPECT_EQ(error_of([&] {
              RandomWindows(text, {0, 20}, 0, 8, results::Stream(0));
            }),
            "batches of 0 windows that predict 8 tokens, allowed >= 1 each");
  const RandomWindows windows(text, {0, 20}, 2, 8, results::Stream(0));
  std::vector<int32_t> small(17);
  EXPECT_EQ(error_of([&] { windows.batch(0, small); }), "room for 17 tokens, a batch has 2 x 9");
}

TEST(Sweep, PredictsEveryTokenOfThePartExactlyOnce) {
  const Text text = numbers(100);
  for (size_t end = 41; end <= 60; ++end) {
    for (size_t length = 1; length <= 21; ++length) {
      const Sweep sweep(text, {40, end}, length);
      size_t next = 40;
      for (size_t i = 0; i < sweep.size(); ++i) {
        EXPECT_EQ(sweep[i].offset + 1, next);
        EXPECT_LE(sweep[i].predicted, length);
        next += sweep[i].predicted;
      }
      EXPECT_EQ(next, end);
      EXPECT_EQ(sweep.predicted(), end - 40);
      EXPECT_THROW(sweep[sweep.size()], std::out_of_range);
    }
  }
}

TEST(Sweep, OnlyLooksAtTheFirstTokenOfATextAndEndsWithAShortWindow) {
  const Sweep sweep(numbers(10), {0, 10}, 4);

  ASSERT_EQ(sweep.size(), 3U);
  EXPECT_EQ(sweep.predicted(), 9U);
  EXPECT_EQ(sweep[0].offset, 0U);
  EXPECT_EQ(sweep[2].offset, 8U);
  EXPECT_EQ(sweep[2].predicted, 1U);
}

TEST(Sweep, NeedsSomethingToPredict) {
  const Text text = numbers(10);

  EXPECT_EQ(
      error_of([&] {
        Sweep(text, {0, 1}, 4);
      }),
      "numbers: 1 tokens leave nothing to predict: take a longer text or a larger share of it");
  EXPECT_NE(error_of([&] { Sweep(text, {5, 5}, 4); }), "");
  EXPECT_NE(error_of([&] { Sweep(text, {5, 11}, 4); }), "");
  EXPECT_NE(error_of([&] { Sweep(text, {0, 10}, 0); }), "");
  EXPECT_NO_THROW(Sweep(text, {5, 6}, 4));
}

}  // namespace
}  // namespace saggio::data
