// SPDX-License-Identifier: MIT
#include "viz/ui/widgets.h"

#include <imgui.h>

namespace saggio::viz::ui {

void Widgets::named(std::string_view name, std::string_view tip) {
  const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
  boxes_.insert_or_assign(std::string(name), Box{low.x, low.y, high.x - low.x, high.y - low.y});
  if (tip.empty() || !ImGui::IsItemHovered(ImGuiHoveredFlags_AllowWhenDisabled)) return;
  ImGui::BeginTooltip();
  ImGui::PushTextWrapPos(30 * ImGui::GetFontSize());
  ImGui::TextUnformatted(tip.data(), tip.data() + tip.size());
  ImGui::PopTextWrapPos();
  ImGui::EndTooltip();
}

std::optional<Box> Widgets::box(std::string_view name) const {
  const auto found = boxes_.find(name);
  if (found == boxes_.end()) return std::nullopt;
  return found->second;
}

}  // namespace saggio::viz::ui
