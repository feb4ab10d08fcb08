// SPDX-License-Identifier: MIT
#include "viz/ui/desk.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <imgui.h>

#include <algorithm>
#include <set>

#include "viz/choose.h"
#include "viz/example.h"
#include "viz/plan/curve.h"
#include "viz/ui/events.h"
#include "viz/ui/key_table.h"
#include "viz/ui/keys.h"
#include "viz/vulkan/panels.h"
#include "viz/vulkan/renderer.h"

// The window without a window: a hand that writes ImGuiIO, pictures by the software driver with
// validation, and the session to look at.
namespace saggio::viz::ui {
namespace {

constexpr float kWidth = 1280, kHeight = 720;

class DeskTest : public testing::Test {
 protected:
  DeskTest() { open(1); }

  void open(float scale) {
    desk_.reset();
    desk_.emplace(scale);
    size(kWidth * scale, kHeight * scale);
    font_.emplace(Font::standard(desk_->context().em()));
    const Box box =
        arranged(kWidth * scale, kHeight * scale, desk_->context().em(), true, false).picture;
    session_.emplace(example_.folder(), Viewport{box.width, box.height});
    session_->set_font(*font_);
    choose({}, *session_);
    actor_.emplace(*session_, [this](const std::string& line) { lines_.push_back(line); });
    frame();
    frame();
  }

  void size(float width, float height) { ImGui::GetIO().DisplaySize = {width, height}; }

  void frame(float seconds = 1 / 60.f) {
    ImGuiIO& io = ImGui::GetIO();
    io.DeltaTime = seconds;
    desk_->frame(*actor_, seen_, [this](int64_t x, int64_t y) {
      return seen_ ? renderer_.pick(x, y) : PickId{0};
    });
    const Box box = desk_->picture();
    session_->resize({box.width, box.height});
    plan_ = session_->plan(*font_);
    renderer_.render(plan_, overlay_of(plan_, *font_));
    ++seen_;
    io.MouseWheel = 0;
  }

  void move(float x, float y) {
    ImGui::GetIO().MousePos = {x, y};
    frame();
  }
  void button(bool down, int which = 0) {
    ImGui::GetIO().MouseDown[which] = down;
    frame();
  }
  void click(std::pair<float, float> at) {
    move(at.first, at.second);
    frame(1);  // so that two are no double click
    button(true);
    button(false);
    frame();
  }
  void drag(std::pair<float, float> from, float right, float down, int which = 0) {
    move(from.first, from.second);
    button(true, which);
    for (int i = 1; i <= 4; ++i)
      move(from.first + right * static_cast<float>(i) / 4,
           from.second + down * static_cast<float>(i) / 4);
    button(false, which);
    frame();
  }
  void wheel(std::pair<float, float> at, float notches) {
    move(at.first, at.second);
    ImGui::GetIO().MouseWheel = notches;
    frame();
    frame();
  }
  void press(int key, bool ctrl = false, bool shift = false) {
    ImGuiIO& io = ImGui::GetIO();
    io.KeyCtrl = ctrl;
    io.KeyShift = shift;
    io.KeysDown[key] = true;
    frame();
    io.KeysDown[key] = false;
    io.KeyCtrl = io.KeyShift = false;
    frame();
  }
  void type(const char* letters) {
    ImGui::GetIO().AddInputCharactersUTF8(letters);
    frame();
    frame();
  }
  std::pair<float, float> middle(const std::string& name) {
    const auto box = desk_->widgets().box(name);
    EXPECT_TRUE(box) << "no widget is called " << name;
    if (!box) return {0, 0};
    return {box->x + box->width / 2, box->y + box->height / 2};
  }
  bool there(const std::string& name) { return desk_->widgets().box(name).has_value(); }
  graph::NodeId node(const std::string& key) { return session_->node_named(key); }
  // Where a node is seen in the window.
  std::pair<float, float> on(graph::NodeId id) {
    const Ball& ball = *std::find_if(plan_.balls.begin(), plan_.balls.end(), [&](const Ball& b) {
      return b.id == pick_of_node(static_cast<Slot>(id));
    });
    const auto at = project(plan_.camera, plan_.viewport, {ball.x, ball.y, ball.z});
    return {at->x + desk_->picture().x, at->y + desk_->picture().y};
  }
  // A pixel of the picture where nothing is.
  std::pair<float, float> nowhere() {
    const Box box = desk_->picture();
    for (float y = box.height - 60; y > 40; y -= 20)
      for (float x = box.width - 40; x > 40; x -= 20)
        if (renderer_.pick(static_cast<int64_t>(x), static_cast<int64_t>(y), 12) == 0)
          return {box.x + x, box.y + y};
    ADD_FAILURE() << "the picture is full";
    return {0, 0};
  }
  const ViewState& state() const { return session_->state(); }

