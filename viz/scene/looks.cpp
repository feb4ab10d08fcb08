// SPDX-License-Identifier: MIT
#include "viz/scene/looks.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <span>
#include <sstream>
#include <stdexcept>

namespace saggio::viz {
namespace {

constexpr std::array<std::string_view, 9> kColours = {
    "kind", "status", "confidence", "run", "difference", "label", "experiment", "model", "rule"};
constexpr std::string_view kOpacityNote = "opacity: confidence";
constexpr std::array<std::string_view, 3> kSizes = {"same", "degree", "confidence"};

size_t index_named(std::span<const std::string_view> names,
                   std::string_view name,
                   std::string_view what) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end())
    throw std::invalid_argument(
        fmt::format("{} = {}, allowed: {}", what, name, fmt::join(names, ", ")));
  return static_cast<size_t>(found - names.begin());
}

bool counts(const std::vector<uint8_t>& counted, const std::vector<uint8_t>& there, size_t slot) {
  return there[slot] && (counted.empty() || counted[slot]);
}

// One colour (and shape) for each value of an attribute, with how often it is seen, as the legend
// lists it.
class Entries {
 public:
  void see(const std::string& text, const Mark& mark, size_t count = 1) {
    if (count == 0) return;
    LegendEntry& entry = entries_[text];
    entry.text = text;
    entry.mark = mark;
    entry.count += count;
  }
  // The most frequent first.
  std::vector<LegendEntry> list() const {
    std::vector<LegendEntry> found;
    for (const auto& [text, entry] : entries_) found.push_back(entry);
    std::stable_sort(
        found.begin(), found.end(), [](const auto& a, const auto& b) { return a.count > b.count; });
    return found;
  }

 private:
  std::map<std::string, LegendEntry> entries_;
};

// As the legend lists them.
constexpr std::array<Difference, kDifferences> kDifferencesInOrder = {
    Difference::Added, Difference::Removed, Difference::Changed, Difference::Same};

std::string spoken(std::string_view name) {  // "tool result"
  std::string text(name);
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

// What a node is coloured by that has several labels, with a line end between them.
std::string all_of(const std::string& labels) {
  std::set<std::string> each;
  std::istringstream lines(labels);
  for (std::string label; std::getline(lines, label);) each.insert(label);
  return fmt::format("{}", fmt::join(each, ", "));
}
std::string first_of(const std::string& labels) { return labels.substr(0, labels.find('\n')); }
bool are_several(const std::string& labels) { return labels.find('\n') != labels.npos; }

// Whether there are more sets of labels than colours.
bool many_sets(const Scene& scene, const NameOf& name_of) {
  std::set<std::string> sets;
  bool several = false;
  for (Slot slot = 0; slot < scene.node_slots(); ++slot) {
    if (!scene.nodes().there[slot]) continue;
    const std::string labels = name_of(slot);
    several |= are_several(labels);
    if (sets.size() <= kNumbered && !labels.empty()) sets.insert(all_of(labels));
    if (several && sets.size() > kNumbered) return true;
  }
  return false;
}

// Thin lines need more light than faces do to stand out from the dark.
Stroke stroke_on(Stroke stroke, const Style& style) {
  if (style.dark) stroke.colour = mixed(stroke.colour, {255, 255, 255}, 0.35f);
  return stroke;
}

// "added, only in version 7"
std::string difference_text(Difference one, const DifferenceColumns& of) {
  std::string text(kDifferenceNames[static_cast<size_t>(one)]);
  if (one == Difference::Added) text += ", only in " + of.after;
  if (one == Difference::Removed) text += ", only in " + of.before;
  return text;
}

void fade(Rgba& colour, float probability) {
  if (probability >= 0 && probability <= 1)
    colour.a = static_cast<uint8_t>(std::lround(255 * (kFaintest + (1 - kFaintest) * probability)));
}

}  // namespace

