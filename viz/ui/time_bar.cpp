// SPDX-License-Identifier: MIT
#include "viz/ui/time_bar.h"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "graph/formats/time_text.h"

namespace saggio::viz::ui {
namespace {

constexpr double kStep = 0.5;  // seconds a version while playing

GoTo point(const Session& session) { return {session.state().version, session.state().world}; }

}  // namespace

void TimeBar::step(Actor& actor, int versions) {
  const Session& session = actor.session();
  const auto now = static_cast<int64_t>(session.point().version);
  const int64_t next = std::clamp<int64_t>(now + versions, 1, static_cast<int64_t>(session.head()));
  GoTo to = point(session);
  to.version = static_cast<graph::Version>(next);
  if (next != now) actor.perform(to);
}

void TimeBar::pause(Actor& actor) {
  const Session& session = actor.session();
  GoTo to = point(session);
  to.version = session.state().version ? std::nullopt : std::optional(session.point().version);
  actor.perform(to);
}

void TimeBar::advance(Panel& panel) {
  if (!plays_) return;
  waited_ += ImGui::GetIO().DeltaTime;
  if (waited_ < kStep) return;
  waited_ = 0;
  const Session& session = panel.session();
  if (session.point().version >= session.head()) {
    plays_ = false;
    return;
  }
  step(panel.actor, 1);
}

void TimeBar::draw(Panel& panel) {
  advance(panel);
  const Session& session = panel.session();
  const graph::Version head = session.head();
  const graph::Version shown = session.point().version;
  if (button(panel, "back", "<", "One version back: [", shown > 1)) step(panel.actor, -1);
  ImGui::SameLine(0, 2);
  if (button(
          panel, "play", plays_ ? "Stop" : "Play", "Plays through the versions: space", head > 1)) {
    if (!plays_ && shown >= head) {  // from the beginning
      GoTo to = point(session);
      to.version = 1;
      panel.actor.perform(to);
    }
    play();
  }
  ImGui::SameLine(0, 2);
  if (button(panel, "forward", ">", "One version on: ]", shown < head)) step(panel.actor, 1);
  ImGui::SameLine();
  // As long as what stood behind it in the last frame leaves room.
  bar(panel, std::max(4 * panel.em, ImGui::GetContentRegionAvail().x - behind_));
  const float end = ImGui::GetItemRectMax().x;
  tell(panel);
  tags(panel);
  world(panel);
  behind_ = ImGui::GetItemRectMax().x - end;
}

// A list of the versions that have a name.
void TimeBar::tags(Panel& panel) {
  const auto moments = panel.session().timeline().moments();
  if (std::all_of(moments.begin(), moments.end(), [](const Moment& m) { return m.tags.empty(); }))
    return;
  ImGui::SameLine();
  if (button(panel, "tags", "Tags", "Goes to a version that has a name")) ImGui::OpenPopup("tags");
  if (begin_popup("tags")) {
    for (const Moment& moment : moments)
      for (const std::string& tag : moment.tags) {
        if (ImGui::MenuItem(tag.c_str(), fmt::format("version {}", moment.version).c_str())) {
          GoTo to = point(panel.session());
          to.version = moment.version;
          panel.actor.perform(to);
        }
        panel.widgets.named("tag: " + tag);
      }
    ImGui::EndPopup();
  }
}

// Dragged along, it goes to versions; what rests on it is told what one did.
void TimeBar::bar(Panel& panel, float width) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const Box where{at.x, at.y, width, ImGui::GetFrameHeight()};
  ImGui::InvisibleButton("##versions", {where.width, where.height});
  panel.widgets.named("versions");
  Session& session = panel.session();
  const Timeline& timeline = session.timeline();
  const float share = std::clamp((ImGui::GetIO().MousePos.x - at.x) / width, 0.f, 1.f);
  if (ImGui::IsItemActivated()) gesture_ = panel.actor.new_gesture();
  if (ImGui::IsItemActive()) {
    plays_ = false;
    GoTo to = point(session);
    to.version = timeline.version_at(share);
    if (to.version != session.point().version) panel.actor.perform(to, gesture_);
  }
  if (ImGui::IsItemHovered() && timeline.head() > 0) {
    const Moment& m = timeline.moments()[timeline.version_at(share) - 1];
    std::string tip = fmt::format("version {}, {}\n{} new, {} changed, {} gone",
                                  m.version,
                                  graph::second_text(m.committed),
                                  m.added,
                                  m.revised,
                                  m.retired);
    for (const std::string& tag : m.tags) tip += "\ntag " + tag;
    ImGui::SetTooltip("%s", tip.c_str());
  }
  paint(session, where);
}

