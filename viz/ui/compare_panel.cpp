// SPDX-License-Identifier: MIT
#include "viz/ui/compare_panel.h"

#include <fmt/format.h>
#include <imgui.h>
#include <imgui_stdlib.h>

#include <algorithm>

namespace saggio::viz::ui {
namespace {

// Of what has no values to tell that changed.
std::string became(const Comparison& comparison, PickId picked) {
  const DifferenceColumns& differences = comparison.differences();
  const auto& all = picked & kEdgeBit ? differences.edges : differences.nodes;
  const Slot slot = (picked & ~kEdgeBit) - 1;
  if (picked == 0 || slot >= all.size()) return "Click a node or an arrow.";
  switch (all[slot]) {
    case Difference::Added:
      return fmt::format("It was added: {} alone has it.", differences.after);
    case Difference::Removed:
      return fmt::format("It was removed: {} alone has it.", differences.before);
    default:
      return "Nothing: it is the same in both.";
  }
}

}  // namespace

void ComparePanel::draw(Panel& panel) {
  panel.session().state().compare ? tell(panel) : ask(panel);
}

void ComparePanel::ask(Panel& panel) {
  wrapped(
      "Lay something under what is shown, and see what was added, what is gone and what changed.");
  another_version(panel);
  another_graph(panel);
}

void ComparePanel::another_version(Panel& panel) {
  const Session& session = panel.session();
  const auto shown = static_cast<int>(session.point().version);
  heading("another version");
  ImGui::SetNextItemWidth(8 * panel.em);
  ImGui::InputInt("##version", &version_, 1);
  version_ = std::clamp(version_, 1, static_cast<int>(session.head()));
  panel.widgets.named("compared version", "A version of this graph, from 1 to the newest");
  ImGui::SameLine();
  if (button(panel, "compare version", "Compare", "With this version of the same graph"))
    panel.actor.perform(Compare{.version = static_cast<graph::Version>(version_)});
  if (shown > 1 && button(panel, "compare before", "With the one before", "What this version did"))
    panel.actor.perform(Compare{.version = static_cast<graph::Version>(shown - 1)});
  for (const Moment& moment : session.timeline().moments())
    for (const std::string& tag : moment.tags)
      if (button(panel,
                 ("compare " + tag).c_str(),
                 fmt::format("{} (version {})", tag, moment.version).c_str(),
                 "With the version of this tag"))
        panel.actor.perform(Compare{.version = moment.version});
}

void ComparePanel::another_graph(Panel& panel) {
  heading("another graph");
  ImGui::SetNextItemWidth(-1);
  if (ImGui::InputTextWithHint(
          "##folder", "The folder of a store", &folder_, ImGuiInputTextFlags_EnterReturnsTrue))
    panel.actor.perform(Compare{.with = folder_});
  panel.widgets.named("compared store", "Nodes are the same where their keys are. Enter compares.");
  if (!offers_) offers_ = recent_ ? recent_() : std::vector<Offer>();
  for (const Offer& one : *offers_) {
    if (one.folder == panel.session().name()) continue;
    ImGui::PushID(one.folder.c_str());
    if (link(one.name)) panel.actor.perform(Compare{.with = one.folder});
    ImGui::PopID();
    panel.widgets.named("compare with " + one.folder, one.told);
  }
}

void ComparePanel::tell(Panel& panel) {
  const Compared asked = *panel.session().state().compare;
  if (const Comparison* comparison = panel.session().comparison()) wrapped(comparison->caption());
  bool only = asked.only_differences;
  if (ImGui::Checkbox("Differences alone", &only))
    panel.actor.perform(Compare{asked.with, asked.version, only});
  panel.widgets.named("only differences", "What is the same in both is hidden");
  offers_.reset();  // others may have come until it is asked again
  if (button(panel, "compare no more", "Stop comparing", "This graph alone again")) {
    panel.actor.perform(Compare{});
    return;
  }
  changes(panel);
}

void ComparePanel::changes(Panel& panel) {
  const Comparison* comparison = panel.session().comparison();
  if (!comparison) return;
  const std::string caption = comparison->caption();
  if (panel.opened.inspected != of_ || caption != in_) {
    of_ = panel.opened.inspected;
    in_ = caption;
    changes_.clear();
    if (of_ != 0) panel.actor.attempt([&] { changes_ = comparison->changes_of(of_); });
  }
  heading("what changed of what was clicked");
  if (changes_.empty()) return wrapped(became(*comparison, of_));
  for (const ChangedValue& one : changes_) {
    faint(one.name);
    wrapped(fmt::format("{} → {}",
                        one.before.empty() ? "nothing" : one.before,
                        one.after.empty() ? "nothing" : one.after));
  }
}

}  // namespace saggio::viz::ui
