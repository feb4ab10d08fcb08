// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "viz/state/view_state.h"

// Every action of a person on the view is one of these values, and a line of JSON,
//   {"do": "orbit", "yaw": 0.3, "pitch": -0.1}
// so that scripts, tests, replays and undo all go one way: applied(state, command) -> state.
namespace saggio::viz {

// --- the camera
struct Orbit {
  static constexpr std::string_view kName = "orbit";
  float yaw = 0, pitch = 0;  // radians
  void visit(auto& fields) {
    fields("yaw", yaw);
    fields("pitch", pitch);
  }
};
struct Pan {
  static constexpr std::string_view kName = "pan";
  float right = 0, down = 0;  // pixels
  void visit(auto& fields) {
    fields("right", right);
    fields("down", down);
  }
};
struct Zoom {
  static constexpr std::string_view kName = "zoom";
  float notches = 0;
  void visit(auto& fields) { fields("notches", notches); }
};
struct Fly {
  static constexpr std::string_view kName = "fly";
  float forward = 0, right = 0, up = 0;  // distances
  void visit(auto& fields) {
    fields("forward", forward);
    fields("right", right);
    fields("up", up);
  }
};
struct LookFrom {  // the direction, or parallel rays
  static constexpr std::string_view kName = "look_from";
  float yaw = 0, pitch = 0;
  bool flat = false;
  void visit(auto& fields) {
    fields("yaw", yaw);
    fields("pitch", pitch);
    fields("flat", flat);
  }
};
struct Fit {  // all that is shown
  static constexpr std::string_view kName = "fit";
  void visit(auto&) {}
};
struct LookAt {
  static constexpr std::string_view kName = "look_at";
  graph::NodeId node = 0;
  void visit(auto& fields) { fields("node", node); }
};

// --- what is shown
struct GoTo {  // a version and a time of the world; null: the newest, whenever
  static constexpr std::string_view kName = "go_to";
  std::optional<graph::Version> version;
  std::optional<graph::TimeUs> world;
  void visit(auto& fields) {
    fields("version", version);
    fields("world", world);
  }
};
struct Filter {
  static constexpr std::string_view kName = "filter";
  std::string query;  // empty: everything
  void visit(auto& fields) { fields("query", query); }
};
struct Compare {  // with another version, or with another store; neither: no more
  static constexpr std::string_view kName = "compare";
  std::string with;                       // a store's folder; empty: the same store
  std::optional<graph::Version> version;  // null: the newest
  bool only_differences = false;          // or everything
  void visit(auto& fields) {
    fields("with", with);
    fields("version", version);
    fields("only_differences", only_differences);
  }
};
struct Neighbours {  // nothing but what lies within so many hops; no nodes: everything again
  static constexpr std::string_view kName = "neighbours";
  std::vector<graph::NodeId> nodes;
  int32_t hops = 1;
  graph::Direction direction = graph::Direction::Both;
  void visit(auto& fields) {
    fields("nodes", nodes);
    fields("hops", hops);
    fields("direction", direction);
  }
};
struct Expand {  // shows a node's neighbours besides what is shown
  static constexpr std::string_view kName = "expand";
  graph::NodeId node = 0;
  graph::Direction direction = graph::Direction::Both;
  void visit(auto& fields) {
    fields("node", node);
    fields("direction", direction);
  }
};
struct Collapse {  // hides what hangs on a node: folds.h
  static constexpr std::string_view kName = "collapse";
  graph::NodeId node = 0;
  void visit(auto& fields) { fields("node", node); }
};

// --- what stands out
struct Select {
  static constexpr std::string_view kName = "select";
  std::vector<graph::NodeId> nodes;
  std::string how = "only";  // only these | also these | not these
  void visit(auto& fields) {
    fields("nodes", nodes);
    fields("how", how);
  }
};
struct SelectRect {  // what is shown with its centre in this part of the picture, in pixels
  static constexpr std::string_view kName = "select_rect";
  float x = 0, y = 0, width = 0, height = 0;  // below 0: to the left, upwards
  std::string how = "only";                   // as of select
  void visit(auto& fields) {
    fields("x", x);
    fields("y", y);
    fields("width", width);
    fields("height", height);
    fields("how", how);
  }
};
struct ShowPath {
  static constexpr std::string_view kName = "path";
  graph::NodeId from = 0, to = 0;
  void visit(auto& fields) {
    fields("from", from);
    fields("to", to);
  }
};
struct ShowProof {
  static constexpr std::string_view kName = "proof";
  graph::NodeId node = 0;
  void visit(auto& fields) { fields("node", node); }
};
struct ShowAgainst {  // what contradicts it or its support
  static constexpr std::string_view kName = "against";
  graph::NodeId node = 0;
  void visit(auto& fields) { fields("node", node); }
};
struct ShowCore {  // what contradictions rest on: graph/reasoning/core.h
  static constexpr std::string_view kName = "core";
  void visit(auto&) {}
};
struct ShowPlain {  // nothing stands out, nothing is dimmed
  static constexpr std::string_view kName = "plain";
  void visit(auto&) {}
};

// --- how it looks
struct Colour {
  static constexpr std::string_view kName = "colour";
  ColourBy by = ColourBy::Kind;
  void visit(auto& fields) { fields("by", by); }
};
struct Size {
  static constexpr std::string_view kName = "size";
  SizeBy by = SizeBy::Same;
  void visit(auto& fields) { fields("by", by); }
};
struct Opacity {  // by confidence
  static constexpr std::string_view kName = "opacity";
  bool on = true;
  void visit(auto& fields) { fields("on", on); }
};
struct Dark {
  static constexpr std::string_view kName = "dark";
  bool on = true;
  void visit(auto& fields) { fields("on", on); }
};
struct Labels {
  static constexpr std::string_view kName = "labels";
  int32_t most = 60;  // 0 to 10,000
  void visit(auto& fields) { fields("most", most); }
};
struct Layout {  // another one than before knows no pins
  static constexpr std::string_view kName = "layout";
  std::string name = "force";
  GroupBy group_by = GroupBy::None;  // which nodes it draws together; by force alone
  void visit(auto& fields) {
    fields("name", name);
    fields("group_by", group_by);
  }
};

// --- where nodes lie
struct PinNodes {  // where they are now; off: they are the layout's again, no nodes: all of them
  static constexpr std::string_view kName = "pin";
  std::vector<graph::NodeId> nodes;
  bool on = true;
  void visit(auto& fields) {
    fields("nodes", nodes);
    fields("on", on);
  }
};
struct MoveNode {  // and pin it there
  static constexpr std::string_view kName = "move_node";
  graph::NodeId node = 0;
  float x = 0, y = 0, z = 0;
  void visit(auto& fields) {
    fields("node", node);
    fields("x", x);
    fields("y", y);
    fields("z", z);
  }
};

// --- all of it
struct Restore {  // also of a saved view, which the session knows by its name
  static constexpr std::string_view kName = "restore";
  ViewState state;
  std::string places;  // of this saved view; empty: nodes stay where they are
  void visit(auto& fields) {
    fields("state", state);
    fields("places", places);
  }
};

// --- what was done
struct Undo {
  static constexpr std::string_view kName = "undo";
  void visit(auto&) {}
};
struct Redo {
  static constexpr std::string_view kName = "redo";
  void visit(auto&) {}
};

using Action = std::variant<Orbit,
                            Pan,
                            Zoom,
                            Fly,
                            LookFrom,
                            Fit,
                            LookAt,
                            GoTo,
                            Filter,
                            Compare,
                            Neighbours,
                            Expand,
                            Collapse,
                            Select,
                            SelectRect,
                            ShowPath,
                            ShowProof,
                            ShowAgainst,
                            ShowCore,
                            ShowPlain,
                            Colour,
                            Size,
                            Opacity,
                            Dark,
                            Labels,
                            Layout,
                            PinNodes,
                            MoveNode,
                            Restore,
                            Undo,
                            Redo>;
// Whether it asks where nodes are, so that they must have been placed.
bool asks_for_places(const Action& action);
// Whether it changes nothing but the camera.
bool moves_camera(const Action& action);

struct Command {
  Action action;
  // Commands of one gesture, such as the hundred orbits of one drag, or a layout and the look at all
  // of it, are undone together; 0: each by itself.
  uint64_t gesture = 0;
};

// One line, without its end; "gesture" is there if it is not 0.
std::string to_line(Command command);
// Throws std::invalid_argument: no JSON, no such command, no such field.
Command command_from(std::string_view line);
std::vector<std::string_view> command_names();

// What commands ask of the graph that is looked at; each may be empty where no command needs it.
struct Surroundings {
  Viewport viewport;
  Margins margins;                           // that a fit leaves free, for the legend
  float node_radius = 0;                     // in the world
  std::function<std::vector<Vec3>()> shown;  // positions
  std::function<std::vector<std::pair<graph::NodeId, Vec3>>()> shown_nodes;
  std::function<std::optional<Vec3>(graph::NodeId)> position;  // nullopt: not there
  std::vector<std::string> layouts;                            // that there are
};

// The state after any action but Undo and Redo. Throws std::invalid_argument, and the state is what
// it was: a node that is not there, a query that cannot be read, a number out of range.
ViewState applied(ViewState state, const Action& action, const Surroundings& surroundings);

}  // namespace saggio::viz
