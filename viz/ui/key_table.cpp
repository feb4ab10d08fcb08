// SPDX-License-Identifier: MIT
#include "viz/ui/key_table.h"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>

#include "viz/ui/keys.h"
#include "viz/ui/look_panel.h"

namespace saggio::viz::ui {
namespace {

constexpr float kTurn = 0.12f, kShift = 40, kFly = 0.08f;  // a press: radians, pixels, distances

// All that one key does while it is held is one gesture.
void act(KeyPlace& p, const Action& action) { p.panel.actor.perform(action, p.held); }
void once(KeyPlace& p, const Action& action) { p.panel.actor.perform(action); }

std::vector<graph::NodeId> chosen(const KeyPlace& p) {
  const auto& selection = p.panel.session().state().selection;
  const PickId id = p.panel.opened.inspected;
  if (id != 0 && !(id & kEdgeBit)) return {id - 1};
  return selection;
}

// With a node that is chosen; without one a line says so.
void with_node(KeyPlace& p, const std::function<void(graph::NodeId)>& deed) {
  const auto nodes = chosen(p);
  if (nodes.empty())
    p.panel.actor.say("no node is chosen; click one, or find it: /");
  else
    deed(nodes.back());
}

// Likewise with all that are selected.
void with_nodes(KeyPlace& p, const std::function<void(const std::vector<graph::NodeId>&)>& deed) {
  auto nodes = p.panel.session().state().selection;
  if (nodes.empty()) nodes = chosen(p);
  if (nodes.empty())
    p.panel.actor.say("no node is chosen; click one, or find it: /");
  else
    deed(nodes);
}

void near(KeyPlace& p, int hops) {
  with_nodes(p, [&](const auto& nodes) {
    show(p.panel.actor, Neighbours{nodes, hops, graph::Direction::Both});
  });
}

// From tie to tie of the chosen node: what lies beside it in the graph.
void neighbour(KeyPlace& p) {
  with_node(p, [&](graph::NodeId node) {
    const Scene& scene = p.panel.session().scene();
    const Marks& marks = p.panel.session().marks();
    std::vector<Slot> others;
    for (Slot e = 0; e < scene.edge_slots(); ++e) {
      if (!(marks.edges[e] & kShown)) continue;
      const Slot a = scene.edges().source[e], b = scene.edges().target[e];
      if (a == node && b != node) others.push_back(b);
      if (b == node && a != node) others.push_back(a);
    }
    if (others.empty()) return p.panel.actor.say("nothing that is shown is tied to it");
    std::sort(others.begin(), others.end());
    const auto next = std::upper_bound(others.begin(), others.end(), node);
    choose_node(p.panel, next == others.end() ? others.front() : *next, true);
  });
}

void back_to_plain(KeyPlace& p) {
  const ViewState& state = p.panel.session().state();
  if (ImGui::IsPopupOpen(nullptr, ImGuiPopupFlags_AnyPopup)) return;  // a list closes itself
  if (p.panel.opened.keys)
    p.panel.opened.keys = false;
  else if (state.highlight)
    once(p, ShowPlain{});
  else if (!state.selection.empty() || p.panel.opened.inspected)
    p.panel.opened.inspected = 0, once(p, Select{});
}

void point(KeyPlace& p, std::optional<graph::Version> version) {
  once(p, GoTo{version, p.panel.session().state().world});
}

void world(KeyPlace& p, bool on) {
  Session& session = p.panel.session();
  const auto now = session.state().world;
  const auto times = session.timeline().world_times();
  if (times.empty())
    return p.panel.actor.say("nothing in this store says when it holds in the world");
  const auto to = !now ? std::optional(on ? times.front() : times.back())
                  : on ? session.timeline().world_after(*now)
                       : session.timeline().world_before(*now);
  if (to) once(p, GoTo{session.state().version, to});
}

void training(KeyPlace& p) {
  if (p.panel.session().training().has_run())
    p.panel.opened.show(Tab::Training);
  else
    p.panel.actor.say("this graph is no run's: there are no curves beside it");
}

using K = KeyPlace;
// clang-format off
const Key kTable[] = {
    {"look", "Left  Right", "turn", key::kLeft, false, false, [](K& p) { act(p, Orbit{kTurn, 0}); }},
    {"look", "", "", key::kRight, false, false, [](K& p) { act(p, Orbit{-kTurn, 0}); }},
    {"look", "Up  Down", "from above, from below", key::kUp, false, false, [](K& p) { act(p, Orbit{0, kTurn}); }},
    {"look", "", "", key::kDown, false, false, [](K& p) { act(p, Orbit{0, -kTurn}); }},
    {"look", "Shift+arrows", "shift the picture", key::kLeft, false, true, [](K& p) { act(p, Pan{kShift, 0}); }},
    {"look", "", "", key::kRight, false, true, [](K& p) { act(p, Pan{-kShift, 0}); }},
    {"look", "", "", key::kUp, false, true, [](K& p) { act(p, Pan{0, kShift}); }},
    {"look", "", "", key::kDown, false, true, [](K& p) { act(p, Pan{0, -kShift}); }},
    {"look", "+  -", "nearer, farther", key::kEqual, false, false, [](K& p) { act(p, Zoom{1}); }},
    {"look", "", "", key::kEqual, false, true, [](K& p) { act(p, Zoom{1}); }},
    {"look", "", "", key::kPadPlus, false, false, [](K& p) { act(p, Zoom{1}); }},
    {"look", "", "", key::kMinus, false, false, [](K& p) { act(p, Zoom{-1}); }},
    {"look", "", "", key::kPadMinus, false, false, [](K& p) { act(p, Zoom{-1}); }},
    {"look", "W A S D", "fly on, left, back, right", 'W', false, false, [](K& p) { act(p, Fly{kFly, 0, 0}); }},
    {"look", "", "", 'S', false, false, [](K& p) { act(p, Fly{-kFly, 0, 0}); }},
    {"look", "", "", 'A', false, false, [](K& p) { act(p, Fly{0, -kFly, 0}); }},
    {"look", "", "", 'D', false, false, [](K& p) { act(p, Fly{0, kFly, 0}); }},
    {"look", "R  E", "fly up, down", 'R', false, false, [](K& p) { act(p, Fly{0, 0, kFly}); }},
    {"look", "", "", 'E', false, false, [](K& p) { act(p, Fly{0, 0, -kFly}); }},
    {"look", "F", "fit all that is shown", 'F', false, false, [](K& p) { once(p, Fit{}); }},
    {"look", "G", "go to the chosen node", 'G', false, false, [](K& p) { with_node(p, [&](auto n) { once(p, LookAt{n}); }); }},
    {"find", "/  Ctrl+F", "find a node", key::kSlash, false, false, [](K& p) { p.panel.opened.to_find = true; }},
    {"find", "", "", 'F', true, false, [](K& p) { p.panel.opened.to_find = true; }},
    {"find", "Q", "ask what is shown", 'Q', false, false, [](K& p) { p.panel.opened.to_query = true; }},
    {"find", "Tab", "to the next neighbour of the chosen node", key::kTab, false, false, [](K& p) { neighbour(p); }},
    {"find", "N  2  3", "it and its neighbours alone; 2, 3: as many edges away", 'N', false, false, [](K& p) { near(p, 1); }},
    {"find", "", "", '2', false, false, [](K& p) { near(p, 2); }},
    {"find", "", "", '3', false, false, [](K& p) { near(p, 3); }},
    {"find", "0", "everything again", '0', false, false, [](K& p) { everything(p.panel.actor); }},
    {"find", "X  H", "show what is tied to the chosen node; hide what hangs on it", 'X', false, false, [](K& p) { with_node(p, [&](auto n) { expand(p.panel.actor, n); }); }},
    {"find", "", "", 'H', false, false, [](K& p) { with_node(p, [&](auto n) { collapse(p.panel.actor, n); }); }},
    {"lift out", "P", "the proof of the chosen node", 'P', false, false, [](K& p) { with_node(p, [&](auto n) { once(p, ShowProof{n}); }); }},
    {"lift out", "C", "what contradicts it", 'C', false, false, [](K& p) { with_node(p, [&](auto n) { once(p, ShowAgainst{n}); }); }},
    {"lift out", "Y", "what contradictions rest on: the sources of both sides", 'Y', false, false, [](K& p) { once(p, ShowCore{}); }},
    {"lift out", "T", "the path between two selected nodes", 'T', false, false, [](K& p) { show_path(p.panel.actor); }},
    {"lift out", "Escape", "back: nothing lifted out, then nothing selected", key::kEscape, false, false, [](K& p) { back_to_plain(p); }},
    {"time", "[  ]", "one version back, on", key::kBefore, false, false, [](K& p) { p.time.step(p.panel.actor, -1); }},
    {"time", "", "", key::kAfter, false, false, [](K& p) { p.time.step(p.panel.actor, 1); }},
    {"time", "Space", "play through the versions", key::kSpace, false, false, [](K& p) { p.time.play(); }},
    {"time", "O", "pause at this version, whatever comes; go on with the newest", 'O', false, false, [](K& p) { p.time.pause(p.panel.actor); }},
    {"time", "Home  End", "the first version; the newest, and what comes", key::kHome, false, false, [](K& p) { point(p, 1); }},
    {"time", "", "", key::kEnd, false, false, [](K& p) { point(p, std::nullopt); }},
    {"time", ",  .", "back and on in the world", key::kComma, false, false, [](K& p) { world(p, false); }},
    {"time", "", "", key::kPeriod, false, false, [](K& p) { world(p, true); }},
    {"looks", "L  U", "next layout, next groups of the force layout", 'L', false, false, [](K& p) { next_layout(p.panel.actor); }},
    {"looks", "", "", 'U', false, false, [](K& p) { next_grouping(p.panel.actor); }},
    {"looks", "M  Shift+M", "pin the selected nodes where they are; unpin them", 'M', false, false, [](K& p) { with_nodes(p, [&](const auto& nodes) { pin(p.panel.actor, nodes); }); }},
    {"looks", "", "", 'M', false, true, [](K& p) { with_nodes(p, [&](const auto& nodes) { let_go(p.panel.actor, nodes); }); }},
    {"looks", "Ctrl+M", "unpin all nodes", 'M', true, false, [](K& p) { let_go(p.panel.actor, {}); }},
    {"looks", "K  J", "next colour, size", 'K', false, false, [](K& p) { next_colour(p.panel.actor); }},
    {"looks", "", "", 'J', false, false, [](K& p) { next_size(p.panel.actor); }},
    {"looks", "B", "dark or light", 'B', false, false, [](K& p) { once(p, Dark{!p.panel.session().state().style.dark}); }},
    {"window", "F2 ... F6", "inspect, look, compare, views, training", key::kF1 + 1, false, false, [](K& p) { p.panel.opened.show(Tab::Inspect); }},
    {"window", "", "", key::kF1 + 2, false, false, [](K& p) { p.panel.opened.show(Tab::Look); }},
    {"window", "", "", key::kF1 + 3, false, false, [](K& p) { p.panel.opened.show(Tab::Compare); }},
    {"window", "", "", key::kF1 + 4, false, false, [](K& p) { p.panel.opened.show(Tab::Views); }},
    {"window", "", "", key::kF1 + 5, false, false, [](K& p) { training(p); }},
    {"window", "I  V", "panel on the right, table", 'I', false, false, [](K& p) { p.panel.opened.side = !p.panel.opened.side; }},
    {"window", "", "", 'V', false, false, [](K& p) { p.panel.opened.table = !p.panel.opened.table; }},
    {"window", "Ctrl+Z  Ctrl+Y", "undo, redo", 'Z', true, false, [](K& p) { once(p, Undo{}); }},
    {"window", "", "", 'Y', true, false, [](K& p) { once(p, Redo{}); }},
    {"window", "", "", 'Z', true, true, [](K& p) { once(p, Redo{}); }},
    {"window", "Ctrl+S", "save the picture, as picture.png", 'S', true, false, [](K& p) { p.panel.opened.save = ""; }},
    {"window", "Ctrl+C", "copy the id of the chosen node", 'C', true, false, [](K& p) { with_node(p, [&](auto n) { copy(p.panel, fmt::format("#{}", n), "id"); }); }},
    {"window", "Ctrl+Shift+C", "copy the command that draws this picture", 'C', true, true, [](K& p) { p.panel.actor.attempt([&] { copy(p.panel, p.panel.session().command_of_picture(), "command"); }); }},
    {"window", "F1  ?", "these keys", key::kF1, false, false, [](K& p) { p.panel.opened.keys = !p.panel.opened.keys; }},
    {"window", "", "", key::kSlash, false, true, [](K& p) { p.panel.opened.keys = !p.panel.opened.keys; }},
    {"window", "Ctrl+Q", "close the window", 'Q', true, false, [](K& p) { p.panel.opened.leave = true; }},
};
// clang-format on

}  // namespace

std::span<const Key> key_table() { return kTable; }

void press_keys(KeyPlace& place) {
  const ImGuiIO& io = ImGui::GetIO();
  if (io.WantTextInput) return;
  for (const Key& key : kTable)
    if (io.KeyCtrl == key.ctrl && io.KeyShift == key.shift && ImGui::IsKeyPressed(key.key)) {
      if (ImGui::IsKeyPressed(key.key, false)) place.held = place.panel.actor.new_gesture();
      key.act(place);
    }
}

// In two columns, by group, in the middle of the window.
void key_overview(Panel& panel) {
  if (!panel.opened.keys) return;
  const ImVec2 all = ImGui::GetIO().DisplaySize;
  ImGui::SetNextWindowPos({all.x / 2, all.y / 2}, ImGuiCond_Always, {0.5f, 0.5f});
  ImGui::SetNextWindowSize({std::min(all.x, 56 * panel.em), 0});
  ImGui::Begin("Keys",
               &panel.opened.keys,
               ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoCollapse |
                   ImGuiWindowFlags_NoSavedSettings);
  const auto rows = [&](std::initializer_list<std::string_view> groups) {
    for (const std::string_view group : groups) {
      heading(group);
      for (const Key& key : kTable) {
        if (group != key.group || *key.shown == 0) continue;
        text(key.shown);
        ImGui::SameLine(8.5f * panel.em);
        ImGui::PushTextWrapPos(0);
        faint(key.what);
        ImGui::PopTextWrapPos();
      }
    }
  };
  if (ImGui::BeginTable("keys", 2, ImGuiTableFlags_SizingStretchSame)) {
    ImGui::TableNextColumn();
    ImGui::BeginGroup();
    rows({"look", "looks", "lift out"});
    ImGui::EndGroup();
    ImGui::TableNextColumn();
    rows({"find", "time", "window"});
    ImGui::EndTable();
  }
  ImGui::Separator();
  wrapped(
      "Mouse: drag turns, right drag shifts, wheel goes nearer, click selects, with shift another "
      "one, shift and drag selects a rectangle, ctrl and drag moves a node, double click goes "
      "there.");
  ImGui::End();
}

}  // namespace saggio::viz::ui
