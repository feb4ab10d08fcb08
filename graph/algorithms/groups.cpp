// SPDX-License-Identifier: MIT
#include "graph/algorithms/groups.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <string>

#include "graph/interrupt.h"

namespace saggio::graph {
namespace {

struct Link {
  NodeIndex to = -1;
  double weight = 0;
};

// An undirected graph: each edge stands at both ends, a self-loop once with twice its weight.
struct Network {
  std::vector<int64_t> ptr{0};
  std::vector<Link> links;
  std::vector<double> degree;
  double total = 0;  // of the degrees, 2m

  size_t nodes() const { return degree.size(); }
  std::span<const Link> of(size_t x) const {
    return {links.data() + ptr[x], links.data() + ptr[x + 1]};
  }
  void end_row() {
    double sum = 0;
    for (auto i = static_cast<size_t>(ptr.back()); i < links.size(); ++i) sum += links[i].weight;
    ptr.push_back(static_cast<int64_t>(links.size()));
    degree.push_back(sum);
    total += sum;
  }
};

void check(const View& view, const GroupOptions& options) {
  view.verify();
  check_column(options.weights, view.edges(), "weights");
  if (!(options.resolution > 0 && std::isfinite(options.resolution)))
    throw std::invalid_argument("resolution = " + std::to_string(options.resolution) +
                                ", allowed is a finite number above 0");
}

Network network_of(const View& view, std::span<const float> weights, Asker& asker) {
  Network network;
  for (NodeIndex x = 0; x < view.nodes(); ++x) {
    for_each_step(view, x, Direction::Both, [&](EdgeIndex edge, NodeIndex y) {
      asker.did();
      const double weight = weights.empty() ? 1 : weights[static_cast<size_t>(edge)];
      network.links.push_back({y, weight});  // a self-loop comes twice: out and in
    });
    network.end_row();
  }
  return network;
}

double modularity_of(const Network& network,
                     std::span<const NodeIndex> group,
                     double resolution,
                     Asker& asker) {
  if (!(network.total > 0)) return 0;
  std::vector<double> inner(network.nodes()), degree(network.nodes());
  for (size_t x = 0; x < network.nodes(); ++x) {
    const auto own = static_cast<size_t>(group[x]);
    degree[own] += network.degree[x];
    asker.did(1 + network.of(x).size());
    for (const Link& link : network.of(x))
      if (group[static_cast<size_t>(link.to)] == group[x]) inner[own] += link.weight;
  }
  double sum = 0;
  for (size_t g = 0; g < inner.size(); ++g) {
    const double share = degree[g] / network.total;
    sum += inner[g] / network.total - resolution * share * share;
  }
  return sum;
}

// Fisher-Yates by splitmix64 (Steele, Lea, Flood 2014): the same order on every machine.
std::vector<NodeIndex> shuffled(size_t count, uint64_t seed) {
  std::vector<NodeIndex> order(count);
  std::iota(order.begin(), order.end(), 0);
  for (size_t i = count; i > 1; --i) {
    uint64_t z = seed += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    std::swap(order[i - 1], order[(z ^ z >> 31) % i]);
  }
  return order;
}

// One level: every node alone at first, then moved while that helps.
class Level {
 public:
  Level(const Network& network, double resolution, Asker& asker)
      : network_(network),
        resolution_(resolution),
        asker_(asker),
        group_(network.nodes()),
        degree_(network.degree),
        to_group_(network.nodes()) {
    std::iota(group_.begin(), group_.end(), 0);
  }

  std::vector<NodeIndex> run(uint64_t seed) {
    const std::vector<NodeIndex> order = shuffled(network_.nodes(), seed);
    for (bool moved = network_.total > 0; moved;) {
      moved = false;
      for (const NodeIndex x : order) moved |= move(static_cast<size_t>(x));
    }
    return std::move(group_);
  }

 private:
  // What joining a group adds to modularity, times 2m / 2, for a node that is in none.
  double gain(size_t group, double degree) const {
    return to_group_[group] - resolution_ * degree_[group] * degree / network_.total;
  }

  bool move(size_t x) {
    const auto own = static_cast<size_t>(group_[x]);
    const double degree = network_.degree[x];
    touched_.assign(1, static_cast<NodeIndex>(own));
    asker_.did(1 + network_.of(x).size());
    for (const Link& link : network_.of(x)) {
      if (static_cast<size_t>(link.to) == x) continue;
      const NodeIndex group = group_[static_cast<size_t>(link.to)];
      if (to_group_[static_cast<size_t>(group)] == 0) touched_.push_back(group);
      to_group_[static_cast<size_t>(group)] += link.weight;
    }
    degree_[own] -= degree;
    size_t best = own;
    // More than what rounding makes of a sum of this many numbers, or nodes would move for ever.
    const double noise = 4 * std::numeric_limits<double>::epsilon() * degree *
                         static_cast<double>(network_.of(x).size() + 1);
    double best_gain = gain(own, degree) + noise;
    for (const NodeIndex group : touched_)
      if (const double other = gain(static_cast<size_t>(group), degree); other > best_gain) {
        best = static_cast<size_t>(group);
        best_gain = other;
      }
    degree_[best] += degree;
    group_[x] = static_cast<NodeIndex>(best);
    for (const NodeIndex group : touched_) to_group_[static_cast<size_t>(group)] = 0;
    return best != own;
  }