std::string_view name(ColourBy by) { return kColours[static_cast<size_t>(by)]; }
bool is_name(ColourBy by) { return by == ColourBy::Run || by >= ColourBy::Label; }
std::string_view name(SizeBy by) { return kSizes[static_cast<size_t>(by)]; }
ColourBy colour_by_named(std::string_view name, std::string_view what) {
  return static_cast<ColourBy>(index_named(kColours, name, what));
}
SizeBy size_by_named(std::string_view name, std::string_view what) {
  return static_cast<SizeBy>(index_named(kSizes, name, what));
}

const Theme& theme(const Style& style) { return style.dark ? dark_theme() : light_theme(); }

Mark Looking::mark(const Scene& scene, Slot slot, const NameOf& name_of) {
  const float probability = scene.nodes().probability[slot];
  Mark mark = mark_of(scene.nodes().kind[slot]);
  if (style_.colour == ColourBy::Status) mark.colour = colour_of(scene.nodes().status[slot]);
  if (style_.colour == ColourBy::Confidence) mark.colour = colour_of_probability(probability);
  if (style_.colour == ColourBy::Difference) mark.colour = {};
  if (by_difference_) mark = mark_of(scene.differences()->nodes[slot]);
  if (is_name(style_.colour)) {
    mark.colour = {};
    if (scene.nodes().there[slot]) {
      std::string said = name_of(slot);
      if (style_.colour == ColourBy::Label && are_several(said)) {
        several_ = true;
        said = first_alone_ ? first_of(said) : all_of(said);
      }
      // Numbered as they appear, so that one keeps its colour when others are added.
      uint32_t& name = nodes_[slot].name;
      name = 0;
      if (!said.empty())
        name = names_.try_emplace(said, static_cast<uint32_t>(names_.size() + 1)).first->second;
      named_.resize(names_.size() + 1);
      mark.colour = name ? colour_of_number(name - 1) : kMissing;
    }
  }
  if (fades()) fade(mark.colour, probability);
  return mark;
}

void Looking::see_node(const Scene& scene, Slot slot, const NameOf& name_of, bool counts) {
  const float probability = scene.nodes().probability[slot];
  const graph::Status status = scene.nodes().status[slot];
  const bool known = probability >= 0 && probability <= 1;
  looks_.nodes[slot] = mark(scene, slot, name_of);
  looks_.sizes[slot] = 1;
  if (by_difference_ && scene.differences()->nodes[slot] == Difference::Same)
    looks_.sizes[slot] = 0.7f;  // shape and colour say it; what is the same is small as well
  if (style_.size == SizeBy::Confidence && known) looks_.sizes[slot] = 0.7f + 1.5f * probability;
  Seen& seen = nodes_[slot];
  seen = {scene.nodes().there[slot] != 0, counts, known, status, seen.name};
  known_ += known;
  if (!counts) return;
  ++kinds_[static_cast<size_t>(scene.nodes().kind[slot])];
  ++statuses_[static_cast<size_t>(status)];
  unknown_ += std::isnan(probability);
  if (by_difference_) ++nodes_differ_[static_cast<size_t>(scene.differences()->nodes[slot])];
  if (is_name(style_.colour)) ++named_[seen.name];
}

// Takes back what see_node() counted; the scene may say something else by now.
void Looking::forget_node(const Scene& scene, Slot slot) {
  const Seen& seen = nodes_[slot];
  known_ -= seen.known;
  if (!seen.counts) return;
  --kinds_[static_cast<size_t>(scene.nodes().kind[slot])];
  --statuses_[static_cast<size_t>(seen.status)];
  unknown_ -= !seen.known;
  if (is_name(style_.colour)) --named_[seen.name];
}

void Looking::see_edge(const Scene& scene, Slot slot, bool counts) {
  const graph::TypeId type = scene.edges().type[slot];
  if (by_difference_) {
    const Difference one = scene.differences()->edges[slot];
    looks_.edges[slot] = stroke_on(stroke_of(one), style_);
    edges_differ_[static_cast<size_t>(one)] += counts;
    return;
  }
  looks_.edges[slot] = strokes_[type];
  if (style_.opacity) fade(looks_.edges[slot].colour, scene.edges().probability[slot]);
  types_[type] += counts;
  types_[type] -= edges_[slot];
  edges_[slot] = counts;
}