  Example example_;
  vulkan::Renderer renderer_{{.device = "software", .validate = true}};
  std::optional<Desk> desk_;
  std::optional<Font> font_;
  std::optional<Session> session_;
  std::optional<Actor> actor_;
  std::vector<std::string> lines_;
  RenderPlan plan_;
  uint64_t seen_ = 0;
};

TEST(Events, APressAndItsReleaseAreSeenByDifferentFrames) {
  const Context context(1);
  Events events;
  events.mouse(10, 20);
  events.button(0, true);
  events.mouse(30, 40);
  events.mouse(50, 60);
  events.button(0, false);
  const ImGuiIO& io = ImGui::GetIO();

  EXPECT_TRUE(events.feed());
  EXPECT_EQ(io.MousePos.x, 10);
  EXPECT_TRUE(io.MouseDown[0]);
  EXPECT_FALSE(events.feed());
  EXPECT_EQ(io.MousePos.x, 50);
  EXPECT_FALSE(io.MouseDown[0]);
}

TEST(Events, NothingIsHeldWhenAnotherWindowIsTypedInto) {
  const Context context(1);
  Events events;
  events.key(key::kLeftControl, true);
  events.feed();
  EXPECT_TRUE(ImGui::GetIO().KeyCtrl);
  events.leave();
  events.feed();
  EXPECT_FALSE(ImGui::GetIO().KeyCtrl);
}

TEST_F(DeskTest, AClickSelectsWhatIsUnderIt) {
  for (const char* key : {"why wet", "it rained", "photo"}) {
    click(on(node(key)));
    EXPECT_EQ(state().selection, std::vector{node(key)}) << key;
    EXPECT_EQ(desk_->opened().inspected, pick_of_node(static_cast<Slot>(node(key))));
  }
  click(nowhere());
  EXPECT_TRUE(state().selection.empty());
}

TEST_F(DeskTest, WithShiftAClickAddsAndTakesAway) {
  click(on(node("photo")));
  ImGui::GetIO().KeyShift = true;
  click(on(node("it rained")));
  EXPECT_EQ(state().selection.size(), 2u);
  click(on(node("photo")));
  EXPECT_EQ(state().selection, std::vector{node("it rained")});
}

TEST_F(DeskTest, ADragTurnsSelectsNothingAndIsUndoneAtOnce) {
  const Camera before = state().camera;
  drag(on(node("it rained")), 80, 24);
  EXPECT_NEAR(state().camera.yaw, before.yaw - 80 * 0.008f, 1e-4);
  EXPECT_NEAR(state().camera.pitch, before.pitch + 24 * 0.008f, 1e-4);
  EXPECT_TRUE(state().selection.empty());
  press('Z', true);
  EXPECT_EQ(state().camera, before);
}

TEST_F(DeskTest, WithShiftADragSelectsWhatARectangleHolds) {
  const auto at = on(node("photo"));
  ImGui::GetIO().KeyShift = true;
  const Camera before = state().camera;
  drag({at.first + 25, at.second + 25}, -50, -50);
  ImGui::GetIO().KeyShift = false;
  EXPECT_EQ(state().selection, std::vector{node("photo")});
  EXPECT_EQ(state().camera, before);
}

TEST_F(DeskTest, AnotherVersionIsLaidUnderThisOne) {
  desk_->opened().show(Tab::Compare);
  frame();
  frame();
  click(middle("compare contradicted"));
  ASSERT_TRUE(session_->comparison());
  EXPECT_EQ(state().compare->version, 3u);
  frame();
  click(middle("compare no more"));
  EXPECT_FALSE(session_->comparison());
}

TEST_F(DeskTest, ARecentRunIsChosenToCompareWith) {
  const Example other;
  desk_.reset();
  desk_.emplace(1.f, [&] { return std::vector<Offer>{{"other", "a run", other.folder()}}; });
  size(kWidth, kHeight);
  frame();
  press(key::kF1 + 3);
  click(middle("compare with " + other.folder()));
  ASSERT_TRUE(state().compare);
  EXPECT_EQ(state().compare->with, other.folder());
  click(middle("compare no more"));
  EXPECT_FALSE(state().compare);
}

TEST_F(DeskTest, WhatIsInspectedIsToldAnewWhenSomethingElseIsCompared) {
  click(on(node("it rained")));
  EXPECT_FALSE(there("fact: difference"));
  actor_->perform(Compare{.version = 3});
  frame();
  EXPECT_TRUE(there("fact: difference"));
  EXPECT_TRUE(there("fact: status before"));
  actor_->perform(GoTo{.version = 3});
  frame();
  EXPECT_FALSE(there("fact: status before"));
  actor_->perform(Compare{});
  frame();
  EXPECT_FALSE(there("fact: difference"));
}

TEST_F(DeskTest, AViewIsSavedAndOpenedAgain) {
  desk_->opened().show(Tab::Views);
  frame();
  press('B');
  click(middle("view name"));
  type("night");
  press(key::kEnter);
  press('Z', true);
  EXPECT_FALSE(state().style.dark);
  frame();
  click(middle("view: night"));
  EXPECT_TRUE(state().style.dark);
}

TEST_F(DeskTest, WithControlADragMovesANodeAndPinsIt) {
  const auto at = on(node("photo"));
  ImGui::GetIO().KeyCtrl = true;
  drag(at, 60, -40);
  ImGui::GetIO().KeyCtrl = false;
  EXPECT_NEAR(on(node("photo")).first, at.first + 60, 2);
  EXPECT_NEAR(on(node("photo")).second, at.second - 40, 2);
  press('Z', true);
  EXPECT_TRUE(state().pins.empty());
}

TEST_F(DeskTest, PinsAreSetAndLetGoByButtonsAndKeys) {
  click(on(node("photo")));
  click(middle("pin"));
  ASSERT_EQ(state().pins.size(), 1u);
  EXPECT_EQ(state().pins[0].node, node("photo"));
  click(middle("unpin"));
  EXPECT_TRUE(state().pins.empty());

  actor_->perform(Select{{node("photo"), node("it rained")}, "only"});
  press('M');
  EXPECT_EQ(state().pins.size(), 2u);
  actor_->perform(Select{{node("photo")}, "only"});
  press('M', false, true);
  ASSERT_EQ(state().pins.size(), 1u);
  EXPECT_EQ(state().pins[0].node, node("it rained"));
  press('M', true);
  EXPECT_TRUE(state().pins.empty());
  press('M', true);
  EXPECT_EQ(actor_->note(), "nothing is pinned");

  actor_->perform(PinNodes{{node("photo"), node("it rained")}});
  desk_->opened().show(Tab::Look);
  frame();
  frame();
  click(middle("unpin selected"));
  EXPECT_EQ(state().pins.size(), 1u);
  click(middle("unpin all"));
  EXPECT_TRUE(state().pins.empty());
  press('Z', true);
  EXPECT_EQ(state().pins.size(), 1u);
}

TEST_F(DeskTest, TheRightButtonShiftsByAsManyPixels) {
  const auto at = on(node("photo"));
  drag(nowhere(), 40, -30, 1);
  EXPECT_NEAR(on(node("photo")).first, at.first + 40, 8);
  EXPECT_NEAR(on(node("photo")).second, at.second - 30, 8);
}

TEST_F(DeskTest, TheWheelGoesNearerAbovePicturesAndNotAbovePanels) {
  const float before = state().camera.distance;
  wheel(nowhere(), 2);
  const float nearer = state().camera.distance;
  EXPECT_NEAR(nearer, before * 0.88f * 0.88f, 0.02f * before);
  wheel(middle("fit"), 2);
  wheel(middle("versions"), 2);
  EXPECT_EQ(state().camera.distance, nearer);
}

TEST_F(DeskTest, ADoubleClickGoesThere) {
  const auto at = on(node("photo"));
  move(at.first, at.second);
  for (int i = 0; i < 2; ++i) {
    button(true);
    button(false);
  }
  const Box box = desk_->picture();
  EXPECT_NEAR(on(node("photo")).first, box.x + box.width / 2, 2);
  EXPECT_NEAR(on(node("photo")).second, box.y + box.height / 2, 2);
}

TEST_F(DeskTest, WhatIsFoundIsGoneToByEnter) {
  press(key::kSlash);
  type("log");
  EXPECT_TRUE(there("found: 0"));
  press(key::kEnter);
  EXPECT_EQ(state().selection, std::vector{node("cleaning log")});
  EXPECT_FALSE(there("found: 0"));
  press('Z', true);
  EXPECT_TRUE(state().selection.empty());
}

TEST_F(DeskTest, WithShiftWhatIsFoundIsSelectedBesideOthersSoThatKeysAloneFindAPath) {
  for (const char* name : {"photo", "it rained"}) {
    press(key::kSlash);
    type(name);
    press(key::kEnter, false, true);
  }
  EXPECT_EQ(state().selection, (std::vector{node("photo"), node("it rained")}));
  press('T');
  ASSERT_TRUE(state().highlight);
  EXPECT_EQ(state().highlight->to, node("it rained"));
}

TEST_F(DeskTest, WhatIsLeftAfterAQuestionIsFittedAndUndoneWithIt) {
  const Camera before = state().camera;
  press('Q');
  type("kind = evidence");
  press(key::kEnter);
  EXPECT_LT(state().camera.distance, before.distance);
  for (const char* name : {"wet street", "dry roofs", "showers likely"}) {
    const auto [x, y] = on(node(name));
    EXPECT_TRUE(x > 0 && x < desk_->picture().width && y > desk_->picture().y) << name;
  }
  press('Z', true);
  EXPECT_EQ(state().camera, before);
  EXPECT_TRUE(state().filter.empty());
}

TEST_F(DeskTest, WordsThatWereNotAskedDoNotStayWhereTheQueryStands) {
  press('Q');
  type("kind = evidence");
  click(nowhere());
  press('Q');
  press(key::kEnter);
  EXPECT_TRUE(state().filter.empty());
}

TEST_F(DeskTest, NothingIsToBeUndoneInAWindowThatWasJustOpened) {
  EXPECT_FALSE(session_->can_undo());
  const Camera before = state().camera;
  press('Z', true);
  EXPECT_EQ(state().camera, before);
}

TEST_F(DeskTest, AnArrowThatWasClickedGlowsInThePicture) {
  const auto glow = [] { return ImGui::GetBackgroundDrawList()->VtxBuffer.Size; };
  EXPECT_EQ(glow(), 0);
  const Line& line = plan_.lines.front();
  const auto curve = curve_of(plan_, line);
  ASSERT_TRUE(curve);
  const Point at = point_on(*curve, 0.5f);
  click({at.x + desk_->picture().x, at.y + desk_->picture().y});
  ASSERT_TRUE(desk_->opened().inspected & kEdgeBit);
  frame();
  EXPECT_GT(glow(), 0);
}

TEST_F(DeskTest, ButtonsExpandCollapseAndLiftOutAsKeysDo) {
  click(on(node("forecast")));
  click(middle("path"));
  EXPECT_NE(actor_->note().find("1 are selected"), std::string::npos);
  actor_->perform(Select{{node("it rained")}, "also"});
  frame();
  click(middle("path"));
  ASSERT_TRUE(state().highlight);
  EXPECT_EQ(state().highlight->what, "path");
  click(middle("core"));
  EXPECT_EQ(state().highlight->what, "core");
  click(middle("plain"));
  EXPECT_FALSE(state().highlight);
  click(middle("near"));
  EXPECT_EQ(session_->marks().nodes_shown, 2u);  // forecast, showers likely
  click(on(node("showers likely")));
  click(middle("expand"));
  EXPECT_EQ(session_->marks().nodes_shown, 3u);
  click(middle("expand"));
  EXPECT_EQ(actor_->note(), "all that is tied to it is shown");
}

TEST_F(DeskTest, ABadSearchIsALineAndNotAnEnd) {
  press(key::kSlash);
  type("/[/");
  EXPECT_FALSE(actor_->note().empty());
}

TEST_F(DeskTest, QueriesSayWhatIsShownAndRefusalsAreRead) {
  press('Q');
  type("kind = evidence");
  press(key::kEnter);
  EXPECT_EQ(state().filter, "kind = evidence");
  EXPECT_EQ(session_->marks().nodes_shown, 3u);
  press('Q');
  type("kind = ");
  press(key::kEnter);
  EXPECT_EQ(state().filter, "kind = evidence");
  EXPECT_NE(actor_->note().find("kind"), std::string::npos);
  click(middle("all"));
  EXPECT_EQ(session_->marks().nodes_shown, 12u);
}

TEST_F(DeskTest, ConditionsCanBeChosenFromAList) {
  click(middle("pick"));
  click(middle("kind = evidence"));
  EXPECT_EQ(state().filter, "kind = evidence");
}

TEST_F(DeskTest, WhatTheGraphHasIsOfferedAndWhatItHasNotIsNot) {
  click(middle("pick"));
  EXPECT_FALSE(there("kind = relation"));
  EXPECT_FALSE(there("fold: label"));
  click(middle("fold: source"));
  click(middle("source = \"city-log\""));
  EXPECT_EQ(state().filter, "source = \"city-log\"");
  click(middle("pick"));
  click(middle("kind = answer"));
  EXPECT_EQ(state().filter, "source = \"city-log\" and kind = answer");
  EXPECT_EQ(session_->marks().nodes_shown, 1u);
}

TEST_F(DeskTest, ColoursAreThoseOfAttributesThatTheGraphHasAndOneKeyGoesThroughAll) {
  desk_->opened().show(Tab::Look);
  frame();
  frame();
  click(middle("Colour"));
  EXPECT_TRUE(there("Colour: experiment"));
  for (const char* absent : {"Colour: label", "Colour: model", "Colour: difference"})
    EXPECT_FALSE(there(absent)) << absent;
  click(middle("Colour: rule"));
  EXPECT_EQ(state().style.colour, ColourBy::Rule);
  const auto& entries = plan_.legend.legend.nodes;
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].text, "no rule");
  EXPECT_TRUE(entries[1].text.starts_with("the best supported claim")) << entries[1].text;
  std::set<ColourBy> seen;
  for (int i = 0; i < 6; ++i) {
    press('K');
    seen.insert(state().style.colour);
  }
  EXPECT_EQ(seen.size(), 6u);
  EXPECT_EQ(state().style.colour, ColourBy::Rule);
}

