// SPDX-License-Identifier: MIT
#include "viz/ui/desk.h"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>

#include "viz/ui/key_table.h"

namespace saggio::viz::ui {

void Desk::frame(Actor& actor, uint64_t seen, const Pick& pick) {
  context_.wear(actor.session().state().style.dark);
  ImGui::NewFrame();
  widgets_.forget();
  Panel panel{actor, widgets_, opened_, context_.em()};
  KeyPlace keys{panel, time_, held_};
  press_keys(keys);
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  const Arrangement a = arranged(size.x, size.y, context_.em(), opened_.side, opened_.table);
  picture_ = a.picture;
  pointer_.frame(picture_, seen, pick, actor);
  follow_hand(actor);
  top_.draw(panel, a.top);
  if (a.side.width > 0) side(panel, a.side);
  if (a.table.width > 0) table_.draw(panel, a.table, seen);
  bottom(panel, a.bottom);
  above_picture(panel);
  key_overview(panel);
  ImGui::Render();
}

std::optional<size_t> Desk::start_frame(StartPage& page,
                                        const std::vector<Offer>& offers,
                                        const std::string& note) {
  ImGui::NewFrame();
  widgets_.forget();
  const std::optional<size_t> chosen = page.draw(offers, note, widgets_, context_.em());
  ImGui::Render();
  return chosen;
}

void Desk::waiting_frame(const std::string& name, const std::string& how_far) {
  ImGui::NewFrame();
  widgets_.forget();
  draw_waiting(name, how_far, context_.em());
  ImGui::Render();
}

// What is inspected is what was clicked last, or selected by whatever other way.
void Desk::follow_hand(const Actor& actor) {
  const auto& selection = actor.session().state().selection;
  if (const auto clicked = pointer_.take_clicked()) {
    opened_.inspected = *clicked;
    if (*clicked) opened_.show(Tab::Inspect);
  } else if (selection != selection_ && !selection.empty()) {
    const PickId now = opened_.inspected;
    const bool part = now != 0 && !(now & kEdgeBit) &&
                      std::find(selection.begin(), selection.end(), now - 1) != selection.end();
    if (!part) opened_.inspected = pick_of_node(static_cast<Slot>(selection.back()));
  }
  selection_ = selection;
}

void Desk::side(Panel& panel, const Box& where) {
  begin_panel("side", where);
  if (ImGui::BeginTabBar("tabs")) {
    const auto tab = [&](Tab which, const char* name, auto&& draw) {
      const bool asked = opened_.tab_asked && opened_.tab == which;
      const bool open = ImGui::BeginTabItem(
          name, nullptr, asked ? ImGuiTabItemFlags_SetSelected : ImGuiTabItemFlags_None);
      panel.widgets.named(fmt::format("tab: {}", name));
      if (!open) return;
      if (asked || !opened_.tab_asked) {
        opened_.tab = which;
        opened_.tab_asked = false;
      }
      ImGui::BeginChild(name);
      draw();
      ImGui::EndChild();
      ImGui::EndTabItem();
    };
    tab(Tab::Inspect, "Inspect", [&] { inspector_.draw(panel); });
    tab(Tab::Look, "Look", [&] { look_.draw(panel); });
    tab(Tab::Compare, "Compare", [&] { compare_.draw(panel); });
    tab(Tab::Views, "Views", [&] { views_.draw(panel); });
    if (panel.session().training().has_run())
      tab(Tab::Training, "Training", [&] { training_.draw(panel); });
    ImGui::EndTabBar();
  }
  end_panel();
}

void Desk::bottom(Panel& panel, const Box& where) {
  begin_panel("bottom", where);
  time_.draw(panel);
  // One line, never in the way: a refusal, or what marks_of says of the picture.
  std::string note = panel.actor.note();
  if (note.empty())
    for (const std::string& one : panel.session().notes()) note += (note.empty() ? "" : "; ") + one;
  if (note.empty()) note = "F1: all keys";
  std::replace(note.begin(), note.end(), '\n', ' ');
  text(note);
  panel.widgets.named("note", note);
  end_panel();
}

// What is inspected, the rectangle that is being drawn, and the name of what the mouse is over.
void Desk::above_picture(Panel& panel) {
  mark_inspected(panel.session());
  if (const auto box = pointer_.rectangle()) {
    ImDrawList* list = ImGui::GetForegroundDrawList();
    const ImVec2 low{box->x, box->y}, high{box->x + box->width, box->y + box->height};
    list->AddRectFilled(low, high, ImGui::GetColorU32(ImGuiCol_PlotLines, 0.15f));
    list->AddRect(low, high, ImGui::GetColorU32(ImGuiCol_PlotLines, 1));
  }
  if (pointer_.under() != 0 && !pointer_.drags()) tell_under(panel);
}

// An edge is no part of a selection, nor is a row of a table that was clicked: a glow says where it is.
void Desk::mark_inspected(Session& session) {
  const PickId id = opened_.inspected;
  const auto& selection = session.state().selection;
  if (id == 0 || (selection.size() == 1 && pick_of_node(static_cast<Slot>(selection[0])) == id))
    return;
  ImDrawList* list = ImGui::GetBackgroundDrawList();
  const ImU32 glow = ImGui::GetColorU32(ImGuiCol_PlotLines, 0.35f);
  const float em = context_.em(), wide = 0.5f * em;
  const ImVec2 origin{picture_.x, picture_.y};
  list->PushClipRect(origin, {origin.x + picture_.width, origin.y + picture_.height});
  if (id & kEdgeBit) {
    if (const auto course = session.course_of((id & ~kEdgeBit) - 1)) {
      const auto point = [&](size_t i) {
        return ImVec2{origin.x + (*course)[i].x, origin.y + (*course)[i].y};
      };
      list->AddBezierCubic(point(0), point(1), point(2), point(3), glow, wide);
    }
  } else if (const auto box = session.box_of(id - 1)) {
    const float radius = box->width / 2;
    const ImVec2 middle{origin.x + box->x + radius, origin.y + box->y + radius};
    list->AddCircle(middle, radius + em, glow, 0, wide);
  }
  list->PopClipRect();
}

void Desk::tell_under(Panel& panel) {
  const PickId under = pointer_.under();
  Session& session = panel.session();
  const Scene& scene = session.scene();
  ImGui::BeginTooltip();
  ImGui::PushTextWrapPos(26 * panel.em);
  if (under & kEdgeBit) {
    const Slot edge = (under & ~kEdgeBit) - 1;
    text(scene.types()[scene.edges().type[edge]]);
    faint(session.label_of(scene.edges().source[edge]));
    faint("→ " + session.label_of(scene.edges().target[edge]));
  } else {
    const Slot node = under - 1;
    text(session.label_of(node));
    faint(fmt::format(
        "{}, {}", graph::name(scene.nodes().kind[node]), graph::name(scene.nodes().status[node])));
  }
  ImGui::PopTextWrapPos();
  ImGui::EndTooltip();
}

}  // namespace saggio::viz::ui
