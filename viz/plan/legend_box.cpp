// SPDX-License-Identifier: MIT
#include "viz/plan/legend_box.h"

#include <fmt/format.h>

#include <algorithm>

namespace saggio::viz {

std::string entry_text(const LegendEntry& entry) {
  return fmt::format("{}  {}", entry.text, entry.count);
}

std::string ramp_text(const LegendRamp& ramp) {
  return ramp.unknown == 0 ? "0 to 1" : fmt::format("0 to 1; not known: {}", ramp.unknown);
}

LegendSetting set_legend(const Viewport& viewport, const Legend& legend, const TextSizes& text) {
  LegendSetting setting{
      .row = 1.35f * text.height, .swatch = 2.2f * text.height, .pad = 0.6f * text.height};
  size_t rows =
      legend.nodes.size() + legend.shapes.size() + legend.edges.size() + legend.notes.size();
  float width = 0;
  const auto take = [&](const std::string& words, bool swatch) {
    width = std::max(width, text.width(words) + (swatch ? setting.swatch : 0));
  };
  for (const auto* entries : {&legend.nodes, &legend.shapes, &legend.edges})
    for (const LegendEntry& entry : *entries) take(entry_text(entry), true);
  for (const std::string& note : legend.notes) take(note, false);
  if (legend.ramp) {
    rows += 2;
    take(ramp_text(*legend.ramp), false);
    width = std::max(width, 8 * text.height);
  }
  if (rows == 0) return setting;
  take(legend.title, false);
  ++rows;
  const float height = static_cast<float>(rows) * setting.row + 2 * setting.pad;
  const float edge = 0.8f * text.height;
  setting.box = {edge,
                 std::max(0.f, viewport.height - edge - height - 1.6f * text.height),
                 width + 2 * setting.pad,
                 height};
  return setting;
}

}  // namespace saggio::viz