TEST_F(DeskTest, EscapeClosesAListFirst) {
  click(on(node("photo")));
  click(middle("pick"));
  EXPECT_TRUE(there("kind = answer"));
  press(key::kEscape);
  frame();
  EXPECT_FALSE(there("kind = answer"));
  EXPECT_EQ(state().selection, std::vector{node("photo")});
  press(key::kEscape);
  EXPECT_TRUE(state().selection.empty());
}

TEST_F(DeskTest, AVersionIsChosenByItsTag) {
  click(middle("tags"));
  click(middle("tag: first guess"));
  EXPECT_EQ(state().version, 2u);
}

TEST_F(DeskTest, AnotherLayoutIsUndoneAtOnceWithItsCamera) {
  const uint64_t before = hash_of(state());
  desk_->opened().show(Tab::Look);
  frame();
  frame();
  click(middle("Layout"));
  click(middle("Layout: layered"));
  EXPECT_EQ(state().layout, "layered");
  EXPECT_TRUE(state().camera.flat);
  press('Z', true);
  EXPECT_EQ(hash_of(state()), before);
}

TEST_F(DeskTest, NodesAreGroupedByAChoiceOfTheForceLayoutAlone) {
  desk_->opened().show(Tab::Look);
  frame();
  frame();
  click(middle("Groups"));
  click(middle("Groups: kind"));
  EXPECT_EQ(state().group_by, GroupBy::Kind);
  EXPECT_EQ(state().layout, "force");
  press('U');
  EXPECT_EQ(state().group_by, GroupBy::Run);
  session_->perform({Layout{"tree"}});
  frame();
  click(middle("Groups"));
  EXPECT_FALSE(there("Groups: kind"));
  const size_t lines = lines_.size();
  press('U');
  EXPECT_EQ(lines_.size(), lines);
  EXPECT_NE(actor_->note().find("force"), std::string::npos) << actor_->note();
}

