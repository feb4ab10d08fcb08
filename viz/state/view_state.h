// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "graph/algorithms/rows.h"
#include "graph/store/history.h"
#include "viz/placement/grouping.h"
#include "viz/scene/looks.h"
#include "viz/state/camera.h"

// All that a person chose about a picture, as one value: it is compared, hashed, undone, and
// written as JSON into a saved view. What arrives from the store is no part of it.
namespace saggio::viz {

// The nodes within so many hops, and nothing else, are shown.
struct Focus {
  std::vector<graph::NodeId> nodes;
  int32_t hops = 1;
  graph::Direction direction = graph::Direction::Both;
  bool operator==(const Focus&) const = default;
  void visit(auto& fields) {
    fields("nodes", nodes);
    fields("hops", hops);
    fields("direction", direction);
  }
};

// A node whose neighbours were shown besides, or hidden; see folds.h.
struct Fold {
  graph::NodeId node = 0;
  bool expand = true;
  graph::Direction direction = graph::Direction::Both;  // of an expanded one
  bool operator==(const Fold&) const = default;
  void visit(auto& fields) {
    fields("node", node);
    fields("expand", expand);
    fields("direction", direction);
  }
};

// What stands out while all else is dimmed.
struct Highlight {
  std::string what;                // path | proof | against | core; see marks.h
  graph::NodeId node = 0, to = 0;  // `to`: of a path; neither: of the core
  bool operator==(const Highlight&) const = default;
  void visit(auto& fields) {
    fields("what", what);
    fields("node", node);
    fields("to", to);
  }
};

// A node that a person put somewhere; no layout moves it.
struct Pin {
  graph::NodeId node = 0;
  Vec3 at;
  bool operator==(const Pin&) const = default;
  void visit(auto& fields) {
    fields("node", node);
    fields("x", at.x);
    fields("y", at.y);
    fields("z", at.z);
  }
};

// Another graph that lies under this one: another version of this store, or another store.
struct Compared {
  std::string with;                       // a store's folder; empty: this one
  std::optional<graph::Version> version;  // of it; nullopt: the newest
  bool only_differences = false;          // what is the same in both is hidden
  bool operator==(const Compared&) const = default;
  void visit(auto& fields) {
    fields("with", with);
    fields("version", version);
    fields("only_differences", only_differences);
  }
};

struct ViewState {
  Camera camera;
  Style style;
  std::optional<graph::Version> version;  // nullopt: the newest, also when more arrives
  std::optional<graph::TimeUs> world;     // nullopt: whenever it holds
  std::string layout = "force";
  GroupBy group_by = GroupBy::None;  // of the force layout
  std::vector<Pin> pins;             // of this layout, ascending by node, each once
  std::string filter;                // a query (graph/query/QUERY.md); empty: everything
  std::optional<Compared> compare;
  std::optional<Focus> focus;
  std::vector<Fold> folds;  // since the focus was chosen, in order
  std::optional<Highlight> highlight;
  std::vector<graph::NodeId> selection;  // ascending, each once
  int32_t labels = 60;                   // at most
  // Which of the saved views that were opened nodes lie as in, counted from 1; 0: none. It is no
  // part of the JSON, since it means nothing to another session.
  uint64_t opened = 0;
  bool operator==(const ViewState&) const = default;
};

nlohmann::json to_json(ViewState state);
// Throws std::invalid_argument that names the field.
ViewState view_state_from(const nlohmann::json& json);

// Equal states have equal hashes, on every machine: FNV-1a over the JSON.
uint64_t hash_of(const ViewState& state);

}  // namespace saggio::viz
