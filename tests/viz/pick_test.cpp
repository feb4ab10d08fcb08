// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <tuple>

#include "tests/viz/casts.h"
#include "viz/vulkan/renderer.h"

// What is picked is what is seen: beside an oracle that asks each node and each edge of the graph,
// in double precision. Places where the two nearest are closer to each other than rounding are
// passed over.
namespace saggio::viz {
namespace {

constexpr Viewport kPicture{1280, 720};
constexpr double kSure = 0.75;  // pixels from an outline
constexpr Slot kNodes = 3'000;

vulkan::Renderer& renderer() {
  static vulkan::Renderer one({.device = "software", .validate = true});
  return one;
}

class Oracle {
 public:
  Oracle(const Graph& graph, const Camera& camera)
      : graph_(graph), camera_(camera), projection_(camera, kPicture) {
    for (Slot i = 0; i < graph.nodes.size(); ++i) {
      const auto at = projection_(graph.at(i));
      nodes_.push_back({at->x,
                        at->y,
                        std::max(2., double{graph.nodes[i].radius} * at->pixels_a_unit),
                        at->depth});
    }
  }

  struct Node {
    double x, y, radius, depth;
  };
  const Node& node(Slot slot) const { return nodes_[slot]; }

  // The nearest node over this place; `sure` becomes false if it is within rounding of an outline.
  std::optional<Slot> node_at(double x, double y, bool& sure) const {
    std::optional<Slot> best;
    for (Slot i = 0; i < nodes_.size(); ++i) {
      const Node& n = nodes_[i];
      const double edge = std::hypot(x - n.x, y - n.y) - n.radius;
      if (std::abs(edge) < kSure) sure = false;
      if (edge < 0 && (!best || n.depth < nodes_[*best].depth)) best = i;
    }
    return best;
  }

  struct Near {
    Slot edge = 0;
    double distance = INFINITY, second = INFINITY;  // pixels
    double depth = 0;
  };
  Near edge_at(double x, double y) const {
    Near near;
    for (Slot i = 0; i < graph_.edges.size(); ++i) {
      const auto [from, to] = graph_.edges[i];
      const Node &a = nodes_[from], &b = nodes_[to];
      const double dx = b.x - a.x, dy = b.y - a.y;
      const double along =
          from == to ? 0
                     : std::clamp(((x - a.x) * dx + (y - a.y) * dy) / (dx * dx + dy * dy), 0., 1.);
      const double distance = from == to ? distance_of_loop(a, x, y)
                                         : std::hypot(a.x + along * dx - x, a.y + along * dy - y);
      if (distance < near.distance) {
        near.second = near.distance;
        near.distance = distance;
        near.edge = i;
        // Depth in the picture: its inverse is even along a line, unless rays are parallel.
        near.depth = camera_.flat ? a.depth + along * (b.depth - a.depth)
                                  : 1 / (1 / a.depth + along * (1 / b.depth - 1 / a.depth));
      } else {
        near.second = std::min(near.second, distance);
      }
    }
    return near;
  }

  // Of the loop at a node: from 0.6 radians beside its top to 0.6 on the other side, a Bezier curve
  // whose points between lie kLoopReach radii away at 0.85.
  static std::pair<double, double> on_loop(const Node& node, double share) {
    const double s = 1 - share, t = share;
    const double weights[] = {s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t};
    const double angles[] = {-0.6, -0.85, 0.85, 0.6};
    double x = node.x, y = node.y;
    for (int i = 0; i < 4; ++i) {
      const double far = node.radius * weights[i] * (i == 1 || i == 2 ? kLoopReach : 1);
      x += far * std::sin(angles[i]);
      y -= far * std::cos(angles[i]);
    }
    return {x, y};
  }

 private:
  static double distance_of_loop(const Node& node, double x, double y) {
    double least = std::hypot(node.x - x, node.y - y) - kLoopReach * node.radius;
    if (least > 3) return least;  // it matters to nobody how far
    constexpr int kSteps = 200;
    least = INFINITY;
    for (int i = 0; i <= kSteps; ++i) {
      const auto [on_x, on_y] = on_loop(node, static_cast<double>(i) / kSteps);
      least = std::min(least, std::hypot(on_x - x, on_y - y));
    }
    return least;
  }