TEST_F(DeskTest, ButtonsUndoAndRedo) {
  press('B');
  EXPECT_TRUE(state().style.dark);
  click(middle("undo"));
  EXPECT_FALSE(state().style.dark);
  click(middle("redo"));
  EXPECT_TRUE(state().style.dark);
}

TEST_F(DeskTest, TheTimeBarGoesToVersions) {
  const Box bar = *desk_->widgets().box("versions");
  click({bar.x + 4, bar.y + bar.height / 2});
  EXPECT_EQ(session_->point().version, 1u);
  press(key::kAfter);
  EXPECT_EQ(session_->point().version, 2u);
  press(key::kEnd);
  EXPECT_EQ(state().version, std::nullopt);
  EXPECT_EQ(session_->point().version, session_->head());
}

TEST_F(DeskTest, PausedThePictureStaysThePanelCountsAndNothingIsLost) {
  EXPECT_FALSE(there("resume"));
  click(middle("pause"));
  const graph::Version paused = session_->point().version;
  EXPECT_EQ(state().version, paused);
  {
    graph::Store store = graph::Store::open(example_.folder());
    for (int i = 0; i < 2; ++i) {
      store.add_node(graph::NodeKind::Step, {.text = fmt::format("{}", i)});
      store.commit(graph::Durability::Visible);
    }
  }
  EXPECT_TRUE(session_->follow());
  frame();
  EXPECT_EQ(session_->marks().nodes_shown, 12u);
  EXPECT_EQ(session_->came_since(), 2u);
  click(middle("resume"));
  EXPECT_EQ(session_->marks().nodes_shown, 14u);
  EXPECT_EQ(session_->point().version, paused + 2);
  press('O');
  EXPECT_EQ(state().version, paused + 2);
  press('Z', true);
  EXPECT_EQ(state().version, std::nullopt);
}

