// SPDX-License-Identifier: MIT
#include "viz/ui/views_panel.h"

#include <fmt/format.h>
#include <imgui.h>
#include <imgui_stdlib.h>

namespace saggio::viz::ui {

void ViewsPanel::draw(Panel& panel) {
  save_picture(panel);
  tell(panel);
  saved(panel);
}

void ViewsPanel::save_picture(Panel& panel) {
  heading("this picture");
  ImGui::SetNextItemWidth(13 * panel.em);
  const bool entered = ImGui::InputTextWithHint(
      "##picture", "picture.png", &picture_, ImGuiInputTextFlags_EnterReturnsTrue);
  panel.widgets.named("picture name",
                      "A file: .png for pixels, .svg or .pdf for a paper; without one the next "
                      "picture.png that is free");
  ImGui::SameLine();
  if (button(panel, "save picture", "Save", "Writes the picture as it is seen: Ctrl+S") || entered)
    panel.opened.save = picture_;
}

void ViewsPanel::tell(Panel& panel) {
  ViewState now = panel.session().state();
  now.camera = {};
  if (now != of_) query_ = {};
  if (button(panel, "query of picture", "Show its query", "A query for exactly what is shown"))
    panel.actor.attempt([&] { query_ = panel.session().query_of_picture(); });
  of_ = std::move(now);
  ImGui::SameLine();
  if (button(panel,
             "command of picture",
             "Copy its command",
             "The command that draws this picture: Ctrl+Shift+C"))
    panel.actor.attempt([&] { copy(panel, panel.session().command_of_picture(), "command"); });
  if (query_.text.empty()) return;
  wrapped(query_.text);
  for (const std::string& note : query_.notes) wrapped("(" + note + ")");
  if (button(panel, "copy query", "Copy query", "For saggio graph query, or for this window"))
    copy(panel, query_.text, "query");
}

void ViewsPanel::saved(Panel& panel) {
  heading("saved views");
  if (!std::exchange(read_, true)) names_ = panel.session().saved_views();
  ImGui::SetNextItemWidth(13 * panel.em);
  const bool entered =
      ImGui::InputTextWithHint("##view", "A name", &name_, ImGuiInputTextFlags_EnterReturnsTrue);
  panel.widgets.named("view name", "Saves camera, query, looks and all else that was chosen");
  ImGui::SameLine();
  if ((button(panel, "save view", "Save", "Keeps this picture beside the store", !name_.empty()) ||
       entered) &&
      !name_.empty()) {
    std::string file;
    if (panel.actor.attempt([&] { file = panel.session().save_view(name_); }))
      panel.actor.say(fmt::format("saved: {}", file));
    names_ = panel.session().saved_views();
  }
  for (const std::string& name : names_) {
    if (ImGui::Selectable(name.c_str()))
      panel.actor.attempt([&] { panel.actor.perform(panel.session().view_named(name)); });
    panel.widgets.named("view: " + name, "Shows it again, with the places of its nodes");
  }
  if (names_.empty()) faint("none yet");
}

}  // namespace saggio::viz::ui
