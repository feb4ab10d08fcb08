// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "viz/placement/layouts.h"
#include "viz/plan/positions.h"

// The nodes' places as versions, layouts and pins come and go: one layout at work, and what was
// known before it, by slot. A node keeps its place while it is away in another version; one that is
// new is placed near its neighbours while the others stay. Of saved views that were opened, the
// places of the last ones are known, half a gigabyte of them. One thread at a time uses it.
namespace saggio::viz {

// Of a layout and its grouping, for whoever keeps more than one: "force", "force-kind"; with what was
// opened: "force-kind@2".
std::string key_of(const LayoutOrder& order);
std::string opened_key_of(const LayoutOrder& order);

// Where nodes were in an earlier session.
struct Places {
  Positions positions;  // or empty
  graph::AsOf as_of;    // what they are a layout of
  bool moving = false;  // it had not come to rest
};

struct Order {
  LayoutOrder layout;
  // What came to its View since it was made, which whoever begins it adds; nullopt: nothing.
  std::optional<graph::View::News> news;
  uint64_t graph = 0;  // Views of the same number are of one graph
  size_t slots = 0;    // that there are in the scene
  Places kept;         // as Arrangement::keep has it, of this layout; or empty
  // Edges below it have not come, even if they were not in the View before.
  graph::EdgeId edges = 0;
};

class Arrangement {
 public:
  explicit Arrangement(MakeLayout make = standard_layout) : make_(std::move(make)) {}

  // Counts, for whoever begins what has this opened_key_of, where nothing else is known of it.
  void keep(const std::string& key, Places places);
  // Another View, layout or grouping. Throws what the layout throws; then nothing is at work, and
  // what was known is still known, also when it is interrupted.
  void begin(Order order);
  // Puts and holds nodes there, and gives others back to the layout, which has them where it had
  // them before. Those that the View does not have are left out.
  void hold(const std::vector<Pin>& pins);
  void step();
  bool at_rest() const { return !layout_ || layout_->at_rest(); }
  const std::optional<graph::View>& view() const { return view_; }  // what begin() was told
  uint64_t graph() const { return graph_; }
  // By slot, and those that were ever placed; NaN for others.
  void write(Positions& positions) const;
  // After the store was rewound, slots belong to other nodes.
  void forget();
  const std::string& key() const { return key_; }  // of what is at work, as opened_key_of

 private:
  // What a layout leaves behind.
  struct Known {
    Positions places;
    std::vector<float> warmth;         // by slot, of those that had not come to rest; or fewer
    size_t nodes = 0;                  // as many as there were when all of them could move
    graph::EdgeId edges = 0;           // those below it are part of what the places tell
    std::optional<graph::AsOf> as_of;  // that the places are of
    uint64_t opened = 0;
  };
  struct Held {
    Pin pin;
    graph::Point before;
  };

  void leave(const std::string& next);
  void forget_what_was_opened_long_ago();
  std::vector<graph::Point> known_points(const Known& known) const;
  void heat(Known& known, size_t placed);

  MakeLayout make_;
  std::map<std::string, Known> known_;  // by opened_key_of
  std::map<std::string, Places> kept_;  // likewise, of what never was at work
  std::string key_;                     // of the one at work
  bool lives_ = false;                  // by force; else it is computed for one View
  std::optional<graph::View> view_;
  uint64_t graph_ = 0;
  size_t slots_ = 0;
  std::unique_ptr<LiveLayout> layout_;
  std::map<graph::NodeId, Held> held_;
};

}  // namespace saggio::viz