TEST_F(DeskTest, PlayingGoesThroughAllVersionsAndStops) {
  press(key::kHome);
  press(key::kSpace);
  EXPECT_TRUE(desk_->moves());
  std::set<graph::Version> seen;
  for (int i = 0; i < 400 && desk_->moves(); ++i) {
    frame();
    seen.insert(session_->point().version);
  }
  EXPECT_FALSE(desk_->moves());
  EXPECT_EQ(seen.size(), session_->head());
}

TEST_F(DeskTest, TheTableHoldsWhatIsSelectedAndIsSorted) {
  press('V');
  frame();
  EXPECT_TRUE(there("row: 0"));
  const float unsorted = middle("first row").second;
  click(middle("sort: id"));
  click(middle("sort: id"));
  EXPECT_EQ(middle("first row").second, unsorted);
  press('Q');
  type("kind = evidence");
  press(key::kEnter);
  EXPECT_FALSE(there("row: " + std::to_string(node("photo"))));
  EXPECT_TRUE(there("row: " + std::to_string(node("wet street"))));
  click(middle("row: " + std::to_string(node("wet street"))));
  EXPECT_EQ(desk_->opened().inspected, pick_of_node(static_cast<Slot>(node("wet street"))));
}

TEST_F(DeskTest, EachKeyOfTheOverviewDoesSomething) {
  press('V');
  for (const Key& one : key_table()) {
    if (one.key == 'Q' && one.ctrl) continue;  // tested last
    actor_->perform(Filter{"kind = evidence"});
    actor_->perform(GoTo{.version = 3});
    actor_->perform(Select{{node("it rained"), node("photo")}, "only"});
    actor_->perform(Dark{});
    actor_->perform(Undo{});
    desk_->opened().show(one.key == key::kF1 + 4 ? Tab::Look : Tab::Views);
    frame();
    const size_t lines = lines_.size();
    const Opened before = desk_->opened();
    const bool moved = desk_->moves();
    press(one.key, one.ctrl, one.shift);
    frame();
    const Opened& now = desk_->opened();
    EXPECT_TRUE(lines_.size() > lines || !actor_->note().empty() || moved != desk_->moves() ||
                now.tab != before.tab || now.keys != before.keys || now.table != before.table ||
                now.side != before.side || now.save || ImGui::GetIO().WantTextInput)
        << one.what << ", key " << one.key;
    actor_->say("");
    desk_->opened().save.reset();
    press(key::kEscape);
  }
  press('Q', true);
  EXPECT_TRUE(desk_->opened().leave);
}