void Looking::size_by_degree(const Scene& scene) {
  std::vector<uint32_t> degree(scene.node_slots());
  for (Slot edge = 0; edge < scene.edge_slots(); ++edge) {
    if (!scene.edges().there[edge]) continue;
    ++degree[scene.edges().source[edge]];
    ++degree[scene.edges().target[edge]];
  }
  uint32_t most = 0;
  for (Slot slot = 0; slot < scene.node_slots(); ++slot) most = std::max(most, degree[slot]);
  for (Slot slot = 0; slot < scene.node_slots(); ++slot)  // area grows with the degree
    looks_.sizes[slot] = 0.7f + 1.5f * std::sqrt(static_cast<float>(degree[slot]) /
                                                 static_cast<float>(std::max(most, 1u)));
  looks_.legend.notes.push_back(fmt::format("size: degree, 0 to {}", most));
}

void Looking::tell_nodes(const Scene& scene) {
  Entries entries;
  if (style_.colour == ColourBy::Kind)
    for (size_t kind = 0; kind < kinds_.size(); ++kind) {
      const auto one = static_cast<graph::NodeKind>(kind);
      entries.see(spoken(graph::name(one)), mark_of(one), kinds_[kind]);
    }
  if (style_.colour == ColourBy::Status)
    for (size_t status = 0; status < statuses_.size(); ++status) {
      const auto one = static_cast<graph::Status>(status);
      entries.see(spoken(graph::name(one)), {colour_of(one)}, statuses_[status]);
    }
  if (is_name(style_.colour)) {
    const std::string_view what = name(style_.colour);
    if (!named_.empty()) entries.see(fmt::format("no {}", what), {kMissing}, named_[0]);
    for (const auto& [said, number] : names_) {
      const Rgba colour = colour_of_number(number - 1);
      entries.see(
          colour == kOther ? fmt::format("other {}s", what) : said, {colour}, named_[number]);
    }
  }
  looks_.legend.nodes = entries.list();
  if (!by_difference_) return;
  for (const Difference one : kDifferencesInOrder)
    if (const size_t count = nodes_differ_[static_cast<size_t>(one)]; count > 0)
      looks_.legend.nodes.push_back({.text = difference_text(one, *scene.differences()),
                                     .count = count,
                                     .mark = mark_of(one)});
}

// Where colour says something else, which kinds a shape stands for.
void Looking::tell_shapes() {
  std::array<LegendEntry, kShapes> entries;
  for (size_t kind = 0; kind < kinds_.size(); ++kind) {
    if (kinds_[kind] == 0) continue;
    const auto one = static_cast<graph::NodeKind>(kind);
    LegendEntry& entry = entries[static_cast<size_t>(mark_of(one).shape)];
    entry.text += (entry.text.empty() ? "" : ", ") + spoken(graph::name(one));
    entry.count += kinds_[kind];
    entry.mark = Mark{kMissing, mark_of(one).shape};
  }
  for (const LegendEntry& entry : entries)
    if (entry.count > 0) looks_.legend.shapes.push_back(entry);
}

void Looking::tell_edges(const Scene& scene) {
  std::vector<LegendEntry>& told = looks_.legend.edges;
  if (by_difference_) {
    for (const Difference one : kDifferencesInOrder)
      if (const size_t count = edges_differ_[static_cast<size_t>(one)]; count > 0)
        told.push_back({.text = std::string(kDifferenceNames[static_cast<size_t>(one)]) + " edges",
                        .count = count,
                        .stroke = stroke_on(stroke_of(one), style_)});
    return;
  }
  for (size_t type = 0; type < types_.size(); ++type)
    if (types_[type] > 0)
      told.push_back(
          {.text = scene.types()[type], .count = types_[type], .stroke = strokes_[type]});
  std::stable_sort(
      told.begin(), told.end(), [](const auto& a, const auto& b) { return a.count > b.count; });
}

