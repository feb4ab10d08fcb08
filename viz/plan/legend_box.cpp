// SPDX-License-Identifier: MIT
#include "viz/plan/legend_box.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace saggio::viz {
namespace {

constexpr float kTallest = 0.75f;  // share of the picture
constexpr float kRounding = 0.5f;  // pixels

// So that a fit can leave its side free, unless the picture is too small for that.
float widest(const Viewport& viewport, float letters) {
  return std::max(0.3f * viewport.width, std::min(0.45f * viewport.width, 16 * letters));
}

// At most so many rows, one at least; the last one says what was left out.
void cut(std::vector<LegendEntry>& entries, size_t rows) {
  if (entries.size() <= rows) return;
  std::stable_sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
    return a.count > b.count;
  });
  LegendEntry rest{.text = fmt::format("and {} more", entries.size() - rows + 1)};
  for (size_t i = rows - 1; i < entries.size(); ++i) rest.count += entries[i].count;
  entries.resize(rows - 1);
  entries.push_back(std::move(rest));
}

size_t rows_of(const Legend& legend) {
  const size_t rows = legend.nodes.size() + legend.shapes.size() + legend.edges.size() +
                      legend.notes.size() + (legend.ramp ? 2 : 0);
  return rows == 0 ? 0 : rows + 1;  // the title
}

// The longest list gives way first. False: there is no room for a row of each.
bool fit_rows(Legend& legend, size_t room) {
  const std::array lists = {&legend.nodes, &legend.shapes, &legend.edges};
  std::array rows = {legend.nodes.size(), legend.shapes.size(), legend.edges.size()};
  for (size_t all = rows_of(legend); all > room; --all) {
    size_t& longest = *std::max_element(rows.begin(), rows.end());
    if (longest < 2) return false;
    --longest;
  }
  for (size_t i = 0; i < lists.size(); ++i) cut(*lists[i], rows[i]);
  return true;
}

// Names give way, counts stay.
void fit_width(Legend& legend, float room, float swatch, const TextSizes& text) {
  for (auto* entries : {&legend.nodes, &legend.shapes, &legend.edges})
    for (LegendEntry& entry : *entries) {
      const float over = swatch + text.width(entry_text(entry)) - room;
      if (over > kRounding)
        entry.text = text.shortened(entry.text, std::max(0.f, text.width(entry.text) - over));
    }
  for (std::string& note : legend.notes)
    if (text.width(note) > room) note = text.shortened(note, room);
}

float width_of(const Legend& legend, float swatch, const TextSizes& text) {
  float width = text.width(legend.title);
  for (const auto* entries : {&legend.nodes, &legend.shapes, &legend.edges})
    for (const LegendEntry& entry : *entries)
      width = std::max(width, swatch + text.width(entry_text(entry)));
  for (const std::string& note : legend.notes) width = std::max(width, text.width(note));
  if (legend.ramp) width = std::max({width, text.width(ramp_text(*legend.ramp)), 8 * text.height});
  return width;
}

}  // namespace

std::string entry_text(const LegendEntry& entry) {
  return fmt::format("{}  {}", entry.text, entry.count);
}

std::string ramp_text(const LegendRamp& ramp) {
  return ramp.unknown == 0 ? "0 to 1" : fmt::format("0 to 1; not known: {}", ramp.unknown);
}

LegendSetting set_legend(const Viewport& viewport, const Legend& legend, const TextSizes& text) {
  LegendSetting setting{.row = 1.35f * text.height,
                        .swatch = 2.2f * text.height,
                        .pad = 0.6f * text.height,
                        .legend = legend};
  const float edge = 0.8f * text.height, below = edge + 1.6f * text.height;  // the caption's
  const float room = std::min(kTallest * viewport.height, viewport.height - below - edge);
  const size_t rows =
      room > 2 * setting.pad ? static_cast<size_t>((room - 2 * setting.pad) / setting.row) : 0;
  if (rows_of(legend) == 0 || !fit_rows(setting.legend, rows)) return setting;
  fit_width(setting.legend, widest(viewport, text.height) - 2 * setting.pad, setting.swatch, text);
  const float width = width_of(setting.legend, setting.swatch, text) + 2 * setting.pad;
  const float height = static_cast<float>(rows_of(setting.legend)) * setting.row + 2 * setting.pad;
  setting.box = {edge, viewport.height - below - height, width, height};
  return setting;
}

}  // namespace saggio::viz
