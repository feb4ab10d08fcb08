// SPDX-License-Identifier: MIT
#include "viz/ui/table_panel.h"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <cmath>

namespace saggio::viz::ui {
namespace {

constexpr const char* kColumns[] = {"node", "kind", "status", "confidence", "edges", "id"};

// Unknown ones last, whichever way it is sorted.
bool less_known(float a, float b, bool down) {
  if (std::isnan(a) || std::isnan(b)) return !std::isnan(a) && std::isnan(b);
  return down ? a > b : a < b;
}

}  // namespace

void TablePanel::gather(Panel& panel) {
  const Session& session = panel.session();
  const Marks& marks = session.marks();
  const Scene& scene = session.scene();
  rows_.clear();
  selected_ = false;
  for (const graph::NodeId node : session.state().selection)
    if (node < marks.nodes.size() && marks.nodes[node] & kShown) selected_ = true;
  std::vector<uint32_t> degree(scene.node_slots());
  for (Slot e = 0; e < scene.edge_slots(); ++e) {
    if (!(marks.edges[e] & kShown)) continue;
    ++degree[scene.edges().source[e]];
    ++degree[scene.edges().target[e]];
  }
  const uint8_t wanted = selected_ ? kShown | kSelected : kShown;
  for (Slot i = 0; i < scene.node_slots(); ++i)
    if ((marks.nodes[i] & wanted) == wanted) rows_.push_back({i, {}, degree[i]});
}

void TablePanel::sort(Panel& panel, int column, bool down) {
  const Scene::Nodes& nodes = panel.session().scene().nodes();
  if (column == 0)
    for (Row& row : rows_)
      if (row.label.empty()) row.label = panel.session().label_of(row.node);
  const auto by = [&](const auto& key) {
    std::stable_sort(rows_.begin(), rows_.end(), [&](const Row& a, const Row& b) {
      return down ? key(b) < key(a) : key(a) < key(b);
    });
  };
  if (column == 0) by([](const Row& r) -> const std::string& { return r.label; });
  if (column == 1) by([&](const Row& r) { return graph::name(nodes.kind[r.node]); });
  if (column == 2) by([&](const Row& r) { return graph::name(nodes.status[r.node]); });
  if (column == 3)
    std::stable_sort(rows_.begin(), rows_.end(), [&](const Row& a, const Row& b) {
      return less_known(nodes.probability[a.node], nodes.probability[b.node], down);
    });
  if (column == 4) by([](const Row& r) { return r.degree; });
  if (column == 5) by([](const Row& r) { return r.node; });
}

void TablePanel::draw(Panel& panel, const Box& where, uint64_t seen) {
  stale_ |= seen != seen_;
  seen_ = seen;
  begin_panel("table", where);
  const bool gathered = std::exchange(stale_, false);
  if (gathered) gather(panel);
  text(fmt::format(
      "{} {}", rows_.size(), selected_ ? "selected" : "shown; select some to see them alone"));
  constexpr ImGuiTableFlags kFlags = ImGuiTableFlags_Sortable | ImGuiTableFlags_RowBg |
                                     ImGuiTableFlags_BordersOuter | ImGuiTableFlags_BordersInnerV |
                                     ImGuiTableFlags_ScrollY | ImGuiTableFlags_Resizable;
  if (ImGui::BeginTable("rows", 6, kFlags)) {
    const float widths[] = {5, 1.6f, 1.6f, 1.4f, 1, 1};
    for (int i = 0; i < 6; ++i)
      ImGui::TableSetupColumn(
          kColumns[i],
          ImGuiTableColumnFlags_WidthStretch | (i == 5 ? ImGuiTableColumnFlags_DefaultSort : 0),
          widths[i]);
    ImGui::TableSetupScrollFreeze(0, 1);
    ImGui::TableNextRow(ImGuiTableRowFlags_Headers);
    for (int i = 0; i < 6; ++i) {
      ImGui::TableSetColumnIndex(i);
      ImGui::TableHeader(kColumns[i]);
      panel.widgets.named(fmt::format("sort: {}", kColumns[i]),
                          "Sorts by this; again: the other way");
    }
    ImGuiTableSortSpecs* specs = ImGui::TableGetSortSpecs();
    if (specs && specs->SpecsCount > 0 && (specs->SpecsDirty || gathered)) {
      sort(panel,
           specs->Specs->ColumnIndex,
           specs->Specs->SortDirection == ImGuiSortDirection_Descending);
      specs->SpecsDirty = false;
    }
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(rows_.size()));
    while (clipper.Step())
      for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i)
        row(panel, rows_[static_cast<size_t>(i)], i == 0);
    ImGui::EndTable();
  }
  end_panel();
}

void TablePanel::row(Panel& panel, Row& row, bool first) {
  Session& session = panel.session();
  const Scene::Nodes& nodes = session.scene().nodes();
  if (row.label.empty()) row.label = session.label_of(row.node);
  ImGui::TableNextRow();
  ImGui::TableNextColumn();
  ImGui::PushID(static_cast<int>(row.node));
  if (ImGui::Selectable(
          "##row",
          panel.opened.inspected == pick_of_node(row.node),
          ImGuiSelectableFlags_SpanAllColumns | ImGuiSelectableFlags_AllowDoubleClick)) {
    // The selection is what the table holds; a row of it is looked at, and gone to by two clicks.
    panel.opened.inspected = pick_of_node(row.node);
    if (ImGui::IsMouseDoubleClicked(0)) panel.actor.perform(LookAt{row.node});
    if (!selected_) panel.opened.show(Tab::Inspect);
  }
  ImGui::PopID();
  panel.widgets.named(fmt::format("row: {}", row.node));
  if (first) panel.widgets.named("first row");
  ImGui::SameLine();
  text(row.label);
  ImGui::TableNextColumn();
  text(graph::name(nodes.kind[row.node]));
  ImGui::TableNextColumn();
  text(graph::name(nodes.status[row.node]));
  ImGui::TableNextColumn();
  if (!std::isnan(nodes.probability[row.node]))
    text(fmt::format("{:.3f}", nodes.probability[row.node]));
  ImGui::TableNextColumn();
  text(fmt::format("{}", row.degree));
  ImGui::TableNextColumn();
  text(fmt::format("#{}", row.node));
}

}  // namespace saggio::viz::ui
