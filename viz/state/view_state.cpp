// SPDX-License-Identifier: MIT
#include "viz/state/view_state.h"

#include "viz/state/fields.h"

namespace saggio::viz {
namespace {

// The structs of scene and camera, which know nothing of JSON.
struct CameraFields {
  Camera camera;
  void visit(auto& fields) {
    fields("x", camera.target.x);
    fields("y", camera.target.y);
    fields("z", camera.target.z);
    fields("yaw", camera.yaw);
    fields("pitch", camera.pitch);
    fields("distance", camera.distance);
    fields("fov_y", camera.fov_y);
    fields("flat", camera.flat);
  }
};
struct StyleFields {
  Style style;
  void visit(auto& fields) {
    fields("colour", style.colour);
    fields("size", style.size);
    fields("opacity", style.opacity);
    fields("dark", style.dark);
  }
};
struct StateFields {
  CameraFields camera;
  StyleFields style;
  ViewState state;
  void visit(auto& fields) {
    fields("camera", camera);
    fields("style", style);
    fields("version", state.version);
    fields("world", state.world);
    fields("layout", state.layout);
    fields("group_by", state.group_by);
    fields("pins", state.pins);
    fields("filter", state.filter);
    fields("compare", state.compare);
    fields("focus", state.focus);
    fields("folds", state.folds);
    fields("highlight", state.highlight);
    fields("selection", state.selection);
    fields("labels", state.labels);
  }
};

bool by_node(const Pin& a, const Pin& b) { return a.node < b.node; }

}  // namespace

Json to_json(ViewState state) {
  StateFields all{{state.camera}, {state.style}, std::move(state)};
  Json json = Json::object();
  FieldWriter fields(json);
  all.visit(fields);
  return json;
}

ViewState view_state_from(const Json& json) {
  StateFields all;
  FieldReader fields(json, "view");
  all.visit(fields);
  fields.finish();
  ViewState& state = all.state;
  state.camera = all.camera.camera;
  state.style = all.style.style;
  if (!(state.camera.distance > 0))
    refuse("view.camera.distance", json["camera"]["distance"], "above 0");
  if (!(state.camera.fov_y > 0 && state.camera.fov_y < 3.1f))
    refuse("view.camera.fov_y", json["camera"]["fov_y"], "above 0 and below 3.1");
  std::sort(state.selection.begin(), state.selection.end());
  state.selection.erase(std::unique(state.selection.begin(), state.selection.end()),
                        state.selection.end());
  std::stable_sort(state.pins.begin(), state.pins.end(), by_node);
  state.pins.erase(std::unique(state.pins.begin(),
                               state.pins.end(),
                               [](const Pin& a, const Pin& b) { return a.node == b.node; }),
                   state.pins.end());
  return state;
}

uint64_t hash_of(const ViewState& state) {
  uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : to_json(state).dump(-1, ' ', true, Json::error_handler_t::replace))
    hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001b3u;
  return hash;
}

}  // namespace saggio::viz