// The legend, from what was counted.
void Looking::tell(const Scene& scene) {
  std::vector<std::string> sizes = std::move(looks_.legend.notes);
  looks_.legend = {.title = std::string(name(style_.colour))};
  tell_nodes(scene);
  if (style_.colour == ColourBy::Confidence) {
    LegendRamp ramp{.text = "confidence", .unknown = unknown_};
    for (size_t i = 0; i < ramp.colours.size(); ++i)
      ramp.colours[i] = colour_of_probability(static_cast<float>(i) /
                                              static_cast<float>(ramp.colours.size() - 1));
    looks_.legend.ramp = ramp;
  }
  if (style_.colour != ColourBy::Kind && !by_difference_) tell_shapes();
  tell_edges(scene);
  std::erase(sizes, kOpacityNote);
  looks_.legend.notes = std::move(sizes);
  if (fades() && known_ > 0) looks_.legend.notes.emplace_back(kOpacityNote);
}

void Looking::look(const Scene& scene,
                   const Style& style,
                   const NameOf& name_of,
                   const Counted& counted) {
  *this = Looking();
  style_ = style;
  by_difference_ = style.colour == ColourBy::Difference && scene.differences();
  for (const std::string& type : scene.types())
    strokes_.push_back(stroke_on(stroke_of(type), style_));
  types_.resize(strokes_.size());
  grow_to(nodes_, scene.node_slots());
  grow_to(edges_, scene.edge_slots());
  grow_to(looks_.nodes, scene.node_slots());
  grow_to(looks_.sizes, scene.node_slots());
  grow_to(looks_.edges, scene.edge_slots());
  first_alone_ = style.colour == ColourBy::Label && many_sets(scene, name_of);
  if (first_alone_) looks_.legend.notes.emplace_back("of several labels, the first");
  for (Slot slot = 0; slot < scene.node_slots(); ++slot)
    see_node(scene, slot, name_of, counts(counted.nodes, scene.nodes().there, slot));
  for (Slot slot = 0; slot < scene.edge_slots(); ++slot)
    see_edge(scene, slot, counts(counted.edges, scene.edges().there, slot));
  if (style.size == SizeBy::Degree) size_by_degree(scene);
  if (style.size == SizeBy::Confidence)
    looks_.legend.notes.emplace_back("size: confidence, 0 to 1");
  tell(scene);
}

bool Looking::follow(const Scene& scene, const NameOf& name_of) {
  const Touched& touched = scene.touched();
  // One edge more can change all sizes, and one name the numbers of all others.
  if (touched.all || by_difference_ || style_.size == SizeBy::Degree) return false;
  const size_t known = nodes_.size();
  std::vector<Slot> slots = touched.nodes;
  std::sort(slots.begin(), slots.end());
  slots.erase(std::unique(slots.begin(), slots.end()), slots.end());
  grow_to(nodes_, scene.node_slots());
  grow_to(looks_.nodes, scene.node_slots());
  grow_to(looks_.sizes, scene.node_slots());
  grow_to(edges_, scene.edge_slots());
  grow_to(looks_.edges, scene.edge_slots());
  for (const Slot slot : slots) {
    const Seen before = nodes_[slot];
    const bool there = scene.nodes().there[slot];
    forget_node(scene, slot);
    see_node(scene, slot, name_of, there);
    const bool renamed = before.there != there || before.name != nodes_[slot].name;
    if (is_name(style_.colour) && slot < known && renamed) return false;
  }
  if (several_ && !first_alone_ && names_.size() > kNumbered) return false;
  for (size_t type = strokes_.size(); type < scene.types().size(); ++type)
    strokes_.push_back(stroke_on(stroke_of(scene.types()[type]), style_));
  types_.resize(strokes_.size());
  for (const Slot slot : touched.edges) see_edge(scene, slot, scene.edges().there[slot]);
  tell(scene);
  return true;
}

Looks looks_of(const Scene& scene,
               const Style& style,
               const NameOf& name_of,
               const Counted& counted) {
  Looking looking;
  looking.look(scene, style, name_of, counted);
  return looking.looks();
}

}  // namespace saggio::viz
