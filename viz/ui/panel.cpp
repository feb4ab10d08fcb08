// SPDX-License-Identifier: MIT
#include "viz/ui/panel.h"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>

#include "viz/ui/keys.h"

namespace saggio::viz::ui {

void begin_panel(const char* name, const Box& where) {
  ImGui::SetNextWindowPos({where.x, where.y});
  ImGui::SetNextWindowSize({where.width, where.height});
  ImGui::Begin(name,
               nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                   ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoBringToFrontOnFocus);
}

void end_panel() { ImGui::End(); }

void text(std::string_view words) {
  ImGui::TextUnformatted(words.data(), words.data() + words.size());
}

void faint(std::string_view words) {
  ImGui::PushStyleColor(ImGuiCol_Text, ImGui::GetStyleColorVec4(ImGuiCol_TextDisabled));
  text(words);
  ImGui::PopStyleColor();
}

void wrapped(std::string_view words) {
  ImGui::PushTextWrapPos(0);
  text(words);
  ImGui::PopTextWrapPos();
}

bool link(const std::string& words) {
  ImGui::PushStyleColor(ImGuiCol_Text, ImGui::GetStyleColorVec4(ImGuiCol_PlotLines));
  const bool clicked = ImGui::Selectable(words.c_str());
  ImGui::PopStyleColor();
  return clicked;
}

void heading(std::string_view words) {
  ImGui::Spacing();
  faint(words);
  ImGui::Separator();
}

bool button(Panel& panel, const char* name, const char* shown, std::string_view tip, bool on) {
  ImGui::BeginDisabled(!on);
  ImGui::PushID(name);
  const bool pressed = ImGui::Button(shown);
  ImGui::PopID();
  ImGui::EndDisabled();
  panel.widgets.named(name, tip);
  return pressed;
}

namespace {

void close_by_key() {
  if (ImGui::IsKeyPressed(key::kEscape)) ImGui::CloseCurrentPopup();
}

}  // namespace

bool begin_popup(const char* name) {
  if (!ImGui::BeginPopup(name)) return false;
  close_by_key();
  return true;
}

std::optional<std::string> choice(Panel& panel,
                                  const char* name,
                                  const std::function<std::vector<std::string>()>& names,
                                  std::string_view current,
                                  float width,
                                  std::string_view tip) {
  std::optional<std::string> chosen;
  ImGui::SetNextItemWidth(width);
  const bool open =
      ImGui::BeginCombo(fmt::format("##{}", name).c_str(), std::string(current).c_str());
  panel.widgets.named(name, tip);
  if (!open) return chosen;
  close_by_key();
  for (const std::string& one : names()) {
    if (ImGui::Selectable(one.c_str(), one == current)) chosen = one;
    panel.widgets.named(fmt::format("{}: {}", name, one));
  }
  ImGui::EndCombo();
  return chosen;
}

void choose_node(Panel& panel, Slot node, bool go, bool also) {
  const uint64_t gesture = panel.actor.new_gesture();
  panel.actor.perform(Select{{node}, also ? "also" : "only"}, gesture);
  panel.opened.inspected = pick_of_node(node);
  if (go) panel.actor.perform(LookAt{node}, gesture);
}

void pin(Actor& actor, const std::vector<graph::NodeId>& nodes) {
  if (!actor.perform(PinNodes{nodes, true}) && actor.note().empty()) actor.say("already pinned");
}

void let_go(Actor& actor, const std::vector<graph::NodeId>& nodes) {
  if (!actor.perform(PinNodes{nodes, false}) && actor.note().empty())
    actor.say(nodes.empty() ? "nothing is pinned" : "not pinned; ctrl and drag pins a node, and M");
}

bool is_pinned(const ViewState& state, graph::NodeId node) {
  return std::any_of(
      state.pins.begin(), state.pins.end(), [&](const Pin& pin) { return pin.node == node; });
}

namespace {

void show_in(Actor& actor, const Action& action, uint64_t gesture) {
  if (actor.perform(action, gesture) && actor.session().marks().nodes_shown > 0)
    actor.perform(Fit{}, gesture);
}

}  // namespace

void show(Actor& actor, const Action& action) { show_in(actor, action, actor.new_gesture()); }

void show_path(Actor& actor) {
  const auto& selection = actor.session().state().selection;
  if (selection.size() != 2)
    actor.say(
        fmt::format("a path leads from one node to another, {} are selected; shift and click adds "
                    "one",
                    selection.size()));
  else
    actor.perform(ShowPath{selection[0], selection[1]});
}

namespace {

void fold(Actor& actor, const Action& action, const char* nothing) {
  const size_t before = actor.session().marks().nodes_shown;
  actor.perform(action);
  if (actor.session().marks().nodes_shown == before && actor.note().empty()) actor.say(nothing);
}

}  // namespace

void expand(Actor& actor, graph::NodeId node) {
  fold(actor, Expand{node}, "all that is tied to it is shown");
}
void collapse(Actor& actor, graph::NodeId node) {
  fold(actor, Collapse{node}, "nothing hangs on it alone");
}

void everything(Actor& actor) {
  const uint64_t gesture = actor.new_gesture();
  const ViewState& state = actor.session().state();
  if (!state.filter.empty()) show_in(actor, Filter{}, gesture);
  if (state.focus) show_in(actor, Neighbours{}, gesture);
}

void copy(Panel& panel, const std::string& what, std::string_view called) {
  ImGui::SetClipboardText(what.c_str());
  panel.actor.say(fmt::format("copied {}: {}", called, what));
}

}  // namespace saggio::viz::ui
