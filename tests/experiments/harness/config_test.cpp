// SPDX-License-Identifier: MIT
#include "experiments/harness/config.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace saggio::harness {
namespace {

struct Model {
  int64_t width = 64;
  std::string position = "rotary";
  void visit(auto& v) {
    v("width", width, "width", {1, 4096});
    v("position", position, "how order is told", {"rotary", "learned"});
  }
};

struct Config {
  int64_t steps = 100;
  double lr = 1e-3, momentum = 0;
  bool tied = true;
  std::string path;
  Model model;
  std::vector<std::string> command;
  std::map<std::string, std::string> args;
  void visit(auto& v) {
    v("steps", steps, "steps", {1, 1e6});
    v("lr", lr, "rate", {0, 1});
    v("momentum", momentum, "added later", {0, 1}, 0.);
    v("tied", tied, "one matrix for both ends");
    v.file("path", path, "text");
    v("model", model);
    v("command", command, "words");
    v("args", args, "anything");
  }
};

std::string message_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "(nothing was thrown)";
}

TEST(Config, ValuesReachNestedFieldsAndTablesAndComeBack) {
  const Values values = {{"steps", int64_t{7}},
                         {"model.position", "learned"},
                         {"args.beta", 0.5},
                         {"args.name", "x"},
                         {"command", std::vector<std::string>{"a", "b"}}};

  Config config = config_of<Config>(values);

  EXPECT_EQ(config.steps, 7);
  EXPECT_EQ(config.model.position, "learned");
  EXPECT_EQ(config.command, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(config.args, (std::map<std::string, std::string>{{"beta", "0.5"}, {"name", "x"}}));
  Fields fields;
  config.visit(fields);
  EXPECT_EQ(fields.get().at("steps"), Value(int64_t{7}));
}

TEST(Config, SchemaSurvivesItsJson) {
  const Schema schema = schema_of<Config>();

  const Schema back = schema_from_json(to_json(schema));

  EXPECT_EQ(to_json(back), to_json(schema));
  EXPECT_EQ(back[1].fallback, Value(1e-3));
}

TEST(Config, AnUnknownKeyNamesTheNearest) {
  const std::string message =
      message_of([] { checked(schema_of<Config>(), "model.widht", int64_t{8}, "a.toml:3"); });

  EXPECT_EQ(message,
            "a.toml:3: unknown key 'model.widht' (did you mean 'model.width'?); see `saggio "
            "modules NAME` for all keys");
}

TEST(Config, AMissingPathIsGuessed) {
  EXPECT_EQ(did_you_mean("width", {"steps", "model.width"}), " (did you mean 'model.width'?)");
}

TEST(Config, AValueOutOfRangeSaysWhatIsAllowed) {
  EXPECT_EQ(message_of([] { checked(schema_of<Config>(), "lr", 2., "a.toml:3"); }),
            "a.toml:3: lr = 2.0, allowed 0 .. 1");
  EXPECT_EQ(message_of([] {
              checked(schema_of<Config>(), "lr", std::nan(""), "a.toml:3");
            }).substr(0, 18),
            "a.toml:3: lr = nul");
}

TEST(Config, AWrongTypeSaysWhatIsAllowed) {
  EXPECT_EQ(message_of([] { checked(schema_of<Config>(), "steps", 1.5, "a.toml:3"); }),
            "a.toml:3: steps = 1.5, allowed an integer");
  EXPECT_EQ(message_of([] { checked(schema_of<Config>(), "tied", "yes", "a.toml:3"); }),
            "a.toml:3: tied = yes, allowed true or false");
}

TEST(Config, AWrongChoiceListsTheChoices) {
  EXPECT_EQ(
      message_of([] { checked(schema_of<Config>(), "model.position", "rotory", "a.toml:3"); }),
      "a.toml:3: model.position = 'rotory', allowed rotary, learned (did you mean 'rotary'?)");
}

TEST(Config, AnIntegerServesAsANumber) {
  EXPECT_EQ(checked(schema_of<Config>(), "lr", int64_t{1}, "x"), Value(1.));
}

TEST(Config, AFieldAtItsNeutralValueAndAFileStayOutOfTheIdentity) {
  const Schema schema = schema_of<Config>();

  const Values base = resolve(schema, {}), with_momentum = resolve(schema, {{"momentum", .9}}),
               with_file = resolve(schema, {{"path", "/somewhere"}});

  EXPECT_FALSE(canonical(schema, base).contains("momentum"));
  EXPECT_TRUE(canonical(schema, with_momentum).contains("momentum"));
  EXPECT_EQ(canonical(schema, with_file), canonical(schema, base));
}

}  // namespace
}  // namespace saggio::harness
