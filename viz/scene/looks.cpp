// SPDX-License-Identifier: MIT
#include "viz/scene/looks.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <span>
#include <stdexcept>

namespace saggio::viz {
namespace {

constexpr std::array<std::string_view, 9> kColours = {
    "kind", "status", "confidence", "run", "difference", "label", "experiment", "model", "rule"};
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

void colour_by_kind(const Scene& scene, const Counted& counted, Looks& looks) {
  std::array<size_t, graph::kNodeKinds> seen{};
  for (Slot slot = 0; slot < scene.node_slots(); ++slot) {
    const graph::NodeKind kind = scene.nodes().kind[slot];
    looks.nodes[slot] = mark_of(kind);
    seen[static_cast<size_t>(kind)] += counts(counted.nodes, scene.nodes().there, slot);
  }
  Entries entries;
  for (size_t kind = 0; kind < seen.size(); ++kind) {
    const auto one = static_cast<graph::NodeKind>(kind);
    entries.see(spoken(graph::name(one)), mark_of(one), seen[kind]);
  }
  looks.legend.nodes = entries.list();
}

void colour_by_status(const Scene& scene, const Counted& counted, Looks& looks) {
  std::array<size_t, graph::kStatuses> seen{};
  for (Slot slot = 0; slot < scene.node_slots(); ++slot) {
    const graph::Status status = scene.nodes().status[slot];
    looks.nodes[slot].colour = colour_of(status);
    seen[static_cast<size_t>(status)] += counts(counted.nodes, scene.nodes().there, slot);
  }
  Entries entries;
  for (size_t status = 0; status < seen.size(); ++status) {
    const auto one = static_cast<graph::Status>(status);
    entries.see(spoken(graph::name(one)), {colour_of(one)}, seen[status]);
  }
  looks.legend.nodes = entries.list();
}

void colour_by_confidence(const Scene& scene, const Counted& counted, Looks& looks) {
  LegendRamp ramp{.text = "confidence"};
  for (size_t i = 0; i < ramp.colours.size(); ++i)
    ramp.colours[i] =
        colour_of_probability(static_cast<float>(i) / static_cast<float>(ramp.colours.size() - 1));
  for (Slot slot = 0; slot < scene.node_slots(); ++slot) {
    const float probability = scene.nodes().probability[slot];
    looks.nodes[slot].colour = colour_of_probability(probability);
    if (counts(counted.nodes, scene.nodes().there, slot)) ramp.unknown += std::isnan(probability);
  }
  looks.legend.ramp = ramp;
}

// Names are numbered as they appear, so that one keeps its colour when others are added.
void colour_by_name(
    const Scene& scene, ColourBy by, const NameOf& name_of, const Counted& counted, Looks& looks) {
  std::map<std::string, size_t> numbers;
  const std::string none = fmt::format("no {}", name(by)),
                    others = fmt::format("other {}s", name(by));
  Entries entries;
  for (Slot slot = 0; slot < scene.node_slots(); ++slot) {
    if (!scene.nodes().there[slot]) continue;
    const std::string said = name_of(slot);
    Rgba colour = kMissing;
    if (!said.empty())
      colour = colour_of_number(numbers.try_emplace(said, numbers.size()).first->second);
    looks.nodes[slot].colour = colour;
    if (counts(counted.nodes, scene.nodes().there, slot))
      entries.see(said.empty() ? none : colour == kOther ? others : said, {colour});
  }
  looks.legend.nodes = entries.list();
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

// Shape and colour say it; what is the same is small as well.
void colour_by_difference(const Scene& scene, const Counted& counted, Looks& looks) {
  const DifferenceColumns& differences = *scene.differences();
  DifferenceCounts seen{};
  for (Slot slot = 0; slot < scene.node_slots(); ++slot) {
    const Difference one = differences.nodes[slot];
    looks.nodes[slot] = mark_of(one);
    if (one == Difference::Same) looks.sizes[slot] = 0.7f;
    seen[static_cast<size_t>(one)] += counts(counted.nodes, scene.nodes().there, slot);
  }
  for (const Difference one : kDifferencesInOrder)
    if (const size_t count = seen[static_cast<size_t>(one)]; count > 0)
      looks.legend.nodes.push_back(
          {.text = difference_text(one, differences), .count = count, .mark = mark_of(one)});
}

void stroke_by_difference(const Scene& scene,
                          const Style& style,
                          const Counted& counted,
                          Looks& looks) {
  const DifferenceColumns& differences = *scene.differences();
  DifferenceCounts seen{};
  looks.edges.resize(scene.edge_slots());
  for (Slot edge = 0; edge < scene.edge_slots(); ++edge) {
    const Difference one = differences.edges[edge];
    looks.edges[edge] = stroke_on(stroke_of(one), style);
    seen[static_cast<size_t>(one)] += counts(counted.edges, scene.edges().there, edge);
  }
  for (const Difference one : kDifferencesInOrder)
    if (const size_t count = seen[static_cast<size_t>(one)]; count > 0)
      looks.legend.edges.push_back(
          {.text = std::string(kDifferenceNames[static_cast<size_t>(one)]) + " edges",
           .count = count,
           .stroke = stroke_on(stroke_of(one), style)});
}

void size_by_degree(const Scene& scene, Looks& looks) {
  std::vector<uint32_t> degree(scene.node_slots());
  for (Slot edge = 0; edge < scene.edge_slots(); ++edge) {
    if (!scene.edges().there[edge]) continue;
    ++degree[scene.edges().source[edge]];
    ++degree[scene.edges().target[edge]];
  }
  uint32_t most = 0;
  for (Slot slot = 0; slot < scene.node_slots(); ++slot) most = std::max(most, degree[slot]);
  for (Slot slot = 0; slot < scene.node_slots(); ++slot)  // area grows with the degree
    looks.sizes[slot] = 0.7f + 1.5f * std::sqrt(static_cast<float>(degree[slot]) /
                                                static_cast<float>(std::max(most, 1u)));
  looks.legend.notes.push_back(fmt::format("size: degree, 0 to {}", most));
}

void size_by_confidence(const Scene& scene, Looks& looks) {
  for (Slot slot = 0; slot < scene.node_slots(); ++slot) {
    const float probability = scene.nodes().probability[slot];
    if (probability >= 0 && probability <= 1) looks.sizes[slot] = 0.7f + 1.5f * probability;
  }
  looks.legend.notes.push_back("size: confidence, 0 to 1");
}

void fade(Rgba& colour, float probability) {
  if (probability >= 0 && probability <= 1)
    colour.a = static_cast<uint8_t>(std::lround(255 * (kFaintest + (1 - kFaintest) * probability)));
}

// Where colour says something else, which kinds a shape stands for.
void shapes(const Scene& scene, const Counted& counted, Legend& legend) {
  std::array<size_t, graph::kNodeKinds> seen{};
  for (Slot slot = 0; slot < scene.node_slots(); ++slot)
    seen[static_cast<size_t>(scene.nodes().kind[slot])] +=
        counts(counted.nodes, scene.nodes().there, slot);
  std::array<LegendEntry, kShapes> entries;
  for (size_t kind = 0; kind < seen.size(); ++kind) {
    if (seen[kind] == 0) continue;
    const auto one = static_cast<graph::NodeKind>(kind);
    LegendEntry& entry = entries[static_cast<size_t>(mark_of(one).shape)];
    entry.text += (entry.text.empty() ? "" : ", ") + spoken(graph::name(one));
    entry.count += seen[kind];
    entry.mark = Mark{kMissing, mark_of(one).shape};
  }
  for (const LegendEntry& entry : entries)
    if (entry.count > 0) legend.shapes.push_back(entry);
}

void strokes(const Scene& scene, const Style& style, const Counted& counted, Looks& looks) {
  std::vector<Stroke> of_type(scene.types().size());
  std::vector<size_t> seen(scene.types().size());
  for (size_t type = 0; type < of_type.size(); ++type)
    of_type[type] = stroke_on(stroke_of(scene.types()[type]), style);
  looks.edges.resize(scene.edge_slots());
  for (Slot edge = 0; edge < scene.edge_slots(); ++edge) {
    looks.edges[edge] = of_type[scene.edges().type[edge]];
    if (style.opacity) fade(looks.edges[edge].colour, scene.edges().probability[edge]);
    seen[scene.edges().type[edge]] += counts(counted.edges, scene.edges().there, edge);
  }
  for (size_t type = 0; type < of_type.size(); ++type)
    if (seen[type] > 0)
      looks.legend.edges.push_back(
          {.text = scene.types()[type], .count = seen[type], .stroke = of_type[type]});
  std::stable_sort(looks.legend.edges.begin(),
                   looks.legend.edges.end(),
                   [](const auto& a, const auto& b) { return a.count > b.count; });
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

Looks looks_of(const Scene& scene,
               const Style& style,
               const NameOf& name_of,
               const Counted& counted) {
  Looks looks;
  looks.legend.title = name(style.colour);
  looks.nodes.resize(scene.node_slots());
  looks.sizes.assign(scene.node_slots(), 1);
  if (style.colour == ColourBy::Kind) colour_by_kind(scene, counted, looks);
  if (style.colour == ColourBy::Status) colour_by_status(scene, counted, looks);
  if (style.colour == ColourBy::Confidence) colour_by_confidence(scene, counted, looks);
  if (is_name(style.colour)) colour_by_name(scene, style.colour, name_of, counted, looks);
  const bool by_difference = style.colour == ColourBy::Difference && scene.differences();
  if (by_difference) colour_by_difference(scene, counted, looks);
  if (style.size == SizeBy::Degree) size_by_degree(scene, looks);
  if (style.size == SizeBy::Confidence) size_by_confidence(scene, looks);
  // Said twice, it would change the colours that say it.
  const bool fades = style.opacity && style.colour != ColourBy::Confidence && !by_difference;
  for (Slot slot = 0; slot < scene.node_slots(); ++slot) {
    if (!by_difference) looks.nodes[slot].shape = mark_of(scene.nodes().kind[slot]).shape;
    if (fades) fade(looks.nodes[slot].colour, scene.nodes().probability[slot]);
  }
  if (style.colour != ColourBy::Kind && !by_difference) shapes(scene, counted, looks.legend);
  if (by_difference)
    stroke_by_difference(scene, style, counted, looks);
  else
    strokes(scene, style, counted, looks);
  const auto known = [](float p) { return p >= 0 && p <= 1; };
  if (fades &&
      std::any_of(scene.nodes().probability.begin(), scene.nodes().probability.end(), known))
    looks.legend.notes.push_back("opacity: confidence");
  return looks;
}

}  // namespace saggio::viz
