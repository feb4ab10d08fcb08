// SPDX-License-Identifier: MIT
#include "graph/layout/pivots.h"

#include <algorithm>
#include <cmath>

namespace saggio::graph {
namespace {

constexpr size_t kScaled = 50, kFewestPivots = 6;
constexpr size_t kWork = size_t{1} << 25;  // nodes and edges that all searches together may pass
constexpr int kRounds = 100;               // of the iteration for the axes

using Columns = std::vector<std::vector<float>>;  // [pivots][N]

// c_ij = -(d_ij^2 - mean over j - mean over i + mean over both) / 2
void centre_doubly(Columns& columns) {
  const size_t nodes = columns[0].size();
  std::vector<double> of_node(nodes);
  double all = 0;
  for (std::vector<float>& column : columns) {
    double sum = 0;
    for (size_t i = 0; i < nodes; ++i) {
      column[i] *= column[i];
      sum += column[i];
      of_node[i] += column[i] / static_cast<double>(columns.size());
    }
    const double mean = sum / static_cast<double>(nodes);
    for (float& c : column) c -= static_cast<float>(mean);
    all += mean / static_cast<double>(columns.size());
  }
  for (std::vector<float>& column : columns)
    for (size_t i = 0; i < nodes; ++i)
      column[i] = static_cast<float>(-0.5 * (column[i] - of_node[i] + all));
}

using Matrix = std::vector<std::vector<double>>;

// The dot products of all columns.
Matrix gram(const Columns& columns) {
  Matrix result(columns.size(), std::vector<double>(columns.size()));
  for (size_t a = 0; a < columns.size(); ++a)
    for (size_t b = 0; b <= a; ++b) {
      double sum[4] = {};
      size_t i = 0;
      for (; i + 4 <= columns[a].size(); i += 4)
        for (size_t lane = 0; lane < 4; ++lane)
          sum[lane] += double{columns[a][i + lane]} * columns[b][i + lane];
      for (; i < columns[a].size(); ++i) sum[0] += double{columns[a][i]} * columns[b][i];
      result[a][b] = result[b][a] = (sum[0] + sum[1]) + (sum[2] + sum[3]);
    }
  return result;
}

// Takes out of `vector` what it has of the others, and makes it 1 long; 0 if nothing is left.
void orthonormalise(std::vector<double>& vector, std::span<const std::vector<double>> others) {
  const auto dot = [](const std::vector<double>& a, const std::vector<double>& b) {
    double sum = 0;
    for (size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
  };
  const double before = std::sqrt(dot(vector, vector));
  for (const std::vector<double>& other : others) {
    const double share = dot(vector, other);
    for (size_t i = 0; i < vector.size(); ++i) vector[i] -= share * other[i];
  }
  const double left = std::sqrt(dot(vector, vector));
  const double scale = left > 1e-9 * before && left > 0 ? 1 / left : 0;
  for (double& v : vector) v *= scale;
}

// The first eigenvectors of a symmetric matrix without negative eigenvalues, by orthogonal
// iteration.
Matrix first_axes(const Matrix& matrix, size_t count) {
  Matrix axes(count, std::vector<double>(matrix.size()));
  for (size_t a = 0; a < count; ++a)
    for (size_t i = 0; i < matrix.size(); ++i) axes[a][i] = double{scatter(a, i).x};
  for (int round = 0; round < kRounds; ++round)
    for (size_t a = 0; a < count; ++a) {
      std::vector<double> next(matrix.size());
      for (size_t i = 0; i < matrix.size(); ++i)
        for (size_t j = 0; j < matrix.size(); ++j) next[i] += matrix[i][j] * axes[a][j];
      orthonormalise(next, std::span(axes).first(a));
      axes[a] = std::move(next);
    }
  return axes;
}

// Coordinates along one axis. The columns are positions times those of the pivots, transposed, so
// that what comes out is as many times too long as the pivots' coordinates are as a vector.
std::vector<float> along(const Columns& columns,
                         const std::vector<double>& axis,
                         std::span<const NodeIndex> pivots) {
  std::vector<float> result(columns[0].size());
  for (size_t p = 0; p < columns.size(); ++p) {
    const auto share = static_cast<float>(axis[p]);
    for (size_t i = 0; i < result.size(); ++i) result[i] += share * columns[p][i];
  }
  double squares = 0;
  for (const NodeIndex pivot : pivots) {
    const double at = result[static_cast<size_t>(pivot)];
    squares += at * at;
  }
  const double length = std::sqrt(std::sqrt(squares));
  const auto scale = static_cast<float>(length > 0 ? 1 / length : 0);
  for (float& r : result) r *= scale;
  return result;
}

void scale_to_unit_edges(const Neighbours& graph, std::span<Point> points) {
  double sum = 0;
  for (NodeIndex x = 0; x < graph.nodes(); ++x)
    for (const NodeIndex y : graph[x])
      sum += double{length(points[static_cast<size_t>(x)] - points[static_cast<size_t>(y)])};
  if (!(sum > 0)) return;
  const auto scale = static_cast<float>(static_cast<double>(graph.to.size()) / sum);
  for (Point& p : points) p = scale * p;
}

}  // namespace

Pivots choose_pivots(const Neighbours& connected, size_t most, const std::stop_token& stop) {
  const auto nodes = static_cast<size_t>(connected.nodes());
  const size_t affordable = std::max(kFewestPivots, kWork / (nodes + connected.to.size()));
  std::vector<float> nearest(nodes, std::numeric_limits<float>::max());
  std::vector<NodeIndex> reached;
  const auto search = [&](NodeIndex from) {
    std::vector<int32_t> depth(nodes, -1);
    hops_from(connected, from, depth, reached, stop);
    return std::vector<float>(depth.begin(), depth.end());
  };
  const auto farthest = [](const std::vector<float>& hops) {
    return static_cast<NodeIndex>(std::max_element(hops.begin(), hops.end()) - hops.begin());
  };
  Pivots pivots;
  NodeIndex next = farthest(search(0));
  while (pivots.nodes.size() < std::min({nodes, most, affordable})) {
    pivots.nodes.push_back(next);
    pivots.hops.push_back(search(next));
    for (size_t i = 0; i < nodes; ++i) nearest[i] = std::min(nearest[i], pivots.hops.back()[i]);
    next = farthest(nearest);
  }
  return pivots;
}

std::vector<Point> scaled_hops(const Neighbours& connected,
                               const Pivots& pivots,
                               int dimensions,
                               const std::stop_token& stop) {
  std::vector<Point> result(static_cast<size_t>(connected.nodes()));
  if (result.size() < 3) {
    for (size_t i = 0; i < result.size(); ++i) result[i].x = static_cast<float>(i);
    return result;
  }
  Columns columns(pivots.hops);
  columns.resize(std::min(kScaled, columns.size()));
  centre_doubly(columns);
  ask(stop);
  const auto count = std::min(static_cast<size_t>(dimensions), columns.size());
  const Matrix axes = first_axes(gram(columns), count);
  float Point::*const coordinates[] = {&Point::x, &Point::y, &Point::z};
  for (size_t a = 0; a < count; ++a) {
    ask(stop);
    const std::vector<float> values =
        along(columns, axes[a], std::span(pivots.nodes).first(columns.size()));
    for (size_t i = 0; i < values.size(); ++i) result[i].*coordinates[a] = values[i];
  }
  scale_to_unit_edges(connected, result);
  return result;
}

}  // namespace saggio::graph