  const Graph& graph_;
  Camera camera_;
  Projection projection_;
  std::vector<Node> nodes_;
};

bool inside(double x, double y) { return x >= 4 && y >= 4 && x < 1276 && y < 716; }
double centre(double at) { return std::floor(at) + 0.5; }  // of the pixel

// Picks 1,000 nodes at the middle of their pixels; those that are behind another one give that one.
void expect_nodes(const Graph& graph, const Camera& camera, bool crowd) {
  const Oracle oracle(graph, camera);
  results::Stream stream(11);
  int picked = 0, hidden = 0;
  for (int tries = 0; picked < 1'000 && tries < 50'000; ++tries) {
    const auto slot = static_cast<Slot>(stream.below(kNodes));
    const double x = centre(oracle.node(slot).x), y = centre(oracle.node(slot).y);
    bool sure = inside(x, y);
    const auto expected = oracle.node_at(x, y, sure);
    // An edge that may run before it.
    if (!crowd && oracle.edge_at(x, y).distance < 3) sure = false;
    if (!sure || !expected) continue;
    ASSERT_EQ(renderer().pick(static_cast<int64_t>(x), static_cast<int64_t>(y)),
              pick_of_node(*expected))
        << x << ", " << y;
    ++picked;
    hidden += *expected != slot;
  }
  EXPECT_EQ(picked, 1'000);
  EXPECT_GT(hidden, 20);
}

// Picks 1,000 places on edges; where a node lies before the edge, it is the node.
void expect_edges(const Graph& graph, const Camera& camera, bool crowd) {
  const Oracle oracle(graph, camera);
  results::Stream stream(12);
  int picked = 0, hidden = 0, loops = 0;
  for (int tries = 0; picked < 1'000 && tries < 100'000; ++tries) {
    const auto [from, to] = graph.edges[stream.below(graph.edges.size())];
    const double share = stream.uniform();
    const auto mixed = [&](double a, double b) { return a + share * (b - a); };
    double x = mixed(oracle.node(from).x, oracle.node(to).x);
    double y = mixed(oracle.node(from).y, oracle.node(to).y);
    if (from == to) std::tie(x, y) = Oracle::on_loop(oracle.node(from), share);
    x = centre(x);
    y = centre(y);
    bool sure = inside(x, y);
    const auto node = oracle.node_at(x, y, sure);
    const Oracle::Near edge = oracle.edge_at(x, y);
    // The rasteriser draws edges upon each other: another one must be farther than it is wide.
    sure &= edge.distance < 0.7 && edge.second > (crowd ? edge.distance + 0.05 : 2.5);
    if (!sure) continue;
    loops += from == to;
    const bool behind = node && (crowd || oracle.node(*node).depth < edge.depth);
    if (node && std::abs(oracle.node(*node).depth - edge.depth) < 1e-3) continue;
    ASSERT_EQ(renderer().pick(static_cast<int64_t>(x), static_cast<int64_t>(y)),
              behind ? pick_of_node(*node) : pick_of_edge(edge.edge))
        << x << ", " << y;
    ++picked;
    hidden += behind;
  }
  EXPECT_EQ(picked, 1'000);
  EXPECT_GT(loops, 100);
  EXPECT_GT(hidden, 20);
}

Graph with_loops(Graph graph, Slot loops) {
  for (Slot node = 0; node < loops; ++node) graph.edges.push_back({node, node});
  return graph;
}

class Pick : public ::testing::TestWithParam<bool> {};  // flat

TEST_P(Pick, OneByOneIsWhatIsSeen) {
  const Graph graph = with_loops(random_graph(21, kNodes, 150, 0.03f), 50);
  const Camera camera{.distance = 6.5f, .flat = GetParam()};
  renderer().render(plan_of(one_by_one(graph), kPicture, camera), {});
  expect_nodes(graph, camera, false);
  expect_edges(graph, camera, false);
}

TEST_P(Pick, InACrowdIsWhatIsSeen) {
  const Graph graph = with_loops(random_graph(23, kNodes, 4'000, 0.03f), 1'000);
  const Camera camera{.distance = 6.5f, .flat = GetParam()};
  renderer().render(plan_of(as_a_crowd(graph), kPicture, camera), {});
  expect_nodes(graph, camera, true);
  expect_edges(graph, camera, true);
}

INSTANTIATE_TEST_SUITE_P(Rays, Pick, ::testing::Bool());

}  // namespace
}  // namespace saggio::viz
