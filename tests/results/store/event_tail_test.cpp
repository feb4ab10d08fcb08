// SPDX-License-Identifier: MIT
#include "results/store/event_tail.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/results/store/temporary_folder.h"

namespace saggio::results {
namespace {

class Tail : public testing::Test {
 protected:
  void add(std::string_view text) { std::ofstream(file_, std::ios::app) << text; }

  void add_events(int64_t first, int64_t last) {
    std::string lines;
    for (int64_t step = first; step <= last; ++step) append_event(lines, step, "loss", .5);
    add(lines);
  }

  static std::vector<int64_t> steps(EventTail& tail) {
    std::vector<int64_t> steps;
    tail.look([&](const Event& event) { steps.push_back(event.step); });
    return steps;
  }

  using Steps = std::vector<int64_t>;
  TemporaryFolder folder_;
  std::filesystem::path file_ = folder_ / "events.jsonl";
};

TEST_F(Tail, GivesEachEventOnce) {
  EventTail tail(file_);
  EXPECT_EQ(steps(tail), Steps{});  // no file yet
  add_events(1, 2);
  EXPECT_EQ(steps(tail), (Steps{1, 2}));
  EXPECT_EQ(steps(tail), Steps{});
  add_events(3, 3);
  EXPECT_EQ(steps(tail), Steps{3});
}

TEST_F(Tail, LeavesATornLineForTheNextLook) {
  EventTail tail(file_);
  add("{\"step\":1,\"name\":\"a\",\"value\":1}\n{\"step\":2,\"na");
  EXPECT_EQ(steps(tail), Steps{1});
  add("me\":\"a\",\"value\":1}\n");
  EXPECT_EQ(steps(tail), Steps{2});
}

TEST_F(Tail, StartsAtAWholeLineNearTheEnd) {
  add_events(10'001, 20'000);  // lines of one length
  std::string line;
  append_event(line, 20'000, "loss", .5);

  EventTail two(file_, 2 * line.size()), torn(file_, 2 * line.size() - 1);

  EXPECT_EQ(steps(two), (Steps{19'999, 20'000}));
  EXPECT_EQ(steps(torn), Steps{20'000});
  add_events(20'001, 20'001);
  EXPECT_EQ(steps(two), Steps{20'001});
}

TEST_F(Tail, StartsAgainWhenTheFileWasCut) {
  EventTail tail(file_);
  add_events(1, 5);
  steps(tail);
  spill(file_, "");
  add_events(1, 3);
  int restarts = 0;
  Steps seen;

  const bool cut =
      tail.look([&](const Event& event) { seen.push_back(event.step); }, [&] { ++restarts; });

  EXPECT_TRUE(cut);
  EXPECT_EQ(restarts, 1);
  EXPECT_EQ(seen, (Steps{1, 2, 3}));
}

TEST_F(Tail, NamesADamagedLine) {
  add_events(1, 1);
  add("nonsense\n");
  EventTail tail(file_);

  const std::string error = error_of([&] { steps(tail); });

  EXPECT_TRUE(error.find("events.jsonl: byte 37: not an event") != std::string::npos) << error;
}

TEST_F(Tail, ReadsWhatIsLongerThanItsPieces) {
  add_events(1, 20'000);
  EventTail tail(file_);
  EXPECT_EQ(steps(tail).size(), 20'000U);
}

}  // namespace
}  // namespace saggio::results
