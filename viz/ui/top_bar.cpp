// SPDX-License-Identifier: MIT
#include "viz/ui/top_bar.h"

#include <fmt/format.h>
#include <imgui.h>
#include <imgui_stdlib.h>

#include <algorithm>
#include <cfloat>

#include "viz/ui/keys.h"

namespace saggio::viz::ui {
namespace {

constexpr size_t kResults = 12;
constexpr size_t kLongest = 60;  // bytes of a condition in the list

// At most so many bytes, of whole characters.
std::string shortened(const std::string& text, size_t most) {
  if (text.size() <= most) return text;
  size_t end = most;
  while (end > 0 && (static_cast<uint8_t>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

// A heading that opens and closes what is below it, until TreePop().
bool fold(Panel& panel, const std::string& name, bool open) {
  const bool is_open = ImGui::TreeNodeEx(
      name.c_str(),
      ImGuiTreeNodeFlags_SpanAvailWidth | (open ? ImGuiTreeNodeFlags_DefaultOpen : 0));
  panel.widgets.named("fold: " + name);
  return is_open;
}

}  // namespace

void TopBar::draw(Panel& panel, const Box& where) {
  width_ = where.width;
  begin_panel("top", where);
  find(panel);
  ImGui::SameLine();
  query(panel);
  ImGui::SameLine();
  rest(panel);
  end_panel();
}

void TopBar::find(Panel& panel) {
  ImGui::SetNextItemWidth(std::min(17 * panel.em, 0.2f * width_));
  if (std::exchange(panel.opened.to_find, false)) ImGui::SetKeyboardFocusHere();
  const bool entered = ImGui::InputTextWithHint(
      "##find",
      "Find a node   /",
      &typed_,
      ImGuiInputTextFlags_EnterReturnsTrue | ImGuiInputTextFlags_AutoSelectAll);
  const bool active = ImGui::IsItemActive();
  panel.widgets.named(
      "find",
      "A part of a key, a label or a text; #12 is that node; /.../ is a regular "
      "expression. Arrows choose, Enter goes there, with shift it is selected beside others.");
  const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
  Session& session = panel.session();
  if (typed_ != asked_) {
    asked_ = typed_;
    marked_ = 0;
    finding_ = true;
    if (panel.actor.attempt([&] { session.find(typed_, kResults); })) panel.actor.say("");
  }
  if (finding_ || active) panel.actor.attempt([&] { session.look_on(); });
  const std::vector<Slot>& found = session.found().nodes;
  if (active) {
    finding_ = !typed_.empty();
    if (ImGui::IsKeyPressed(key::kDown) && !found.empty())
      marked_ = std::min(marked_ + 1, found.size() - 1);
    if (ImGui::IsKeyPressed(key::kUp)) marked_ -= marked_ > 0;
  }
  if (entered && marked_ < found.size()) {
    take(panel, found[marked_]);
  } else if (!active && !ImGui::IsMouseDown(0)) {
    finding_ = false;
  }
  looks_ = (finding_ || active) && session.looking();
  if (finding_) results(panel, {low.x, high.y, 26 * panel.em, 0});
}

// With shift it is selected beside the others.
void TopBar::take(Panel& panel, Slot node) {
  choose_node(panel, node, true, ImGui::GetIO().KeyShift);
  finding_ = false;
}

void TopBar::results(Panel& panel, const Box& below) {
  ImGui::SetNextWindowPos({below.x, below.y + 2});
  ImGui::SetNextWindowSize({below.width, 0});
  ImGui::Begin("results",
               nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                   ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoFocusOnAppearing |
                   ImGuiWindowFlags_AlwaysAutoResize);
  const Found found = panel.session().found();
  for (size_t i = 0; i < found.nodes.size(); ++i) {
    const Slot node = found.nodes[i];
    if (ImGui::Selectable(fmt::format("##{}", node).c_str(), i == marked_)) take(panel, node);
    panel.widgets.named(fmt::format("found: {}", i));
    ImGui::SameLine(0.7f * panel.em);
    faint(graph::name(panel.session().scene().nodes().kind[node]));
    ImGui::SameLine(8 * panel.em);
    text(panel.session().label_of(node));
  }
  if (found.looked < 1)
    faint(fmt::format("{} match so far; looked at {:.0f} %", found.matches, 100 * found.looked));
  else if (found.nodes.empty())
    faint("nothing that is there matches");
  else if (found.matches > found.nodes.size())
    faint(fmt::format("{} more; type on", found.matches - found.nodes.size()));
  ImGui::End();
}

void TopBar::query(Panel& panel) {
  const std::string& filter = panel.session().state().filter;
  // Undone, chosen elsewhere, or typed and not asked: the words are what is shown, unless they were
  // refused and can be mended.
  const bool left = !asks_ && query_ != filter && panel.actor.note().empty();
  if (filter != query_seen_ || left) query_ = query_seen_ = filter;
  ImGui::SetNextItemWidth(
      std::clamp(width_ - std::min(17 * panel.em, 0.2f * width_) - 34 * panel.em,
                 6 * panel.em,
                 30 * panel.em));
  if (std::exchange(panel.opened.to_query, false)) ImGui::SetKeyboardFocusHere();
  if (ImGui::InputTextWithHint("##query",
                               "Show only ...   kind = claim   Q",
                               &query_,
                               ImGuiInputTextFlags_EnterReturnsTrue))
    show(panel.actor, Filter{query_});
  asks_ = ImGui::IsItemActive();
  panel.widgets.named("query", "What is shown, as the graph's query language says it. Enter asks.");
  ImGui::SameLine(0, 2);
  if (button(panel, "pick", "Filter", "Conditions to choose from, of what this graph has"))
    ImGui::OpenPopup("conditions");
  ImGui::SetNextWindowSizeConstraints({0, 0}, {FLT_MAX, 0.8f * ImGui::GetIO().DisplaySize.y});
  if (begin_popup("conditions")) {
    pick_list(panel);
    ImGui::EndPopup();
  }
  ImGui::SameLine(0, 2);
  if (button(panel,
             "all",
             "All",
             "Everything again: no query, no neighbourhood",
             !filter.empty() || panel.session().state().focus.has_value())) {
    query_.clear();
    everything(panel.actor);
  }
}

// Each narrows what is shown by one condition.
void TopBar::pick_list(Panel& panel) {
  using graph::Attribute, graph::Operator, graph::Target;
  const auto item = [&](const graph::Condition& condition, size_t count, Target target) {
    const std::string words = graph::print(condition);
    const std::string times = count > 0 ? fmt::format("{}", count) : std::string();
    if (ImGui::MenuItem(shortened(words, kLongest).c_str(), times.c_str()))
      panel.actor.attempt([&] {
        show(panel.actor, Filter{narrowed(panel.session().state().filter, target, condition)});
      });
    panel.widgets.named(words, words.size() > kLongest ? words : "");
  };
  const auto is = [](const graph::Field& field, Operator how, const graph::Value& value) {
    return graph::Condition{graph::Comparison{field, how, value}};
  };
  for (const AttributeThere& one : panel.session().attributes()) {
    const Attribute which = one.field.attribute;
    if (!fold(panel, name_of(one.field), which == Attribute::Kind || which == Attribute::Status))
      continue;
    for (const auto& [value, nodes] : one.frequent)
      item(is(one.field, Operator::Equal, value), nodes, Target::Nodes);
    if (one.values > one.frequent.size())
      faint(fmt::format("and {} more: type one", one.values - one.frequent.size()));
    ImGui::TreePop();
  }
  if (fold(panel, "confidence", true)) {
    const graph::Field field{Attribute::Confidence, {}};
    item(is(field, Operator::Less, 0.5), 0, Target::Nodes);
    item(is(field, Operator::GreaterEqual, 0.5), 0, Target::Nodes);
    item(is(field, Operator::GreaterEqual, 0.9), 0, Target::Nodes);
    item({graph::Not{{{graph::Known{field}}}}}, 0, Target::Nodes);
    ImGui::TreePop();
  }
  if (fold(panel, "edges", false)) {
    for (const std::string& type : panel.session().scene().types())
      item(is({Attribute::Type, {}}, Operator::Equal, type), 0, Target::Edges);
    ImGui::TreePop();
  }
}

void TopBar::rest(Panel& panel) {
  Session& session = panel.session();
  if (button(panel, "undo", "Undo", "Ctrl+Z", session.can_undo())) panel.actor.perform(Undo{});
  ImGui::SameLine();
  if (button(panel, "redo", "Redo", "Ctrl+Y", session.can_redo())) panel.actor.perform(Redo{});
  ImGui::SameLine();
  if (button(panel, "fit", "Fit", "All that is shown, as large as it goes: F"))
    panel.actor.perform(Fit{});
  ImGui::SameLine();
  if (button(panel, "table", "Table", "What is selected, or all that is shown, in rows: V"))
    panel.opened.table = !panel.opened.table;
  ImGui::SameLine();
  if (button(panel, "side", "Panel", "The panel on the right: I"))
    panel.opened.side = !panel.opened.side;
  ImGui::SameLine();
  if (button(panel, "keys", "Keys", "All keys: F1 or ?")) panel.opened.keys = !panel.opened.keys;
}

}  // namespace saggio::viz::ui
