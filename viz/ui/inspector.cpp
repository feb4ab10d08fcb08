// SPDX-License-Identifier: MIT
#include "viz/ui/inspector.h"

#include <fmt/format.h>
#include <imgui.h>

namespace saggio::viz::ui {

void Inspector::look(Panel& panel) {
  const Session& session = panel.session();
  const graph::AsOf as_of = session.point();
  const graph::Version head = session.head();
  const std::optional<Compared>& compared = session.state().compare;
  if (panel.opened.inspected == of_ && head == head_ && as_of == as_of_ && compared == compared_)
    return;
  of_ = panel.opened.inspected;
  as_of_ = as_of;
  head_ = head;
  compared_ = compared;
  facts_.reset();
  if (of_ == 0) return;
  panel.actor.attempt([&] { facts_ = panel.session().facts(of_); });
}

void Inspector::draw(Panel& panel) {
  look(panel);
  if (!facts_) {
    wrapped("Click a node or an arrow: what the graph says of it stands here.");
    ImGui::Spacing();
    wrapped("Drag turns, the wheel goes nearer, the right button shifts. F1 lists all keys.");
    return;
  }
  ImGui::PushTextWrapPos(0);
  text(facts_->title);
  ImGui::PopTextWrapPos();
  if (!facts_->there) faint("not part of what is shown now");
  actions(panel);
  rows(panel, "says", facts_->rows);
  if (!facts_->provenance.empty()) {
    heading("where it comes from");
    rows(panel, "provenance", facts_->provenance);
  }
  if (!(of_ & kEdgeBit)) ties(panel);
}

void Inspector::actions(Panel& panel) {
  if (button(panel, "copy id", "Copy id", "What commands and queries call it: Ctrl+C"))
    copy(panel, facts_->copy_id, "id");
  ImGui::SameLine();
  if (button(panel,
             "copy command",
             "Copy command",
             "The command that draws this picture: Ctrl+Shift+C"))
    panel.actor.attempt([&] { copy(panel, panel.session().command_of_picture(), "command"); });
  if (of_ & kEdgeBit) return;
  const Slot node = of_ - 1;
  if (button(panel, "go", "Go there", "The camera goes to it: G"))
    panel.actor.perform(LookAt{node});
  ImGui::SameLine();
  if (button(panel, "near", "Neighbours", "Shows it and what is tied to it alone: N"))
    show(panel.actor, Neighbours{{node}, 1, graph::Direction::Both});
  ImGui::SameLine();
  if (!is_pinned(panel.session().state(), node)) {
    if (button(panel, "pin", "Pin", "It stays where it is, whatever the layout does: M"))
      pin(panel.actor, {node});
  } else if (button(panel, "unpin", "Unpin", "It is the layout's again: Shift+M")) {
    let_go(panel.actor, {node});
  }
  if (button(panel, "expand", "Expand", "Shows what is tied to it, beside what is shown: X"))
    expand(panel.actor, node);
  ImGui::SameLine();
  if (button(panel, "collapse", "Collapse", "Hides what hangs on it alone: H"))
    collapse(panel.actor, node);
  ImGui::SameLine();
  if (button(panel, "path", "Path", "Lifts out the path between the two selected nodes: T"))
    show_path(panel.actor);
  lift_out(panel, node);
}

void Inspector::lift_out(Panel& panel, Slot node) {
  if (button(panel, "proof", "Proof", "Lifts out its best proof: P"))
    panel.actor.perform(ShowProof{node});
  ImGui::SameLine();
  if (button(panel, "against", "Against", "Lifts out what contradicts it: C"))
    panel.actor.perform(ShowAgainst{node});
  ImGui::SameLine();
  if (button(panel, "core", "Core", "Lifts out what all contradictions rest on: Y"))
    panel.actor.perform(ShowCore{});
  ImGui::SameLine();
  if (button(panel,
             "plain",
             "Plain",
             "Nothing lifted out, nothing dimmed: Escape",
             panel.session().state().highlight.has_value()))
    panel.actor.perform(ShowPlain{});
}

void Inspector::rows(Panel& panel, const char* name, const std::vector<Fact>& facts) {
  if (!ImGui::BeginTable(name, 2, ImGuiTableFlags_RowBg | ImGuiTableFlags_SizingFixedFit)) return;
  ImGui::TableSetupColumn("name", ImGuiTableColumnFlags_WidthFixed, 8.4f * panel.em);
  ImGui::TableSetupColumn("value", ImGuiTableColumnFlags_WidthStretch);
  for (size_t i = 0; i < facts.size(); ++i) {
    const Fact& fact = facts[i];
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    ImGui::PushTextWrapPos(0);
    faint(fact.name);
    ImGui::PopTextWrapPos();
    ImGui::TableNextColumn();
    ImGui::PushID(static_cast<int>(i));
    if (fact.node) {
      if (link(fact.value)) choose_node(panel, *fact.node, true);
    } else {
      wrapped(fact.value);
      if (!fact.link.empty() && ImGui::SmallButton("Copy link")) copy(panel, fact.link, "link");
    }
    ImGui::PopID();
    panel.widgets.named(fmt::format("fact: {}", fact.name));
  }
  ImGui::EndTable();
}

void Inspector::ties(Panel& panel) {
  heading(fmt::format("tied to {}", facts_->ties_in_all));
  if (!ImGui::BeginTable("ties", 2, ImGuiTableFlags_RowBg)) return;
  ImGui::TableSetupColumn("type", ImGuiTableColumnFlags_WidthFixed, 8.5f * panel.em);
  ImGui::TableSetupColumn("other", ImGuiTableColumnFlags_WidthStretch);
  for (size_t i = 0; i < facts_->ties.size(); ++i) {
    const Tie& tie = facts_->ties[i];
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    ImGui::PushID(static_cast<int>(i));
    if (link(fmt::format("{} {}", tie.out ? "→" : "←", tie.type)))
      panel.opened.inspected = pick_of_edge(tie.edge);
    panel.widgets.named(fmt::format("tie: {}", i));
    ImGui::TableNextColumn();
    if (link(tie.label)) choose_node(panel, tie.other, true);
    panel.widgets.named(fmt::format("tied: {}", i), tie.label);
    ImGui::PopID();
  }
  ImGui::EndTable();
  if (facts_->ties_in_all > facts_->ties.size())
    faint(fmt::format("and {} more", facts_->ties_in_all - facts_->ties.size()));
}

}  // namespace saggio::viz::ui
