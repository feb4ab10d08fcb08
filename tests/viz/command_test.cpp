// SPDX-License-Identifier: MIT
#include "viz/state/command.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

#include "results/random.h"
#include "viz/state/view_history.h"

namespace saggio::viz {
namespace {

constexpr graph::NodeId kNodes = 20;

Surroundings around() {
  return {.viewport = {640, 480},
          .node_radius = 0.1f,
          .shown =
              [] {
                return std::vector<Vec3>{{1, 2, 3}, {-1, 0, 2}};
              },
          .shown_nodes =
              [] {
                std::vector<std::pair<graph::NodeId, Vec3>> nodes;
                for (graph::NodeId id = 0; id < kNodes; ++id)
                  nodes.emplace_back(id, Vec3{static_cast<float>(id) - 10, 1, 2});
                return nodes;
              },
          .position = [](graph::NodeId id) -> std::optional<Vec3> {
            if (id >= kNodes) return std::nullopt;
            return Vec3{static_cast<float>(id), 1, 2};
          },
          .layouts = {"force", "layered", "tree"}};
}

template <typename Choice>
Choice one_of(results::Stream& stream, const std::vector<Choice>& choices) {
  return choices[stream.below(choices.size())];
}

std::vector<graph::NodeId> some_nodes(results::Stream& stream) {
  std::vector<graph::NodeId> nodes(stream.below(4));
  for (graph::NodeId& node : nodes) node = stream.below(kNodes);
  return nodes;
}

// Any action but Undo and Redo.
Action random_action(results::Stream& stream) {
  const auto number = [&] { return static_cast<float>(stream.normal()); };
  const auto node = [&] { return stream.below(kNodes); };
  switch (stream.below(29)) {
    case 0:
      return Orbit{number(), number()};
    case 1:
      return Pan{number(), number()};
    case 2:
      return Zoom{number()};
    case 3:
      return Fly{number(), number(), number()};
    case 4:
      return LookFrom{number(), number(), stream.below(2) == 0};
    case 5:
      return Fit{};
    case 6:
      return LookAt{node()};
    case 7:
      return stream.below(2) ? GoTo{} : GoTo{stream.below(9), int64_t{-5}};
    case 8:
      return Filter{one_of<std::string>(stream, {"", "kind = claim", "edges where type = x"})};
    case 9:
      return Neighbours{
          some_nodes(stream), static_cast<int32_t>(stream.below(4)), graph::Direction::In};
    case 10:
      return Select{some_nodes(stream), one_of<std::string>(stream, {"only", "also", "not"})};
    case 11:
      return ShowPath{node(), node()};
    case 12:
      return ShowProof{node()};
    case 13:
      return ShowAgainst{node()};
    case 14:
      return ShowPlain{};
    case 15:
      return Colour{static_cast<ColourBy>(stream.below(4))};
    case 16:
      return Size{static_cast<SizeBy>(stream.below(3))};
    case 17:
      return Opacity{stream.below(2) == 0};
    case 18:
      return Dark{stream.below(2) == 0};
    case 19:
      return Labels{static_cast<int32_t>(stream.below(100))};
    case 25:
      return PinNodes{some_nodes(stream), stream.below(2) == 0};
    case 26:
      return MoveNode{node(), number(), number(), number()};
    case 20:
      return Expand{node(), static_cast<graph::Direction>(stream.below(3))};
    case 21:
      return Collapse{node()};
    case 22:
      return SelectRect{number() * 300, number() * 300, number() * 300, number() * 300, "also"};
    case 23:
      return ShowCore{};
    case 24: {
      ViewState state;
      state.labels = static_cast<int32_t>(stream.below(9));
      state.camera.yaw = number();
      state.folds = {{node(), true, graph::Direction::Out}, {node(), false}};
      return Restore{state};
    }
    case 27:
      return stream.below(2) ? Compare{} : Compare{"s", stream.below(9), stream.below(2) == 0};
    default:
      return Layout{one_of<std::string>(stream, {"force", "layered", "tree"})};
  }
}

TEST(Command, IsTheSameAfterItWasALine) {
  results::Stream stream(1);
  std::set<size_t> kinds;
  for (int i = 0; i < 2000; ++i) {
    const Command command{random_action(stream), stream.below(3)};
    kinds.insert(command.action.index());
    const std::string line = to_line(command);
    EXPECT_EQ(line.find('\n'), std::string::npos);
    const Command again = command_from(line);
    EXPECT_EQ(again.action.index(), command.action.index());
    EXPECT_EQ(to_line(again), line);
    EXPECT_EQ(applied({}, again.action, around()), applied({}, command.action, around()));
  }
  EXPECT_EQ(kinds.size() + 2, std::variant_size_v<Action>);  // all but undo and redo
}

TEST(Command, ReadsAsItIsWrittenByHand) {
  const auto orbit = std::get<Orbit>(command_from(R"({"do":"orbit","yaw":0.5})").action);
  EXPECT_EQ(orbit.yaw, 0.5f);
  EXPECT_EQ(orbit.pitch, 0);
  const auto near = std::get<Neighbours>(
      command_from(R"({"do":"neighbours","nodes":[3,1],"hops":2,"direction":"out"})").action);
  EXPECT_EQ(near.nodes, (std::vector<graph::NodeId>{3, 1}));
  EXPECT_EQ(near.direction, graph::Direction::Out);
  EXPECT_TRUE(std::holds_alternative<Undo>(command_from(R"({"do":"undo"})").action));
}

std::string refusal(const std::string& line) {
  try {
    applied({}, command_from(line).action, around());
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

TEST(Command, WhatIsWrongIsSaidWithWhatIsAllowed) {
  EXPECT_EQ(refusal("orbit"), "command 'orbit': no JSON object with a \"do\"");
  EXPECT_TRUE(refusal(R"({"do":"spin"})")
                  .starts_with("command 'spin': there is none, allowed: orbit, pan, zoom"));
  EXPECT_EQ(refusal(R"({"do":"orbit","roll":1})"),
            "orbit.roll: no such field, allowed: yaw, pitch, gesture");
  EXPECT_EQ(refusal(R"({"do":"orbit","yaw":"far"})"),
            "orbit.yaw = \"far\", allowed: a finite number");
  EXPECT_EQ(refusal(R"({"do":"orbit","yaw":1e300})"),
            "orbit.yaw = 1e+300, allowed: a finite number");
  EXPECT_EQ(refusal(R"({"do":"labels","most":-1})"), "labels.most = -1, allowed: 0 to 10000");
  EXPECT_EQ(refusal(R"({"do":"labels","most":4294967297})"),
            "labels.most = 4294967297, allowed: a whole number that fits");
  EXPECT_EQ(refusal(R"({"do":"look_at","node":-1})"),
            "look_at.node = -1, allowed: a whole number that fits");
  EXPECT_EQ(refusal(R"({"do":"look_at","node":99})"), "node #99: not there in this picture");
  EXPECT_EQ(refusal(R"({"do":"select","how":"all"})"),
            "select.how = \"all\", allowed: only, also or not");
  EXPECT_EQ(refusal(R"({"do":"layout","name":"ring"})"),
            "layout.name = \"ring\", allowed: force, layered, tree");
  EXPECT_EQ(
      refusal(R"({"do":"colour","by":"red"})"),
      "colour.by = red, allowed: kind, status, confidence, run, difference, label, experiment, "
      "model, rule");
  EXPECT_NE(refusal(R"({"do":"filter","query":"kind ="})"), "");
}

TEST(Command, ThoseThatMoveTheCameraChangeNothingElse) {
  results::Stream stream(4);
  for (int i = 0; i < 500; ++i) {
    const Action action = random_action(stream);
    if (std::holds_alternative<Restore>(action)) continue;  // changes all there is
    ViewState after = applied({}, action, around());
    const bool moved = after.camera != Camera{};
    after.camera = {};
    EXPECT_TRUE(moves_camera(action) ? after == ViewState{} : !moved);
  }
}

TEST(Command, SelectionsAreSets) {
  ViewState state = applied({}, Select{{5, 2, 5}}, around());
  EXPECT_EQ(state.selection, (std::vector<graph::NodeId>{2, 5}));
  state = applied(state, Select{{3, 2}, "also"}, around());
  EXPECT_EQ(state.selection, (std::vector<graph::NodeId>{2, 3, 5}));
  state = applied(state, Select{{5, 9}, "not"}, around());
  EXPECT_EQ(state.selection, (std::vector<graph::NodeId>{2, 3}));
  EXPECT_TRUE(applied(state, Select{}, around()).selection.empty());
}

TEST(Command, ARectangleSelectsTheNodesWhoseCentresProjectIntoIt) {
  ViewState state;
  std::vector<graph::NodeId> expected;
  for (const auto& [node, position] : around().shown_nodes()) {
    const auto p = project(state.camera, {640, 480}, position);
    if (p && p->x >= 100 && p->x <= 400 && p->y >= 50 && p->y <= 300) expected.push_back(node);
  }
  ASSERT_GT(expected.size(), 1u);
  ASSERT_LT(expected.size(), kNodes);
  EXPECT_EQ(applied(state, SelectRect{100, 50, 300, 250}, around()).selection, expected);
  EXPECT_EQ(applied(state, SelectRect{400, 300, -300, -250}, around()).selection, expected);
  state = applied(state, SelectRect{100, 50, 300, 250}, around());
  EXPECT_TRUE(applied(state, SelectRect{0, 0, 640, 480, "not"}, around()).selection.empty());
  EXPECT_EQ(refusal(R"({"do":"select_rect","how":"any"})"),
            "select_rect.how = \"any\", allowed: only, also or not");
}

TEST(Command, PinsAreLetGoOneByOneOrAllAlsoOfNodesThatAreAway) {
  ViewState state = applied({}, PinNodes{{5, 2, 3}}, around());
  state.pins.push_back({kNodes + 1, {}});  // away by now
  const auto pinned = [&] {
    std::vector<graph::NodeId> nodes;
    for (const Pin& pin : state.pins) nodes.push_back(pin.node);
    return nodes;
  };
  ASSERT_EQ(pinned(), (std::vector<graph::NodeId>{2, 3, 5, kNodes + 1}));
  state = applied(state, PinNodes{{kNodes + 1, 3, 4}, false}, around());
  EXPECT_EQ(pinned(), (std::vector<graph::NodeId>{2, 5}));
  EXPECT_EQ(applied(state, command_from(R"({"do":"pin","on":false})").action, around()),
            ViewState{});
}

TEST(Command, AStateThatCannotBeIsNotRestored) {
  EXPECT_EQ(refusal(R"({"do":"restore","state":{"layout":"ring"}})"),
            "restore.state.layout = \"ring\", allowed: force, layered, tree");
  EXPECT_EQ(refusal(R"({"do":"restore","state":{"labels":-1}})"),
            "restore.state.labels = -1, allowed: 0 to 10000");
  EXPECT_EQ(refusal(R"({"do":"restore","state":{"zoom":1}})").substr(0, 27),
            "view.zoom: no such field, a");
  EXPECT_NE(refusal(R"({"do":"restore","state":{"filter":"kind ="}})"), "");
}

TEST(Command, AnotherFocusForgetsTheFolds) {
  ViewState state = applied({}, Expand{3}, around());
  state = applied(state, Collapse{4}, around());
  EXPECT_EQ(state.folds.size(), 2u);
  EXPECT_EQ(applied(state, Collapse{4}, around()), state);
  EXPECT_TRUE(applied(state, Neighbours{}, around()).folds.empty());
}

TEST(ViewState, IsTheSameAfterItWasJson) {
  results::Stream stream(2);
  ViewState state;
  for (int i = 0; i < 500; ++i) {
    state = applied(state, random_action(stream), around());
    const ViewState again = view_state_from(to_json(state));
    ASSERT_EQ(again, state);
    ASSERT_EQ(hash_of(again), hash_of(state));
  }
}

TEST(ViewState, RefusesJsonThatIsNoState) {
  EXPECT_THROW(view_state_from(nlohmann::json::parse(R"({"zoom":1})")), std::invalid_argument);
  EXPECT_THROW(view_state_from(nlohmann::json::parse(R"({"camera":{"distance":0}})")),
               std::invalid_argument);
  EXPECT_THROW(view_state_from(nlohmann::json::parse("[]")), std::invalid_argument);
  EXPECT_EQ(view_state_from(nlohmann::json::object()), ViewState{});
}

TEST(ViewHistory, UndoingAllGivesTheInitialHashAndRedoingAllTheLast) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    results::Stream stream(seed);
    ViewHistory history;
    const uint64_t initial = hash_of(history.state());
    for (uint64_t n = 1 + stream.below(100); n > 0; --n) {
      const uint64_t what = stream.below(10);
      if (what == 0)
        history.perform({Undo{}}, around());
      else if (what == 1)
        history.perform({Redo{}}, around());
      else
        history.perform({random_action(stream), stream.below(3)}, around());
    }
    while (history.perform({Redo{}}, around())) {
    }
    const uint64_t last = hash_of(history.state());
    size_t steps = 0;
    while (history.perform({Undo{}}, around())) ++steps;
    EXPECT_EQ(hash_of(history.state()), initial);
    while (history.perform({Redo{}}, around())) --steps;
    EXPECT_EQ(hash_of(history.state()), last);
    EXPECT_EQ(steps, 0u);
  }
}

TEST(ViewHistory, OneGestureIsUndoneAtOnce) {
  ViewHistory history;
  for (int i = 0; i < 100; ++i) history.perform({Orbit{0.01f, 0}, 7}, around());
  history.perform({Orbit{0.5f, 0}, 8}, around());
  history.perform({Zoom{1}, 8}, around());

  history.perform({Undo{}}, around());
  EXPECT_NEAR(history.state().camera.yaw, Camera{}.yaw + 1, 1e-5);  // 100 roundings of f32
  history.perform({Undo{}}, around());
  EXPECT_EQ(history.state(), ViewState{});
  EXPECT_FALSE(history.can_undo());
}

TEST(ViewHistory, AGestureThatGoesOnAfterAnUndoIsAnotherStep) {
  ViewHistory history;
  history.perform({Dark{}}, around());
  history.perform({Orbit{1, 0}, 7}, around());
  history.perform({Undo{}}, around());
  history.perform({Orbit{2, 0}, 7}, around());
  history.perform({Undo{}}, around());
  EXPECT_TRUE(history.state().style.dark);
  EXPECT_EQ(history.state().camera, Camera{});
}

TEST(ViewHistory, AnActionAfterAnUndoForgetsWhatWasUndone) {
  ViewHistory history;
  history.perform({Dark{}}, around());
  history.perform({Undo{}}, around());
  history.perform({Labels{3}}, around());
  EXPECT_FALSE(history.can_redo());
  EXPECT_FALSE(history.state().style.dark);
}

TEST(ViewHistory, WhatChangesNothingOrFailsIsNoStep) {
  ViewHistory history;
  EXPECT_FALSE(history.perform({Dark{false}}, around()));
  EXPECT_THROW(history.perform({LookAt{99}}, around()), std::invalid_argument);
  EXPECT_FALSE(history.can_undo());
}

}  // namespace
}  // namespace saggio::viz
