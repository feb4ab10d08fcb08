// SPDX-License-Identifier: MIT
#include "viz/ui/training_panel.h"

#include <fmt/format.h>
#include <imgui.h>
#include <imgui_stdlib.h>

#include <algorithm>
#include <cmath>

namespace saggio::viz::ui {
namespace {

struct Range {
  double low = INFINITY, high = -INFINITY;
  void take(double value) {
    if (!std::isfinite(value)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  bool empty() const { return low > high; }
  float share(double value) const {
    return static_cast<float>(high > low ? (value - low) / (high - low) : 0.5);
  }
};

}  // namespace

void TrainingPanel::draw(Panel& panel) {
  const Training& training = panel.session().training();
  if (!training.has_run()) {
    wrapped("This graph is no run's: there are no curves beside it.");
    return;
  }
  const auto speed = training.steps_a_second();
  text(fmt::format("step {:.0f}{}",
                   training.last_step(),
                   training.seconds() ? fmt::format(", done in {:.1f} s", *training.seconds())
                                      : std::string(", going on")));
  if (speed) text(fmt::format("{:.3g} steps a second", *speed));
  if (training.bad_lines() > 0)
    faint(fmt::format("{} lines that are no events were left out", training.bad_lines()));
  if (training.curves().size() > 6) {
    ImGui::SetNextItemWidth(-1);
    ImGui::InputTextWithHint("##curves", "Part of a name", &wanted_);
    panel.widgets.named("curves", "Shows the curves whose names contain this");
  }
  for (const Curve& one : training.curves())
    if (one.name.find(wanted_) != std::string::npos) curve(panel, one, 5 * panel.em);
  if (training.curves().empty()) faint("nothing was logged yet");
}

// One point a pixel at most: what lies between is seen as its range.
void TrainingPanel::curve(Panel& panel, const Curve& curve, float height) {
  Range x, y;
  for (const double step : curve.steps) x.take(step);
  for (const double value : curve.values) y.take(value);
  heading(curve.name);
  if (y.empty()) return faint("no finite value yet");
  text(fmt::format("{:.5g}", curve.values.back()));
  ImGui::SameLine();
  faint(fmt::format("at step {:.0f}; {:.4g} to {:.4g}", curve.steps.back(), y.low, y.high));
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = std::max(8.f, ImGui::GetContentRegionAvail().x);
  ImGui::InvisibleButton(curve.name.c_str(), {width, height});
  panel.widgets.named("curve: " + curve.name);
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(at, {at.x + width, at.y + height}, ImGui::GetColorU32(ImGuiCol_FrameBg), 3);
  const size_t stride = std::max<size_t>(1, curve.steps.size() / static_cast<size_t>(width));
  const auto place = [&](size_t i) {
    return ImVec2{at.x + 3 + (width - 6) * x.share(curve.steps[i]),
                  at.y + height - 3 - (height - 6) * y.share(curve.values[i])};
  };
  std::vector<ImVec2> line;
  for (size_t i = 0; i < curve.steps.size(); i += stride)
    if (std::isfinite(curve.values[i])) line.push_back(place(i));
  const ImU32 ink = ImGui::GetColorU32(ImGuiCol_PlotLines);
  if (line.size() == 1) list->AddCircleFilled(line.front(), 3, ink);
  list->AddPolyline(line.data(), static_cast<int>(line.size()), ink, 0, 1.5f);
  if (!ImGui::IsItemHovered()) return;
  const double wanted =
      x.low + (x.high - x.low) * ((ImGui::GetIO().MousePos.x - at.x - 3) / (width - 6));
  size_t nearest = 0;
  for (size_t i = 0; i < curve.steps.size(); ++i)
    if (std::abs(curve.steps[i] - wanted) < std::abs(curve.steps[nearest] - wanted)) nearest = i;
  if (std::isfinite(curve.values[nearest])) list->AddCircleFilled(place(nearest), 3, ink);
  ImGui::SetTooltip("step %.0f: %.6g", curve.steps[nearest], curve.values[nearest]);
}

}  // namespace saggio::viz::ui