// What each version did, as bars, marks at those with a tag, and a line at the one that is shown.
void TimeBar::paint(Session& session, const Box& where) {
  const Timeline& timeline = session.timeline();
  const ImVec2 low{where.x, where.y}, high{where.x + where.width, where.y + where.height};
  ImDrawList* list = ImGui::GetWindowDrawList();
  const auto ink = [](ImGuiCol which, float alpha) { return ImGui::GetColorU32(which, alpha); };
  list->AddRectFilled(low, high, ink(ImGuiCol_FrameBg, 1), 3);
  const auto bars = timeline.bars(static_cast<size_t>(std::max(1.f, where.width / 4)));
  const auto done = [](const Timeline::Bar& one) { return one.added + one.revised + one.retired; };
  uint64_t most = 1;
  for (const Timeline::Bar& one : bars) most = std::max(most, done(one));
  const auto x_of = [&](graph::Version v) {
    const auto last = static_cast<float>(std::max<graph::Version>(timeline.head(), 2) - 1);
    return low.x + 3 + (where.width - 6) * static_cast<float>(v - 1) / last;
  };
  for (const Timeline::Bar& one : bars) {
    const float share = std::sqrt(static_cast<float>(done(one)) / static_cast<float>(most));
    const float x = x_of(one.first), top = high.y - 2 - (where.height - 6) * share;
    list->AddRectFilled({x - 1, top}, {x + 2, high.y - 2}, ink(ImGuiCol_PlotLines, 0.55f));
    if (one.tagged)
      list->AddTriangleFilled(
          {x - 4, low.y}, {x + 5, low.y}, {x + 0.5f, low.y + 6}, ink(ImGuiCol_Text, 1));
  }
  const float x = std::round(x_of(session.point().version));
  list->AddRectFilled({x - 1, low.y - 1}, {x + 2, high.y + 1}, ink(ImGuiCol_Text, 1));
  list->AddRect(low, high, ink(ImGuiCol_Border, 1), 3);
}

void TimeBar::tell(Panel& panel) {
  Session& session = panel.session();
  const graph::Version shown = session.point().version, head = session.head();
  ImGui::SameLine();
  ImGui::AlignTextToFramePadding();
  text(fmt::format("version {} of {}", shown, head));
  ImGui::SameLine();
  const graph::Version came = session.came_since();
  if (!session.state().version) {
    if (button(panel,
               "pause",
               "Pause",
               "What the store adds is shown as it comes. Pause: stay at this version: O"))
      pause(panel.actor);
  } else if (button(panel,
                    "resume",
                    came > 0 ? fmt::format("Resume: {} came", came).c_str() : "Resume",
                    fmt::format("Paused at version {}; {} came since. Goes on with the newest, and "
                                "what comes: O",
                                shown,
                                came)))
    pause(panel.actor);
}

void TimeBar::world(Panel& panel) {
  Session& session = panel.session();
  const Timeline& timeline = session.timeline();
  const auto times = timeline.world_times();
  if (times.empty()) return;
  const std::optional<graph::TimeUs> world = session.state().world;
  const auto go = [&](std::optional<graph::TimeUs> time) {
    GoTo to = point(session);
    to.world = time;
    panel.actor.perform(to);
  };
  const auto before = world ? timeline.world_before(*world) : std::optional(times.back());
  const auto after = world ? timeline.world_after(*world) : std::optional(times.front());
  ImGui::SameLine();
  if (button(panel, "world back", "<##w", "What held in the world before: ,", before.has_value()))
    go(before);
  ImGui::SameLine(0, 2);
  ImGui::AlignTextToFramePadding();
  text(world ? "in the world " + graph::second_text(*world) : std::string("at any time"));
  ImGui::SameLine(0, 2);
  if (button(panel, "world on", ">##w", "What holds in the world next: .", after.has_value()))
    go(after);
  ImGui::SameLine(0, 2);
  if (button(panel, "any time", "x", "Whenever it holds", world.has_value())) go(std::nullopt);
}

}  // namespace saggio::viz::ui