TEST_F(DeskTest, WhatIsTypedIsNoKey) {
  press(key::kSlash);
  press('B');
  press(key::kSpace);
  EXPECT_FALSE(state().style.dark);
  EXPECT_FALSE(desk_->moves());
}

TEST_F(DeskTest, WhatIsDoneIsWrittenAsAScript) {
  drag(nowhere(), 30, 10);
  click(on(node("photo")));
  session_->save_view("before");
  press('P');
  desk_->opened().show(Tab::Views);
  frame();
  frame();
  click(middle("view: before"));
  press('B');
  Session other(example_.folder(), session_->viewport());
  other.set_font(*font_);
  choose({}, other);
  for (const std::string& line : lines_) other.perform(command_from(line));
  EXPECT_EQ(hash_of(other.state()), hash_of(state()));
}

TEST_F(DeskTest, NothingIsCutAtAnyScaleOfTheScreen) {
  for (const float scale : {1.f, 2.f}) {
    open(scale);
    click(on(node("it rained")));
    actor_->perform(GoTo{.version = 3, .world = session_->timeline().world_times().front()});
    frame();
    frame();
    for (const auto& [name, box] : desk_->widgets().boxes()) {
      EXPECT_GE(box.x, 0) << name;
      EXPECT_LE(box.x + box.width, kWidth * scale) << name << " at " << scale;
      if (name == "note") {
        EXPECT_LE(box.y + box.height, kHeight * scale);
      }
    }
  }
}

