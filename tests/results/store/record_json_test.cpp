// SPDX-License-Identifier: MIT
#include "results/store/record_json.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "results/random.h"
#include "tests/results/store/temporary_folder.h"

namespace saggio::results {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double through_text(double value) {
  Record record;
  record.metrics["x"] = value;
  record.ledger.set("", "x", value);
  const Record back = record_from_text(compact(record_to_json(record)));
  EXPECT_EQ(std::bit_cast<uint64_t>(back.ledger.total("x")),
            std::bit_cast<uint64_t>(back.metrics.at("x")));
  return back.metrics.at("x");
}

TEST(Numbers, ComeBackBitForBit) {
  Stream stream(1);
  std::vector<double> values = {
      0., -0., .1, 1. / 3, 5e-324, 1e308, 4503599627370497.5, kInfinity, -kInfinity};
  for (int i = 0; i < 4'000; ++i) values.push_back(std::bit_cast<double>(stream.next64()));

  for (const double value : values) {
    const double back = through_text(value);
    if (std::isnan(value)) {
      EXPECT_TRUE(std::isnan(back));
    } else {
      EXPECT_EQ(std::bit_cast<uint64_t>(back), std::bit_cast<uint64_t>(value)) << value;
    }
  }
}

Record example() {
  Record record;
  record.outcome = Outcome::kDiverged;
  record.message = "loss is \"nan\" at step 7\n";
  record.metrics = {{"heldout/loss", .1}, {"train/loss", std::nan("")}, {"worst", -kInfinity}};
  record.ledger.set("", "parameters", 12);
  record.ledger.set("model.attention", "train_flops", 1e18 + 256);
  record.ledger.uncounted = {{"aten::cumsum", int64_t{1} << 60}};
  return record;
}

TEST(Record, ComesBackFromItsText) {
  const Record record = example();

  const Record back = record_from_text(pretty(record_to_json(record)));

  EXPECT_EQ(back.outcome, record.outcome);
  EXPECT_EQ(back.message, record.message);
  EXPECT_EQ(back.metrics.at("heldout/loss"), .1);
  EXPECT_TRUE(std::isnan(back.metrics.at("train/loss")));
  EXPECT_EQ(back.metrics.at("worst"), -kInfinity);
  EXPECT_EQ(back.ledger.components(), record.ledger.components());
  EXPECT_EQ(back.ledger.uncounted, record.ledger.uncounted);
  EXPECT_EQ(compact(record_to_json(back)), compact(record_to_json(record)));
}

TEST(Record, OfNothingComesBack) {
  const Record back = record_from_text(compact(record_to_json(Record())));

  EXPECT_EQ(back.outcome, Outcome::kFinished);
  EXPECT_TRUE(back.metrics.empty() && back.ledger.components().empty() &&
              back.ledger.uncounted.empty());
}

TEST(Record, KeepsAMessageThatIsNoUtf8) {
  Record record;
  record.message = "broken \xff byte";

  EXPECT_EQ(record_from_text(compact(record_to_json(record))).message, "broken \xEF\xBF\xBD byte");
}

std::string error_with(const std::function<void(nlohmann::json&)>& damage) {
  nlohmann::json json = record_to_json(example());
  damage(json);
  return error_of([&] { record_from_text(compact(json)); });
}

TEST(Record, ReadingSaysWhatIsWrong) {
  using Json = nlohmann::json;
  EXPECT_EQ(error_with([](Json& json) { json.erase("ledger"); }), "a record lacks 'ledger'");
  EXPECT_EQ(
      error_with([](Json& json) { json["extra"] = 1; }),
      "a record has 'extra', allowed outcome, message, metrics, ledger, uncounted, warnings; is it "
      "from a newer version?");
  EXPECT_EQ(error_with([](Json& json) { json["outcome"] = "fine"; }),
            "outcome 'fine', allowed finished, diverged, budget exhausted, stopped, failed");
  EXPECT_EQ(error_with([](Json& json) { json["message"] = 1; }), "'message' is 1, expected text");
  EXPECT_EQ(error_with([](Json& json) { json["outcome"] = Json::object(); }),
            "'outcome' is an object, expected text");
  EXPECT_EQ(error_with([](Json& json) { json["metrics"] = Json::array(); }),
            "'metrics' is an array, expected an object");
  EXPECT_EQ(error_with([](Json& json) { json["metrics"]["worst"] = "low"; }),
            "'metrics/worst' is \"low\", expected a number, \"nan\", \"inf\" or \"-inf\"");
  EXPECT_EQ(error_with([](Json& json) { json["metrics"]["worst"] = nullptr; }),
            "'metrics/worst' is null, expected a number, \"nan\", \"inf\" or \"-inf\"");
  EXPECT_EQ(error_with([](Json& json) { json["metrics"]["worst"] = Json::object(); }),
            "'metrics/worst' is an object, expected a number, \"nan\", \"inf\" or \"-inf\"");
  EXPECT_EQ(error_with([](Json& json) { json["ledger"][""] = 3; }),
            "'ledger/' is 3, expected an object");
  EXPECT_EQ(error_with([](Json& json) { json["ledger"][""]["parameters"] = true; }),
            "'ledger//parameters' is a boolean, expected a number, \"nan\", \"inf\" or \"-inf\"");
  EXPECT_EQ(error_with([](Json& json) { json["uncounted"]["aten::cumsum"] = .5; }),
            "'uncounted/aten::cumsum' is 0.5, expected a whole number");
  EXPECT_EQ(error_with([](Json& json) { json = 3; }), "a record is 3, expected an object");
  EXPECT_EQ(error_with([](Json& json) { json = Json::array(); }),
            "a record is an array, expected an object");
  EXPECT_EQ(error_of([] { record_from_text("{\"message\":\"\",\"message\":\"\"}"); }),
            "a record has 'message' twice");
}

TEST(Record, EveryPrefixOfItsTextIsRefused) {
  const std::string text = compact(record_to_json(example()));

  for (size_t length = 0; length < text.size(); ++length)
    EXPECT_TRUE(error_of([&] {
                  record_from_text(text.substr(0, length));
                }).starts_with("not JSON: parse error at column "));
  EXPECT_NE(error_of([&] { record_from_text(text + "x"); }), "");
}

}  // namespace
}  // namespace saggio::results
