// SPDX-License-Identifier: MIT
#include "graph/layout/force.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <thread>
#include <unordered_map>

#include "graph/interrupt.h"
#include "graph/parallel.h"

namespace saggio::graph {
namespace {

constexpr float kCooling = 0.97F;         // of the temperature, a step
constexpr float kHot = 1, kCold = 0.02F;  // where a layout begins, and where it rests
// When nodes come to a layout: how far, as a share of its radius, those may go that were there
// before, and the heat of the neighbours of those that come.
constexpr float kGivesWay = 0.005F, kNeighbourHeat = 0.05F;
constexpr size_t kSmall = 64;   // nodes of a component that keeps its shape whatever drives it away
constexpr size_t kChunk = 512;  // nodes that a thread takes at a time

struct None {};

// `by`, but no longer than `most`.
Point at_most(float most, const Point& by) {
  const float size = length(by);
  return size > most ? (most / size) * by : by;
}

[[noreturn]] void refuse(const char* what, double got, const char* allowed) {
  throw std::invalid_argument("force layout: " + std::string(what) + " = " + std::to_string(got) +
                              ", allowed: " + allowed);
}

std::vector<NodeIndex> counted_from_0(std::span<const NodeIndex> labels) {
  std::unordered_map<NodeIndex, NodeIndex> number;
  std::vector<NodeIndex> result;
  for (const NodeIndex label : labels)
    result.push_back(
        label < 0 ? -1
                  : number.emplace(label, static_cast<NodeIndex>(number.size())).first->second);
  return result;
}

}  // namespace

// What its nodes have in common.
struct ForceLayout::Whole {
  double nodes = 0, middle[3] = {}, driven[3] = {};  // sums, then means
  float heat = 0;
  bool held = false;  // one of its nodes is pinned
  Point drift;        // the mean of the repulsion, which moves no node against another
  Point move;         // what all of its nodes do together
};

void ForceLayout::take(const ForceOptions& options) {
  const auto nodes = static_cast<size_t>(neighbours_.nodes());
  if (!(options.dimensions == 2 || options.dimensions == 3))
    refuse("dimensions", options.dimensions, "2 or 3");
  if (!(options.theta >= 0.1F && options.theta <= 2)) refuse("theta", options.theta, "0.1 to 2");
  if (!(options.group_pull >= 0 && options.group_pull <= 1e6F))
    refuse("group_pull", options.group_pull, "0 to 1e6");
  if (!options.groups.empty() && options.groups.size() != nodes)
    refuse("number of group labels",
           static_cast<double>(options.groups.size()),
           "none, or one for each node of the view");
  options_ = options;
  options_.groups = {};
  groups_ = counted_from_0(options.groups);
  repulsion_ = Repulsion(options.dimensions);
  forces_.resize(nodes);
  heat_.assign(nodes, 1);
  pinned_.assign(nodes, 0);
}

ForceLayout::ForceLayout(const View& view, const ForceOptions& options)
    : neighbours_(neighbours_of(view, options.stop)),
      components_(components_of(neighbours_, options.stop)) {
  take(options);
  points_ =
      starting_points(neighbours_, components_, options.dimensions, options.seed, options.stop);
  reheat();
}

ForceLayout::ForceLayout(const View& view,
                         std::span<const Point> known,
                         const ForceOptions& options)
    : neighbours_(neighbours_of(view, options.stop)),
      components_(components_of(neighbours_, options.stop)) {
  take(options);
  if (known.size() != static_cast<size_t>(view.nodes()))
    refuse("number of known positions",
           static_cast<double>(known.size()),
           "one for each node of the view, kNowhere for those that have none");
  points_.assign(known.begin(), known.end());
  const auto placed = std::count_if(points_.begin(), points_.end(), is_placed);
  if (placed == 0) {
    points_ =
        starting_points(neighbours_, components_, options.dimensions, options.seed, options.stop);
    reheat();
    return;
  }
  // The temperatures of all steps together are kHot / (1 - kCooling).
  const float settled =
      std::min(kNeighbourHeat, kGivesWay * radius(points_) * (1 - kCooling) / kHot);
  for (size_t i = 0; i < points_.size(); ++i) {
    if (options.dimensions == 2) points_[i].z = 0;
    if (is_placed(points_[i])) heat_[i] = settled;
  }
  for (NodeIndex x = 0; x < view.nodes(); ++x)
    if (!is_placed(points_[static_cast<size_t>(x)]))
      for (const NodeIndex y : neighbours_[x]) {
        float& heat = heat_[static_cast<size_t>(y)];
        heat = std::max(heat, kNeighbourHeat);
      }
  place_new(neighbours_, components_, options.dimensions, options.seed, points_, options.stop);
  if (placed < view.nodes()) temperature_ = kHot;
}

bool ForceLayout::at_rest() const { return temperature_ < kCold || points_.empty(); }

void ForceLayout::reheat(float heat) {
  if (!(heat > 0 && heat <= 1)) refuse("heat", heat, "above 0, up to 1");
  std::fill(heat_.begin(), heat_.end(), 1.F);
  temperature_ = heat * kHot;
}

std::vector<float> ForceLayout::warmth() const {
  std::vector<float> result(heat_);
  for (float& one : result) one *= at_rest() ? 0 : temperature_ / kHot;
  return result;
}

void ForceLayout::warm(std::span<const float> warmth) {
  if (warmth.size() != heat_.size())
    refuse("number of values", static_cast<double>(warmth.size()), "one for each node of the view");
  const float own = at_rest() ? 0 : temperature_;
  float hottest = own;
  for (const float one : warmth) {
    if (!(one >= 0 && one <= 1)) refuse("warmth", one, "0 to 1");
    hottest = std::max(hottest, one * kHot);
  }
  if (!(hottest > 0)) return;
  for (size_t i = 0; i < heat_.size(); ++i)
    heat_[i] = std::max(heat_[i] * own, warmth[i] * kHot) / hottest;
  temperature_ = hottest;
}

void ForceLayout::pin(NodeIndex node, bool pinned) {
  if (!(node >= 0 && node < neighbours_.nodes()))
    refuse("pinned node", node, "the nodes of its view");
  pinned_[static_cast<size_t>(node)] = pinned;
}

bool ForceLayout::pinned(NodeIndex node) const {
  return pinned_.at(static_cast<size_t>(node)) != 0;
}

void ForceLayout::move(NodeIndex node, const Point& to) {
  if (!(node >= 0 && node < neighbours_.nodes()))
    refuse("moved node", node, "the nodes of its view");
  if (!is_placed(to)) refuse("coordinate", std::nan(""), "finite numbers");
  Point& point = points_[static_cast<size_t>(node)];
  point = to;
  if (options_.dimensions == 2) point.z = 0;
}

size_t ForceLayout::threads_for(size_t nodes) const {
  if (nodes <= kChunk) return 1;
  return options_.threads > 0 ? options_.threads
                              : std::max(1U, std::thread::hardware_concurrency());
}

// The largest component stays where it is; the others are drawn towards it, so strongly that they
// come to rest where it ends: what drives a node away at distance r is about N / r^dimensions.
std::vector<ForceLayout::Whole> ForceLayout::wholes() const {
  std::vector<Whole> result(components_.count());
  double squares = 0;  // of distances within the largest component, from the origin
  for (size_t i = 0; i < points_.size(); ++i) {
    Whole& whole = result[static_cast<size_t>(components_.of[i])];
    const Point &p = points_[i], &f = forces_[i];
    const double at[3] = {p.x, p.y, p.z}, by[3] = {f.x, f.y, f.z};
    for (int axis = 0; axis < 3; ++axis) {
      whole.middle[axis] += at[axis];
      whole.driven[axis] += by[axis];
      if (components_.of[i] == 0) squares += at[axis] * at[axis];
    }
    ++whole.nodes;
    whole.heat += heat_[i];
    whole.held |= pinned_[i] != 0;
  }
  for (Whole& whole : result) {
    for (int axis = 0; axis < 3; ++axis) {
      whole.middle[axis] /= whole.nodes;
      whole.driven[axis] /= whole.nodes;
    }
    whole.heat /= static_cast<float>(whole.nodes);
    if (whole.held) continue;
    whole.drift = {static_cast<float>(whole.driven[0]),
                   static_cast<float>(whole.driven[1]),
                   static_cast<float>(whole.driven[2])};
  }
  const Whole& first = result[0];
  squares /= first.nodes;
  for (const double m : first.middle) squares -= m * m;
  const auto nodes = static_cast<double>(points_.size());
  const double side = options_.dimensions == 2 ? std::sqrt(nodes) : std::cbrt(nodes);
  const double rest = std::max(1.5 * std::sqrt(std::max(0.0, squares)), 0.8 * side);
  const double pull = nodes / std::pow(rest, options_.dimensions + 1);
  for (size_t c = 1; c < result.size(); ++c) {
    Whole& whole = result[c];
    if (whole.held) continue;
    float by[3];
    for (int axis = 0; axis < 3; ++axis)
      by[axis] = static_cast<float>(
          (whole.driven[axis] / pull - (whole.middle[axis] - first.middle[axis])) / 4);
    whole.move = at_most(temperature_ * whole.heat, {by[0], by[1], by[2]});
  }
  return result;
}

std::vector<Point> ForceLayout::group_middles() const {
  struct Sum {
    double nodes = 0, x = 0, y = 0, z = 0;
  };
  std::vector<Sum> sums;
  for (size_t i = 0; i < groups_.size(); ++i) {
    if (groups_[i] < 0) continue;
    const auto group = static_cast<size_t>(groups_[i]);
    if (group >= sums.size()) sums.resize(group + 1);
    Sum& sum = sums[group];
    ++sum.nodes;
    sum.x += points_[i].x;
    sum.y += points_[i].y;
    sum.z += points_[i].z;
  }
  std::vector<Point> result;
  for (const Sum& sum : sums)
    result.push_back({static_cast<float>(sum.x / sum.nodes),
                      static_cast<float>(sum.y / sum.nodes),
                      static_cast<float>(sum.z / sum.nodes)});
  return result;
}

// By the nodes of its own component alone.
Point ForceLayout::inner_repulsion(NodeIndex node) const {
  const Point at = points_[static_cast<size_t>(node)];
  Point sum;
  for (const NodeIndex other :
       components_[static_cast<size_t>(components_.of[static_cast<size_t>(node)])]) {
    const Point by = at - points_[static_cast<size_t>(other)];
    const float square = by.x * by.x + by.y * by.y + by.z * by.z + kSoftening;
    const float root = options_.dimensions == 2 ? std::sqrt(square) : square;
    sum = sum + (1 / (square * root)) * by;
  }
  return sum;
}

// forces_ from the repulsion to how the node moves. A force is divided by about how much it changes
// as the node moves by 1, so that nodes with many edges find their place as quietly as others.
void ForceLayout::displace(size_t first,
                           size_t last,
                           std::span<const Whole> wholes,
                           std::span<const Point> middles) {
  for (size_t i = first; i < last; ++i) {
    const auto node = static_cast<NodeIndex>(i);
    const auto component = static_cast<size_t>(components_.of[i]);
    const Whole& whole = wholes[component];
    const bool small = component > 0 && !whole.held && components_[component].size() <= kSmall;
    Point force = small ? inner_repulsion(node) : forces_[i] - whole.drift;
    const Point at = points_[i];
    float stiffness = 1;
    for (const NodeIndex other : neighbours_[node]) {
      const Point to = points_[static_cast<size_t>(other)] - at;
      const float distance = length(to);
      force = force + distance * to;
      stiffness += distance;
    }
    if (!groups_.empty() && groups_[i] >= 0) {
      const Point to = middles[static_cast<size_t>(groups_[i])] - at;
      force = force + options_.group_pull * to;
      stiffness += options_.group_pull;
    }
    const float most = temperature_ * heat_[i];
    // A touch of chance parts those that lie at one place.
    const Point chance = (1e-3F * most) * scatter(options_.seed, i);
    forces_[i] = at_most(most, (1 / stiffness) * force) + chance + whole.move;
  }
}

void ForceLayout::step() {
  if (points_.empty()) return;
  const size_t nodes = points_.size(), threads = threads_for(nodes);
  if (nodes <= static_cast<size_t>(std::max(0, options_.exact_up_to)))
    repulsion_.exact(points_, threads, forces_);
  else
    repulsion_.approximate(points_, options_.theta, threads, forces_, options_.stop);
  const std::vector<Whole> common = wholes();
  const std::vector<Point> middles = group_middles();
  in_parallel<None>(threads, (nodes + kChunk - 1) / kChunk, [&](size_t chunk, None&) {
    ask(options_.stop);
    displace(chunk * kChunk, std::min(nodes, (chunk + 1) * kChunk), common, middles);
  });
  for (size_t i = 0; i < nodes; ++i) {
    if (pinned_[i]) continue;
    points_[i] = points_[i] + forces_[i];
    if (options_.dimensions == 2) points_[i].z = 0;
  }
  temperature_ *= kCooling;
}

}  // namespace saggio::graph