TEST_F(DeskTest, ASmallWindowHasAPictureToo) {
  for (const auto& [width, height] : {std::pair(300.f, 200.f), std::pair(40.f, 30.f)}) {
    size(width, height);
    frame();
    EXPECT_GE(desk_->picture().width, 1);
    EXPECT_GE(desk_->picture().height, 1);
  }
}

// The window as it is put together, read back.
std::vector<uint8_t> composed(vulkan::Renderer& renderer, Desk& desk, VkExtent2D extent) {
  using vulkan::kColourFormat, vulkan::kCopiedFrom;
  vulkan::Device& device = renderer.device();
  vulkan::Panels panels(device, kColourFormat);
  panels.set_letters(desk.context().letters());
  panels.put(desk.drawing());
  const vulkan::Image image(device,
                            extent,
                            kColourFormat,
                            VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT | VK_IMAGE_USAGE_TRANSFER_DST_BIT |
                                VK_IMAGE_USAGE_TRANSFER_SRC_BIT,
                            VK_IMAGE_ASPECT_COLOR_BIT);
  vulkan::ReadBack read;
  device.run([&](VkCommandBuffer commands) {
    panels.compose(commands,
                   &renderer.picture(),
                   desk.picture(),
                   {image.handle(), image.view(), extent},
                   light_theme().background,
                   kCopiedFrom);
    read.copy(device, commands, image, {{0, 0}, extent});
  });
  EXPECT_EQ(device.take_messages(), std::vector<std::string>{});
  const auto* bytes = static_cast<const uint8_t*>(read.data());
  return {bytes, bytes + size_t{4} * extent.width * extent.height};
}

TEST_F(DeskTest, TheWindowHasThePixelsOfTheFile) {
  move(-1, -1);
  const Frame file = renderer_.draw(plan_, overlay_of(plan_, *font_));
  const auto window = composed(renderer_, *desk_, {1280, 720});
  const auto left = static_cast<size_t>(desk_->picture().x),
             top = static_cast<size_t>(desk_->picture().y);
  size_t different = 0;
  for (size_t y = 0; y < file.height; ++y)
    different +=
        !std::equal(file.rgba.begin() + static_cast<ptrdiff_t>(4 * y * file.width),
                    file.rgba.begin() + static_cast<ptrdiff_t>(4 * (y + 1) * file.width),
                    window.begin() + static_cast<ptrdiff_t>(4 * ((top + y) * 1280 + left)));
  EXPECT_EQ(different, 0u) << "rows";
  const std::set<uint8_t> colours(window.begin(), window.begin() + 4 * 1280 * 40);
  EXPECT_GT(colours.size(), 20u) << "panels are seen";
}

}  // namespace
}  // namespace saggio::viz::ui
