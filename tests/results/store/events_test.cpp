// SPDX-License-Identifier: MIT
#include "results/store/events.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <vector>

#include "results/random.h"
#include "tests/results/store/temporary_folder.h"

namespace saggio::results {
namespace {

std::string line(int64_t step, std::string_view name, double value) {
  std::string text;
  append_event(text, step, name, value);
  return text;
}

TEST(Events, AreWrittenShort) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(line(7, "loss", .1), "{\"step\":7,\"name\":\"loss\",\"value\":0.1}\n");
  EXPECT_EQ(line(-1, "a", 3), "{\"step\":-1,\"name\":\"a\",\"value\":3}\n");
  EXPECT_EQ(line(0, "a", -0.), "{\"step\":0,\"name\":\"a\",\"value\":-0.0}\n");
  EXPECT_EQ(line(0, "a", std::nan("")), "{\"step\":0,\"name\":\"a\",\"value\":\"nan\"}\n");
  EXPECT_EQ(line(0, "a", -kInfinity), "{\"step\":0,\"name\":\"a\",\"value\":\"-inf\"}\n");
  EXPECT_EQ(line(0, "a\"\n", 1), "{\"step\":0,\"name\":\"a\\\"\\n\",\"value\":1}\n");
}

TEST(Events, ComeBackBitForBitAndAreJson) {
  Stream stream(2);
  for (int i = 0; i < 4'000; ++i) {
    const double value = i == 0 ? -0. : std::bit_cast<double>(stream.next64());
    if (std::isnan(value)) continue;
    const auto step = static_cast<int64_t>(stream.next64());

    std::string text = line(step, "train/\u00e9 \"x\"\\", value);
    text.pop_back();
    Event event;

    ASSERT_TRUE(parse_event(text, event)) << text;
    EXPECT_EQ(event.step, step);
    EXPECT_EQ(event.name, "train/\u00e9 \"x\"\\");
    EXPECT_EQ(std::bit_cast<uint64_t>(event.value), std::bit_cast<uint64_t>(value)) << text;
    if (std::isfinite(value)) {
      EXPECT_EQ(nlohmann::json::parse(text)["value"].get<double>(), value) << text;
    }
  }
}

TEST(Events, EveryPrefixOfALineIsRefused) {
  std::string text = line(12, "l\"oss", -1.5e-7);
  text.pop_back();
  Event event;

  for (size_t length = 0; length < text.size(); ++length)
    EXPECT_FALSE(parse_event(text.substr(0, length), event)) << length;
  EXPECT_FALSE(parse_event(text + " ", event));
  EXPECT_TRUE(parse_event(text, event));
}

TEST(Events, OtherLinesAreRefused) {
  Event event;
  for (const char* text : {"{\"step\":1.5,\"name\":\"a\",\"value\":1}",
                           "{\"step\":1,\"name\":a,\"value\":1}",
                           "{\"step\":1,\"name\":\"\\q\",\"value\":1}",
                           "{\"step\":1,\"name\":\"a\",\"value\":nan}",
                           "{\"step\":1,\"name\":\"a\",\"value\":inf}",
                           "{\"step\":1,\"name\":\"a\",\"value\":1e999}",
                           "{\"step\":1,\"name\":\"a\",\"value\":1,\"time\":2}",
                           "{}",
                           "null"})
    EXPECT_FALSE(parse_event(text, event)) << text;
}

TEST(Events, ATornLastLineIsLeftOutAndADamagedOneInTheMiddleIsNamed) {
  const std::string text = line(1, "a", 1) + line(2, "a", 2);
  std::vector<int64_t> steps;
  const auto collect = [&](const Event& event) { steps.push_back(event.step); };

  for_each_event(text + "{\"step\":3,\"na", "run/events.jsonl", collect);

  EXPECT_EQ(steps, (std::vector<int64_t>{1, 2}));
  EXPECT_EQ(error_of([&] {
              for_each_event(text + "{\"step\":3,\"na\n" + text, "run/events.jsonl", collect);
            }),
            "run/events.jsonl:3: not an event, expected {\"step\":..,\"name\":..,\"value\":..}; "
            "remove the run's folder and "
            "run again");
}

}  // namespace
}  // namespace saggio::results
