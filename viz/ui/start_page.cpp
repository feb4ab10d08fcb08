// SPDX-License-Identifier: MIT
#include "viz/ui/start_page.h"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>

#include "viz/ui/keys.h"

namespace saggio::viz::ui {

namespace {

// A column in the middle.
void begin_page(float em) {
  const ImVec2 all = ImGui::GetIO().DisplaySize;
  const float width = std::min(all.x, 44 * em);
  begin_panel("start", {(all.x - width) / 2, 0, width, all.y});
  ImGui::Dummy({0, std::max(em, 0.12f * all.y)});
}

}  // namespace

void draw_waiting(const std::string& name, const std::string& how_far, float em) {
  begin_page(em);
  text(fmt::format("Opening {}", name));
  faint(how_far);
  end_panel();
}

std::optional<size_t> StartPage::draw(const std::vector<Offer>& offers,
                                      const std::string& note,
                                      Widgets& widgets,
                                      float em) {
  std::optional<size_t> chosen;
  begin_page(em);
  text("What do you want to look at?");
  faint("A reasoning graph: questions, evidence, claims, what supports and what contradicts them.");
  ImGui::Dummy({0, em});
  const size_t before = marked_;
  if (ImGui::IsKeyPressed(key::kDown)) marked_ = std::min(marked_ + 1, offers.size() - 1);
  if (ImGui::IsKeyPressed(key::kUp)) marked_ -= marked_ > 0;
  if (ImGui::IsKeyPressed(key::kEnter)) chosen = marked_;
  for (size_t i = 0; i < offers.size(); ++i) {
    if (i == 1) {
      ImGui::Dummy({0, 0.6f * em});
      heading("recent runs with a graph");
    }
    ImGui::PushID(static_cast<int>(i));
    if (ImGui::Selectable(("##" + offers[i].name).c_str(), i == marked_, 0, {0, 2.9f * em}))
      chosen = i;
    if (i == marked_ && i != before) ImGui::SetScrollHereY();
    widgets.named(fmt::format("offer: {}", i), offers[i].folder);
    const ImVec2 low = ImGui::GetItemRectMin();
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddText({low.x + 0.5f * em, low.y + 0.25f * em},
                  ImGui::GetColorU32(ImGuiCol_Text),
                  offers[i].name.c_str());
    list->AddText({low.x + 0.5f * em, low.y + 1.5f * em},
                  ImGui::GetColorU32(ImGuiCol_TextDisabled),
                  offers[i].told.c_str());
    ImGui::PopID();
  }
  if (offers.size() == 1) {
    ImGui::Dummy({0, em});
    faint("No run here has left a graph yet: saggio run STUDY makes some.");
  }
  ImGui::Dummy({0, em});
  faint("Arrows and Enter open one, or a click. A store of your own: saggio view FOLDER");
  if (!note.empty()) {
    ImGui::Dummy({0, em});
    wrapped(note);
  }
  end_panel();
  return chosen;
}

}  // namespace saggio::viz::ui
