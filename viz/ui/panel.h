// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "viz/ui/actor.h"
#include "viz/ui/opened.h"
#include "viz/ui/widgets.h"

// What panels have in common: what they are given, and a few widgets that Dear ImGui lacks.
namespace saggio::viz::ui {

struct Panel {  // borrowed
  Actor& actor;
  Widgets& widgets;
  Opened& opened;
  float em;  // pixels: the height of letters

  Session& session() const { return actor.session(); }
};

// A window without a frame that fills this box, until end_panel().
void begin_panel(const char* name, const Box& where);
void end_panel();

void text(std::string_view words);     // one line
void faint(std::string_view words);    // likewise, less important
void wrapped(std::string_view words);  // as many lines as it takes
// One line that leads somewhere; true when it was clicked.
bool link(const std::string& words);
void heading(std::string_view words);
// Named, with a tip; pressed. A disabled one is grey.
bool button(
    Panel& panel, const char* name, const char* shown, std::string_view tip, bool on = true);
// Of ImGui::OpenPopup, until ImGui::EndPopup(); Escape closes it.
bool begin_popup(const char* name);
// A list to choose one of; the one that was chosen. `names` is asked while the list is open.
std::optional<std::string> choice(Panel& panel,
                                  const char* name,
                                  const std::function<std::vector<std::string>()>& names,
                                  std::string_view current,
                                  float width,
                                  std::string_view tip);
// The node, as if it was clicked; `go`: the camera goes there as well; `also`: beside what is
// selected.
void choose_node(Panel& panel, Slot node, bool go, bool also = false);
// Nodes are pinned where they are, or let go; a line says so if that changes nothing.
void pin(Actor& actor, const std::vector<graph::NodeId>& nodes);
void let_go(Actor& actor, const std::vector<graph::NodeId>& nodes);  // none: of all
bool is_pinned(const ViewState& state, graph::NodeId node);
// What is shown becomes what this says, and is fitted, in one step.
void show(Actor& actor, const Action& action);
// The path between the two nodes that are selected; if they are not two, a line says so.
void show_path(Actor& actor);
// What is tied to the node is shown, what hangs on it alone hidden; a line says so if there is none.
void expand(Actor& actor, graph::NodeId node);
void collapse(Actor& actor, graph::NodeId node);
// No query and no neighbourhood, in one step.
void everything(Actor& actor);
void copy(Panel& panel, const std::string& what, std::string_view called);

}  // namespace saggio::viz::ui
