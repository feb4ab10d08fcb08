// SPDX-License-Identifier: MIT
#include "results/store/tensorboard.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "results/random.h"
#include "tests/results/store/temporary_folder.h"

// The format by its published check values and by hand; tests/peers reads the files with the
// tensorboard package.
namespace saggio::results {
namespace {

TEST(Crc32c, GivesThePublishedCheckValues) {
  EXPECT_EQ(crc32c("123456789"), 0xE3069283U);            // the usual check
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAU);  // RFC 3720, B.4
  EXPECT_EQ(crc32c(std::string(32, '\xFF')), 0x62A8AB43U);
  EXPECT_EQ(crc32c(""), 0U);
}

TEST(TensorBoard, EncodesAScalarAsByHand) {
  const std::string bytes = encoded({.wall_time = 1.5, .step = 300, .tag = "a", .value = .25F});

  const std::string expected(
      "\x09\x00\x00\x00\x00\x00\x00\xF8\x3F"  // 1: wall_time
      "\x10\xAC\x02"                          // 2: step
      "\x2A\x0A\x0A\x08"                      // 5: summary, 1: value
      "\x0A\x01\x61"                          // 1: tag
      "\x15\x00\x00\x80\x3E",                 // 2: simple_value
      24);
  EXPECT_EQ(bytes, expected);
}

std::vector<Scalar> scalars(std::string_view bytes, size_t* whole = nullptr) {
  std::vector<Scalar> all;
  const size_t length = for_each_scalar(bytes, [&](const Scalar& one) { all.push_back(one); });
  if (whole != nullptr) *whole = length;
  return all;
}

TEST(TensorBoard, EveryPrefixEndsAtAWholeRecordAndADamagedByteIsNoticed) {
  std::string bytes;
  append_record(bytes, encoded_version(1));
  const size_t first = bytes.size();
  append_record(bytes, encoded({.wall_time = 2, .step = -3, .tag = "loss", .value = 4}));

  ASSERT_EQ(scalars(bytes).size(), 1U);
  EXPECT_EQ(scalars(bytes)[0].step, -3);
  EXPECT_EQ(scalars(bytes)[0].tag, "loss");
  for (size_t length = 0; length < bytes.size(); ++length) {
    size_t whole = 0;
    EXPECT_TRUE(scalars(std::string_view(bytes).substr(0, length), &whole).empty());
    EXPECT_EQ(whole, length < first ? 0 : first);
  }
  for (size_t i = first; i < bytes.size(); ++i) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 4);
    EXPECT_TRUE(scalars(damaged).empty()) << i;
  }
}

class Following : public testing::Test {
 protected:
  void add_events(int64_t first, int64_t last, double factor = 1) {
    std::string lines;
    for (int64_t step = first; step <= last; ++step) {
      append_event(lines, step, "loss", factor / static_cast<double>(step));
      if (step % 2 == 0) append_event(lines, step, "rate", std::nan(""));
    }
    std::ofstream(events_, std::ios::app) << lines;
  }

  std::filesystem::path file() const {
    std::filesystem::path found;
    for (const auto& entry : std::filesystem::directory_iterator(out_)) {
      EXPECT_TRUE(found.empty()) << "two files";
      found = entry.path();
    }
    return found;
  }

  // What the file holds, without the speed: "1 loss 1", ...
  std::vector<std::string> content() const {
    std::vector<std::string> lines;
    for (const Scalar& one : scalars(slurp(file())))
      if (one.tag != TensorBoardFile::kSpeedTag)
        lines.push_back(std::to_string(one.step) + " " + one.tag + " " + std::to_string(one.value));
    return lines;
  }

  std::vector<std::string> expected() const {
    std::vector<std::string> lines;
    for_each_event(slurp(events_), "events", [&](const Event& event) {
      lines.push_back(std::to_string(event.step) + " " + event.name + " " +
                      std::to_string(static_cast<float>(event.value)));
    });
    return lines;
  }

  TensorBoardFile open() const { return {events_, out_}; }

  TemporaryFolder folder_;
  std::filesystem::path events_ = folder_ / "events.jsonl", out_ = folder_ / "out/full/seed_1";
};

TEST_F(Following, WritesNothingBeforeThereIsAnEvent) {
  open().update(1e9, true);
  EXPECT_FALSE(std::filesystem::exists(out_));
}

TEST_F(Following, CopiesWhatIsNewAndStampsIt) {
  TensorBoardFile file = open();
  add_events(1, 3);
  file.update(1e9, false);
  add_events(4, 5);
  file.update(2e9, false);

  EXPECT_EQ(content(), expected());
  const auto all = scalars(slurp(this->file()));
  EXPECT_EQ(all.front().wall_time, 1e9);
  EXPECT_EQ(all.back().wall_time, 2e9);
  EXPECT_EQ(this->file().filename(), "events.out.tfevents.1000000000.saggio");
}

TEST_F(Following, AnotherProcessGoesOnWithoutWritingTwiceWhereverTheFirstWasKilled) {
  add_events(1, 4);
  open().update(1e9, false);
  const std::string whole = slurp(file());
  add_events(5, 6);
  for (size_t length = 0; length <= whole.size(); ++length) {
    spill(file(), whole.substr(0, length));

    open().update(2e9, true);

    ASSERT_EQ(content(), expected()) << length;
  }
}

TEST_F(Following, ARunThatContinuesFromACheckpointIsRecognised) {
  TensorBoardFile same = open();
  add_events(1, 6);
  same.update(1e9, true);
  std::filesystem::remove(events_);
  add_events(1, 3);  // cut back to the checkpoint at step 3
  same.update(1e9 + 5, true);
  add_events(4, 8);
  same.update(1e9 + 9, true);

  EXPECT_EQ(content(), expected());
  open().update(2e9, true);
  EXPECT_EQ(content(), expected());
}

TEST_F(Following, EventsOfAnotherBuildBeginTheFileAnew) {
  add_events(1, 6);
  open().update(1e9, false);
  std::filesystem::remove(events_);
  add_events(1, 4, 2);

  open().update(2e9, false);

  EXPECT_EQ(content(), expected());
}

TEST_F(Following, AFileThatSomebodyRemovedIsWrittenAgain) {
  TensorBoardFile file = open();
  add_events(1, 2);
  file.update(1e9, false);
  std::filesystem::remove_all(folder_ / "out");
  add_events(3, 3);
  file.update(2e9, false);

  EXPECT_EQ(content(), expected());
}

TEST_F(Following, TheSpeedIsStepsPerSecondBetweenUpdates) {
  TensorBoardFile file = open();
  add_events(1, 10);
  file.update(1000, true);
  add_events(11, 40);
  file.update(1000.5, true);  // too soon to tell
  add_events(41, 50);
  file.update(1004, true);

  std::vector<Scalar> speeds;
  for (const Scalar& one : scalars(slurp(this->file())))
    if (one.tag == TensorBoardFile::kSpeedTag) speeds.push_back(one);
  ASSERT_EQ(speeds.size(), 1U);
  EXPECT_FLOAT_EQ(speeds[0].value, 40 / 4.F);
  EXPECT_EQ(speeds[0].step, 50);
}

}  // namespace
}  // namespace saggio::results