  const Network& network_;
  const double resolution_;
  Asker& asker_;
  std::vector<NodeIndex> group_;
  std::vector<double> degree_;    // of groups
  std::vector<double> to_group_;  // from the node that is asked
  std::vector<NodeIndex> touched_;
};

// Labels 0, 1, 2, ... in the order of first appearance; returns how many.
size_t renumber(std::vector<NodeIndex>& labels) {
  std::vector<NodeIndex> number(labels.size(), -1);
  NodeIndex next = 0;
  for (NodeIndex& label : labels) {
    NodeIndex& known = number[static_cast<size_t>(label)];
    if (known < 0) known = next++;
    label = known;
  }
  return static_cast<size_t>(next);
}

// Groups as nodes.
Network merged(const Network& network,
               const std::vector<NodeIndex>& group,
               size_t groups,
               Asker& asker) {
  std::vector<std::vector<size_t>> members(groups);
  for (size_t x = 0; x < group.size(); ++x) members[static_cast<size_t>(group[x])].push_back(x);
  Network result;
  std::vector<double> weight(groups);
  std::vector<NodeIndex> touched;
  for (const std::vector<size_t>& of_group : members) {
    touched.clear();
    for (const size_t x : of_group)
      for (const Link& link : network.of(x)) {
        asker.did();
        const NodeIndex to = group[static_cast<size_t>(link.to)];
        if (weight[static_cast<size_t>(to)] == 0) touched.push_back(to);
        weight[static_cast<size_t>(to)] += link.weight;
      }
    for (const NodeIndex to : touched)
      if (double& sum = weight[static_cast<size_t>(to)]; sum != 0) {
        result.links.push_back({to, sum});
        sum = 0;
      }
    result.end_row();
  }
  return result;
}

// The smallest node of each connected piece of each group.
std::vector<NodeIndex> pieces(const Network& network,
                              const std::vector<NodeIndex>& group,
                              Asker& asker) {
  std::vector<NodeIndex> piece(group.size(), -1), open;
  for (size_t first = 0; first < group.size(); ++first) {
    if (piece[first] >= 0) continue;
    piece[first] = static_cast<NodeIndex>(first);
    open.assign(1, static_cast<NodeIndex>(first));
    while (!open.empty()) {
      const auto x = static_cast<size_t>(open.back());
      open.pop_back();
      asker.did(1 + network.of(x).size());
      for (const Link& link : network.of(x)) {
        const auto y = static_cast<size_t>(link.to);
        if (link.weight == 0 || piece[y] >= 0 || group[y] != group[x]) continue;
        piece[y] = static_cast<NodeIndex>(first);
        open.push_back(link.to);
      }
    }
  }
  return piece;
}

}  // namespace

Groups louvain(const View& view, const GroupOptions& options) {
  check(view, options);
  Asker asker(options.stop);
  const Network whole = network_of(view, options.weights, asker);
  Groups result;
  result.group.resize(whole.nodes());
  std::iota(result.group.begin(), result.group.end(), 0);
  Network network = whole;
  for (uint64_t level = 0;; ++level) {
    std::vector<NodeIndex> group =
        Level(network, options.resolution, asker).run(options.seed + level);
    const size_t groups = renumber(group);
    for (NodeIndex& label : result.group) label = group[static_cast<size_t>(label)];
    result.by_level.push_back(modularity_of(whole, result.group, options.resolution, asker));
    if (groups == network.nodes()) break;
    network = merged(network, group, groups, asker);
  }
  result.group = pieces(whole, result.group, asker);
  result.modularity = modularity_of(whole, result.group, options.resolution, asker);
  return result;
}

double modularity(const View& view,
                  std::span<const NodeIndex> labels,
                  const GroupOptions& options) {
  check(view, options);
  if (labels.size() != static_cast<size_t>(view.nodes()))
    throw std::invalid_argument("labels has " + std::to_string(labels.size()) +
                                " values, allowed: one for each of " +
                                std::to_string(view.nodes()) + " nodes");
  for (const NodeIndex label : labels) check_node(view, label, "label");
  Asker asker(options.stop);
  return modularity_of(network_of(view, options.weights, asker), labels, options.resolution, asker);
}

}  // namespace saggio::graph
