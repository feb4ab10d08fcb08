// SPDX-License-Identifier: MIT
#include "viz/ui/look_panel.h"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "viz/placement/layouts.h"

namespace saggio::viz::ui {
namespace {

constexpr std::array kGroupings = {GroupBy::None, GroupBy::Kind, GroupBy::Run, GroupBy::Community};

std::vector<std::string> names_of(const auto& all) {
  std::vector<std::string> names;
  for (const auto one : all) names.emplace_back(name(one));
  return names;
}

bool has_confidence(Session& session) {
  const auto& known = session.scene().nodes().probability;
  return std::any_of(known.begin(), known.end(), [](float p) { return !std::isnan(p); });
}

// What tells nodes of this graph apart, and what is chosen now.
std::vector<std::string> colours(Session& session) {
  std::vector<ColourBy> all = {ColourBy::Kind, ColourBy::Status};
  if (has_confidence(session)) all.push_back(ColourBy::Confidence);
  for (const AttributeThere& one : session.attributes())
    for (const ColourBy by :
         {ColourBy::Label, ColourBy::Run, ColourBy::Experiment, ColourBy::Model, ColourBy::Rule})
      if (name_of(one.field) == name(by)) all.push_back(by);
  if (session.comparison()) all.push_back(ColourBy::Difference);
  const ColourBy now = session.state().style.colour;
  if (std::find(all.begin(), all.end(), now) == all.end()) all.push_back(now);
  return names_of(all);
}

std::vector<std::string> sizes(Session& session) {
  std::vector<SizeBy> all = {SizeBy::Same, SizeBy::Degree};
  if (has_confidence(session) || session.state().style.size == SizeBy::Confidence)
    all.push_back(SizeBy::Confidence);
  return names_of(all);
}

template <typename Range>
auto next_of(const Range& all, const auto& now) {
  const auto at = std::find(all.begin(), all.end(), now);
  return at == all.end() || at + 1 == all.end() ? *all.begin() : *(at + 1);
}

void row(const char* words, float em) {
  ImGui::AlignTextToFramePadding();
  text(words);
  ImGui::SameLine(6 * em);
}

// A layout in a plane is looked at from its front, and all of it.
void take_layout(Actor& actor, const std::string& name) {
  const uint64_t gesture = actor.new_gesture();
  const bool flat = laid_out_flat(name);
  const Camera camera = actor.session().state().camera;
  if (!actor.perform(Layout{name}, gesture)) return;
  if (flat != camera.flat)
    actor.perform(flat ? LookFrom{0, 0, true} : LookFrom{Camera().yaw, Camera().pitch, false},
                  gesture);
  actor.perform(Fit{}, gesture);
}

void group(Actor& actor, GroupBy by) { actor.perform(Layout{actor.session().state().layout, by}); }

}  // namespace

void next_layout(Actor& actor) {
  take_layout(actor, next_of(layout_names(), actor.session().state().layout));
}
void next_colour(Actor& actor) {
  const ColourBy now = actor.session().state().style.colour;
  actor.perform(Colour{colour_by_named(next_of(colours(actor.session()), name(now)), "colour")});
}
void next_size(Actor& actor) {
  const SizeBy now = actor.session().state().style.size;
  actor.perform(Size{size_by_named(next_of(sizes(actor.session()), name(now)), "size")});
}
void next_grouping(Actor& actor) {
  const ViewState& state = actor.session().state();
  if (!laid_out_by_force(state.layout))
    return actor.say(fmt::format("layout {} knows no groups; take force: L", state.layout));
  group(actor, next_of(kGroupings, state.group_by));
}

void LookPanel::choices(Panel& panel, float width) {
  Session& session = panel.session();
  Actor& actor = panel.actor;
  const ViewState& state = session.state();
  const auto choose = [&](const char* words, auto&& names, std::string_view now, auto tip) {
    row(words, panel.em);
    return choice(panel, words, names, now, width, tip);
  };
  if (const auto name = choose("Layout", layout_names, state.layout, "How nodes are placed: L"))
    take_layout(actor, *name);
  ImGui::BeginDisabled(!laid_out_by_force(state.layout));
  if (const auto by = choose(
          "Groups",
          [] { return names_of(kGroupings); },
          name(state.group_by),
          "Which nodes the force layouts draw together: U"))
    group(actor, group_by_named(*by, "groups"));
  ImGui::EndDisabled();
  if (const auto by = choose(
          "Colour",
          [&] { return colours(session); },
          name(state.style.colour),
          "What a node's colour says, of what this graph has: K"))
    actor.perform(Colour{colour_by_named(*by, "colour")});
  if (const auto by = choose(
          "Size",
          [&] { return sizes(session); },
          name(state.style.size),
          "What a node's size says, of what this graph has: J"))
    actor.perform(Size{size_by_named(*by, "size")});
}

// Those that a person put somewhere, and the way back.
void LookPanel::pins(Panel& panel) {
  const ViewState& state = panel.session().state();
  row("Pinned", panel.em);
  text(fmt::format("{}", state.pins.size()));
  const bool any = std::any_of(state.selection.begin(), state.selection.end(), [&](auto node) {
    return is_pinned(state, node);
  });
  ImGui::SameLine(8 * panel.em);
  if (button(panel,
             "unpin selected",
             "Unpin selected",
             "The selected nodes are the layout's again: Shift+M",
             any))
    let_go(panel.actor, state.selection);
  ImGui::SameLine();
  if (button(panel,
             "unpin all",
             "Unpin all",
             "All nodes are the layout's again: Ctrl+M",
             !state.pins.empty()))
    let_go(panel.actor, {});
}

void LookPanel::draw(Panel& panel) {
  const ViewState& state = panel.session().state();
  const float width = 11 * panel.em;
  choices(panel, width);
  pins(panel);
  row("Labels", panel.em);
  int labels = state.labels;
  ImGui::SetNextItemWidth(width);
  if (ImGui::SliderInt("##labels", &labels, 0, 300)) panel.actor.perform(Labels{labels}, gesture_);
  if (ImGui::IsItemActivated()) gesture_ = panel.actor.new_gesture();
  panel.widgets.named("labels", "At most so many; those with room are set");
  bool faded = state.style.opacity, dark = state.style.dark, flat = state.camera.flat;
  if (ImGui::Checkbox("Uncertain is faint", &faded)) panel.actor.perform(Opacity{faded});
  panel.widgets.named("opacity", "Confidence is opacity, unless it is the colour");
  if (ImGui::Checkbox("Dark", &dark)) panel.actor.perform(Dark{dark});
  panel.widgets.named("dark", "Light on dark: B");
  if (ImGui::Checkbox("No perspective", &flat)) {
    const Camera& camera = state.camera;
    panel.actor.perform(LookFrom{camera.yaw, camera.pitch, flat});
  }
  panel.widgets.named("flat", "What is farther is not smaller");
}

}  // namespace saggio::viz::ui
