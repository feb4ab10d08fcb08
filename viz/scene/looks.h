// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "viz/scene/palette.h"
#include "viz/scene/scene.h"

// Which attribute is seen as what: colour, size, opacity; and the legend that says so, as data.
namespace saggio::viz {

enum class ColourBy { Kind, Status, Confidence, Run, Difference, Label, Experiment, Model, Rule };
enum class SizeBy { Same, Degree, Confidence };
std::string_view name(ColourBy by);  // "kind", ...
std::string_view name(SizeBy by);
// Throw std::invalid_argument that begins with `what` and names those allowed.
ColourBy colour_by_named(std::string_view name, std::string_view what);
SizeBy size_by_named(std::string_view name, std::string_view what);

struct Style {
  ColourBy colour = ColourBy::Kind;
  SizeBy size = SizeBy::Same;
  bool opacity = true;  // confidence is seen as opacity as well, unless it is the colour; what is
                        // not known is opaque
  bool dark = false;    // the theme
  bool operator==(const Style&) const = default;
};
const Theme& theme(const Style& style);

inline constexpr float kFaintest = 0.3f;  // opacity of confidence 0

struct LegendEntry {
  std::string text;
  size_t count = 0;              // elements shown that look so
  std::optional<Mark> mark;      // of a node, or
  std::optional<Stroke> stroke;  // of an edge
  bool operator==(const LegendEntry&) const = default;
};
struct LegendRamp {  // a colour for each value from 0 to 1
  std::string text;
  std::array<Rgba, 16> colours{};
  size_t unknown = 0;  // nodes without a value; they have kMissing
  bool operator==(const LegendRamp&) const = default;
};
struct Legend {
  std::string title;
  std::vector<LegendEntry> nodes, shapes, edges;  // shapes: unless `nodes` show them
  std::optional<LegendRamp> ramp;
  std::vector<std::string> notes;  // "size: degree, 0 to 12"
  bool operator==(const Legend&) const = default;
};

// How everything there looks; columns by slot.
struct Looks {
  std::vector<Mark> nodes;    // [N] colours with their opacity
  std::vector<float> sizes;   // [N] factors of the node radius, in [0.7, 2.2]
  std::vector<Stroke> edges;  // [M]
  Legend legend;              // of what `counted` says is shown
};

// What a node says, as of what the scene shows, of the attribute that it is coloured by, where that
// is no column of the scene: run, label (several with a line end between them), experiment, model or
// rule; empty: nothing.
using NameOf = std::function<std::string(Slot)>;
bool is_name(ColourBy by);  // one of those

// What the legend counts: [N] and [M], 1 for each; empty: everything there.
struct Counted {
  std::vector<uint8_t> nodes, edges;
};

// The looks of a scene, of all of it or, while nothing else changes, after each show(). Several
// labels are a category of their own, "animal, cat", whatever their order, as long as there are
// colours for all of these; else a node counts by its first label, and the legend says so.
class Looking {
 public:
  // O(N + M)
  void look(const Scene& scene,
            const Style& style,
            const NameOf& name_of,
            const Counted& counted = {});
  // After scene.touched(), where everything there is counted. False if it takes another look at all,
  // and then only that may follow. O(what was touched)
  bool follow(const Scene& scene, const NameOf& name_of);
  const Looks& looks() const { return looks_; }

 private:
  void see_node(const Scene& scene, Slot slot, const NameOf& name_of, bool counts);
  void forget_node(const Scene& scene, Slot slot);
  Mark mark(const Scene& scene, Slot slot, const NameOf& name_of);
  void see_edge(const Scene& scene, Slot slot, bool counts);
  void size_by_degree(const Scene& scene);
  void tell(const Scene& scene);
  void tell_nodes(const Scene& scene);
  void tell_shapes();
  void tell_edges(const Scene& scene);
  bool by_difference() const { return by_difference_; }
  // Said twice, it would change the colours that say it.
  bool fades() const {
    return style_.opacity && style_.colour != ColourBy::Confidence && !by_difference_;
  }

  Style style_;
  bool by_difference_ = false;
  bool several_ = false;      // some node has several labels
  bool first_alone_ = false;  // and counts by the first, since there are more sets than colours
  Looks looks_;
  struct Seen {  // what was said of a node when it was seen
    bool there = false, counts = false, known = false;
    graph::Status status = graph::Status::Open;
    uint32_t name = 0;  // 1 + that in names_; 0: none
  };
  std::vector<Seen> nodes_;     // [N]
  std::vector<uint8_t> edges_;  // [M] 1: counted
  // How many of each are counted.
  std::array<size_t, graph::kNodeKinds> kinds_{};
  std::array<size_t, graph::kStatuses> statuses_{};
  DifferenceCounts nodes_differ_{}, edges_differ_{};
  size_t unknown_ = 0, known_ = 0;  // confidences; the latter of all, counted or not
  std::vector<size_t> types_;
  std::map<std::string, uint32_t> names_;  // in the order in which they appeared
  std::vector<size_t> named_;              // [names_ + 1] the first: those that say nothing
  std::vector<Stroke> strokes_;            // by type
};

Looks looks_of(const Scene& scene,
               const Style& style,
               const NameOf& name_of,
               const Counted& counted = {});

}  // namespace saggio::viz
