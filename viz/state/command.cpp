// SPDX-License-Identifier: MIT
#include "viz/state/command.h"

#include "graph/query/query.h"
#include "viz/placement/layouts.h"
#include "viz/state/fields.h"

namespace saggio::viz {
namespace {

constexpr float kAround = 6;  // radii of a node: what is seen of its neighbourhood

template <size_t i = 0, typename Visit>
void for_each_kind(const Visit& visit) {
  if constexpr (i < std::variant_size_v<Action>) {
    visit(std::variant_alternative_t<i, Action>());
    for_each_kind<i + 1>(visit);
  }
}

void check_within(int64_t value, int64_t low, int64_t high, const char* what) {
  if (!(value >= low && value <= high))
    throw std::invalid_argument(fmt::format("{} = {}, allowed: {} to {}", what, value, low, high));
}

Vec3 position_of(graph::NodeId node, const Surroundings& around) {
  const auto position = around.position ? around.position(node) : std::nullopt;
  if (!position)
    throw std::invalid_argument(fmt::format("node #{}: not there in this picture", node));
  return *position;
}

void sort_once(std::vector<graph::NodeId>& ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

// One function for each kind of action.
class Apply {
 public:
  Apply(ViewState& state, const Surroundings& around) : s_(state), around_(around) {}

  void operator()(const Orbit& a) { s_.camera = orbited(s_.camera, a.yaw, a.pitch); }
  void operator()(const Pan& a) {
    s_.camera = panned(s_.camera, around_.viewport, a.right, a.down);
  }
  void operator()(const Zoom& a) { s_.camera = zoomed(s_.camera, a.notches); }
  void operator()(const Fly& a) { s_.camera = flown(s_.camera, a.forward, a.right, a.up); }
  void operator()(const LookFrom& a) {
    s_.camera.yaw = s_.camera.pitch = 0;
    s_.camera = orbited(s_.camera, a.yaw, a.pitch);
    s_.camera.flat = a.flat;
  }
  void operator()(const Fit&) {
    const std::vector<Vec3> points = around_.shown ? around_.shown() : std::vector<Vec3>();
    s_.camera = fitted(s_.camera, around_.viewport, points, around_.node_radius, around_.margins);
  }
  void operator()(const LookAt& a) {
    const Vec3 position = position_of(a.node, around_);
    const float radius = around_.node_radius > 0 ? around_.node_radius : 1;
    s_.camera = focused(s_.camera, position, kAround * radius);
  }
  void operator()(const GoTo& a) {
    s_.version = a.version;
    s_.world = a.world;
  }
  void operator()(const Filter& a) {
    if (!a.query.empty()) graph::parse(a.query);
    s_.filter = a.query;
  }
  void operator()(const Compare& a) {
    const bool goes_on =
        s_.compare && s_.compare->with == a.with && s_.compare->version == a.version;
    s_.compare.reset();
    if (!a.with.empty() || a.version) {
      s_.compare = Compared{a.with, a.version, a.only_differences};
      if (!goes_on) s_.style.colour = ColourBy::Difference;
    } else if (s_.style.colour == ColourBy::Difference) {
      s_.style.colour = ColourBy::Kind;
    }
  }
  void operator()(const Neighbours& a) {
    check_hops(a.hops, "neighbours.hops");
    for (const graph::NodeId node : a.nodes) position_of(node, around_);
    s_.focus = Focus{a.nodes, a.hops, a.direction};
    sort_once(s_.focus->nodes);
    if (a.nodes.empty()) s_.focus.reset();
    s_.folds.clear();
  }
  void operator()(const Expand& a) { fold({a.node, true, a.direction}); }
  void operator()(const Collapse& a) { fold({a.node, false, graph::Direction::Both}); }
  void operator()(const Select& a) { select(a.nodes, a.how, "select.how"); }
  void operator()(const SelectRect& a) {
    const float left = std::min(a.x, a.x + a.width), right = std::max(a.x, a.x + a.width);
    const float top = std::min(a.y, a.y + a.height), bottom = std::max(a.y, a.y + a.height);
    std::vector<graph::NodeId> nodes;
    if (around_.shown_nodes)
      for (const auto& [node, position] : around_.shown_nodes())
        if (const auto p = project(s_.camera, around_.viewport, position))
          if (p->x >= left && p->x <= right && p->y >= top && p->y <= bottom) nodes.push_back(node);
    select(std::move(nodes), a.how, "select_rect.how");
  }

  void operator()(const ShowPath& a) { stand_out("path", a.from, a.to); }
  void operator()(const ShowProof& a) { stand_out("proof", a.node, a.node); }
  void operator()(const ShowAgainst& a) { stand_out("against", a.node, a.node); }
  void operator()(const ShowCore&) { s_.highlight = Highlight{"core", 0, 0}; }
  void operator()(const ShowPlain&) { s_.highlight.reset(); }
  void operator()(const Colour& a) {
    if (a.by == ColourBy::Difference && !s_.compare)
      throw std::invalid_argument(
          "colour.by = difference: nothing is compared; compare with a version or a store first");
    s_.style.colour = a.by;
  }
  void operator()(const Size& a) { s_.style.size = a.by; }
  void operator()(const Opacity& a) { s_.style.opacity = a.on; }
  void operator()(const Dark& a) { s_.style.dark = a.on; }
  void operator()(const Labels& a) {
    check_labels(a.most, "labels.most");
    s_.labels = a.most;
  }
  void operator()(const Layout& a) {
    check_layout(a.name, a.group_by, "layout");
    if (a.name != s_.layout) s_.pins.clear();
    s_.layout = a.name;
    s_.group_by = a.group_by;
  }
  void operator()(const PinNodes& a) {
    if (!a.on) return let_go(a.nodes);
    for (const graph::NodeId node : a.nodes) {
      const Vec3 at = position_of(node, around_);
      if (!is_finite(at))
        refuse("pin.nodes", node, "nodes that were laid out; wait until this one is");
      const auto place = pin_of(node);
      if (place == s_.pins.end() || place->node != node) s_.pins.insert(place, {node, at});
    }
  }
  void operator()(const MoveNode& a) {
    position_of(a.node, around_);
    const auto place = pin_of(a.node);
    const Pin pin{a.node, {a.x, a.y, a.z}};
    if (place != s_.pins.end() && place->node == a.node)
      *place = pin;
    else
      s_.pins.insert(place, pin);
  }
  void operator()(const Restore& a) {  // nodes that are not there are left out of the picture
    check_labels(a.state.labels, "restore.state.labels");
    check_layout(a.state.layout, a.state.group_by, "restore.state");
    if (a.state.focus) check_hops(a.state.focus->hops, "restore.state.focus.hops");
    if (!a.state.filter.empty()) graph::parse(a.state.filter);
    const uint64_t opened = s_.opened;
    s_ = a.state;
    if (a.places.empty()) s_.opened = opened;
  }
  void operator()(const Undo&) { refuse_history(); }
  void operator()(const Redo&) { refuse_history(); }

 private:
  static void check_hops(int32_t hops, const char* what) { check_within(hops, 0, 1000, what); }
  static void check_labels(int32_t most, const char* what) { check_within(most, 0, 10'000, what); }
  void check_layout(const std::string& layout, GroupBy group_by, const std::string& what) const {
    const auto& known = around_.layouts;
    if (std::find(known.begin(), known.end(), layout) == known.end())
      refuse(what + (what == "layout" ? ".name" : ".layout"),
             layout,
             fmt::format("{}", fmt::join(known, ", ")));
    if (!laid_out_by_force(layout) && group_by != GroupBy::None)
      refuse(what + ".group_by",
             std::string(name(group_by)),
             "none, unless the layout is force or force2d");
  }
  // The same once more changes nothing.
  void fold(const Fold& fold) {
    position_of(fold.node, around_);
    if (s_.folds.empty() || !(s_.folds.back() == fold)) s_.folds.push_back(fold);
  }
  void select(std::vector<graph::NodeId> nodes, const std::string& how, const char* what) {
    std::vector<graph::NodeId> result;
    sort_once(nodes);
    if (how == "only")
      result = std::move(nodes);
    else if (how == "also")
      std::set_union(s_.selection.begin(),
                     s_.selection.end(),
                     nodes.begin(),
                     nodes.end(),
                     std::back_inserter(result));
    else if (how == "not")
      std::set_difference(s_.selection.begin(),
                          s_.selection.end(),
                          nodes.begin(),
                          nodes.end(),
                          std::back_inserter(result));
    else
      refuse(what, how, "only, also or not");
    s_.selection = std::move(result);
  }
  void stand_out(const char* what, graph::NodeId node, graph::NodeId to) {
    position_of(node, around_);
    position_of(to, around_);
    s_.highlight = Highlight{what, node, to};
  }
  // Also of nodes that are not there now.
  void let_go(std::vector<graph::NodeId> nodes) {
    sort_once(nodes);
    std::erase_if(s_.pins, [&](const Pin& pin) {
      return nodes.empty() || std::binary_search(nodes.begin(), nodes.end(), pin.node);
    });
  }
  // Its place in the list, whether it is there or not.
  std::vector<Pin>::iterator pin_of(graph::NodeId node) {
    return std::lower_bound(
        s_.pins.begin(), s_.pins.end(), node, [](const Pin& pin, graph::NodeId id) {
          return pin.node < id;
        });
  }
  [[noreturn]] static void refuse_history() {
    throw std::invalid_argument("undo and redo are done by a ViewHistory");
  }

  ViewState& s_;
  const Surroundings& around_;
};

}  // namespace

std::vector<std::string_view> command_names() {
  std::vector<std::string_view> names;
  for_each_kind([&]<typename Kind>(const Kind&) { names.push_back(Kind::kName); });
  return names;
}

bool asks_for_places(const Action& action) {
  return moves_camera(action) || std::holds_alternative<PinNodes>(action) ||
         std::holds_alternative<MoveNode>(action) || std::holds_alternative<SelectRect>(action);
}

bool moves_camera(const Action& action) {
  return std::visit(
      []<typename Kind>(const Kind&) {
        return std::is_same_v<Kind, Orbit> || std::is_same_v<Kind, Pan> ||
               std::is_same_v<Kind, Zoom> || std::is_same_v<Kind, Fly> ||
               std::is_same_v<Kind, LookFrom> || std::is_same_v<Kind, Fit> ||
               std::is_same_v<Kind, LookAt>;
      },
      action);
}

std::string to_line(Command command) {
  Json json = Json::object();
  std::visit(
      [&]<typename Kind>(Kind& action) {
        json["do"] = std::string(Kind::kName);
        FieldWriter fields(json);
        action.visit(fields);
      },
      command.action);
  if (command.gesture != 0) json["gesture"] = command.gesture;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Command command_from(std::string_view line) {
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object() || !json.contains("do") || !json["do"].is_string())
    throw std::invalid_argument(
        fmt::format("command '{}': no JSON object with a \"do\"", line.substr(0, 80)));
  const auto name = json["do"].get<std::string>();
  Command command;
  bool found = false;
  for_each_kind([&]<typename Kind>(Kind action) {
    if (name != Kind::kName) return;
    found = true;
    FieldReader fields(json, name);
    action.visit(fields);
    fields("gesture", command.gesture);
    fields.finish({"do"});
    command.action = action;
  });
  if (!found)
    throw std::invalid_argument(fmt::format(
        "command '{}': there is none, allowed: {}", name, fmt::join(command_names(), ", ")));
  return command;
}

ViewState applied(ViewState state, const Action& action, const Surroundings& surroundings) {
  std::visit(Apply(state, surroundings), action);
  return state;
}

}  // namespace saggio::viz
