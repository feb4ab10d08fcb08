// SPDX-License-Identifier: MIT
#include "graph/algorithms/page_rank.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>

namespace saggio::graph {
namespace {

void check(const View& view, const PageRankOptions& options) {
  if (!(options.damping >= 0 && options.damping < 1))
    throw std::invalid_argument("page rank: damping = " + std::to_string(options.damping) +
                                ", allowed 0 up to below 1");
  if (!(options.tolerance >= 0))
    throw std::invalid_argument("page rank: tolerance = " + std::to_string(options.tolerance) +
                                ", allowed 0 and above");
  if (!(options.most_iterations >= 1))
    throw std::invalid_argument("page rank: most_iterations = " +
                                std::to_string(options.most_iterations) + ", allowed 1 and above");
  check_column(options.weights, view.edges(), "page rank: weights");
  check_column(options.restart, view.nodes(), "page rank: restart");
}

// restart scaled to the sum 1; empty stays empty.
std::vector<double> normalised(std::span<const double> restart) {
  const double sum = std::reduce(restart.begin(), restart.end());
  if (!restart.empty() && !(sum > 0 && std::isfinite(sum)))
    throw std::invalid_argument("page rank: restart sums to " + std::to_string(sum) +
                                ", allowed: above 0 and finite; leave it empty for anywhere alike");
  std::vector<double> result(restart.begin(), restart.end());
  for (double& value : result) value /= sum;
  return result;
}

// Nodes by falling out-degree. What the walker reads most often then lies together, in the caches,
// and the rows that follow each other are about as long, which the processor guesses right; both
// pay for the copy of the rows within a few iterations (Faldu, Diamond, Grot 2019,
// arXiv:2001.08448, on what such orders bring).
std::vector<NodeIndex> by_degree(const View& view) {
  const Rows out = out_rows(view);
  int64_t most = 0;
  for (NodeIndex x = 0; x < view.nodes(); ++x) most = std::max(most, out.degree(x));
  std::vector<NodeIndex> next(static_cast<size_t>(most) + 2, 0);
  for (NodeIndex x = 0; x < view.nodes(); ++x)
    ++next[static_cast<size_t>(most - out.degree(x) + 1)];
  std::partial_sum(next.begin(), next.end(), next.begin());
  std::vector<NodeIndex> order(static_cast<size_t>(view.nodes()));
  for (NodeIndex x = 0; x < view.nodes(); ++x)
    order[static_cast<size_t>(next[static_cast<size_t>(most - out.degree(x))]++)] = x;
  return order;
}

// What an iteration reads; the nodes are numbered by their place in `order`. A rank times `share`
// is what goes along an edge of weight 1.
template <typename Real>
struct Walk {
  std::vector<NodeIndex> order;            // [N] of the View
  std::vector<int64_t> in_ptr;             // [N+1]
  std::unique_ptr<NodeIndex[]> in_source;  // [M]
  std::vector<Real> in_weights;            // [M], or empty: 1 each
  std::vector<Real> share;                 // [N] 1 / outgoing weight, or 0 without any
  std::vector<size_t> ends;                // nodes without outgoing weight
  std::vector<double> restart;             // [N], or empty: 1/N each
};

template <typename Real>
void put_rows(const View& view, std::span<const float> weights, Walk<Real>& walk) {
  std::vector<NodeIndex> place(walk.order.size());
  for (size_t i = 0; i < place.size(); ++i)
    place[static_cast<size_t>(walk.order[i])] = static_cast<NodeIndex>(i);
  const Rows in = in_rows(view);
  walk.in_source = std::make_unique_for_overwrite<NodeIndex[]>(static_cast<size_t>(view.edges()));
  if (!weights.empty()) walk.in_weights.reserve(weights.size());
  NodeIndex* source = walk.in_source.get();
  walk.in_ptr.push_back(0);
  for (const NodeIndex node : walk.order) {
    for (const NodeIndex from : in[node]) *source++ = place[static_cast<size_t>(from)];
    walk.in_ptr.push_back(source - walk.in_source.get());
    if (weights.empty()) continue;
    for (int64_t i = in.ptr[node]; i < in.ptr[node + 1]; ++i)
      walk.in_weights.push_back(
          weights[static_cast<size_t>(view.arrays().in_edge[static_cast<size_t>(i)])]);
  }
}

template <typename Real>
Walk<Real> walk_of(const View& view, const PageRankOptions& options) {
  Walk<Real> walk{.order = by_degree(view)};
  put_rows(view, options.weights, walk);
  const Rows out = out_rows(view);
  for (const NodeIndex x : walk.order) {
    auto weight = static_cast<double>(out.degree(x));
    if (!options.weights.empty())
      weight = std::accumulate(
          options.weights.begin() + out.ptr[x], options.weights.begin() + out.ptr[x + 1], 0.);
    const auto share = static_cast<Real>(weight > 0 ? 1 / weight : 0);
    // A weight so small that its inverse overflows Real is none.
    const bool ends = share == 0 || !std::isfinite(share);
    if (ends) walk.ends.push_back(walk.share.size());
    walk.share.push_back(ends ? Real{0} : share);
  }
  const std::vector<double> restart = normalised(options.restart);
  if (!restart.empty())
    for (const NodeIndex x : walk.order) walk.restart.push_back(restart[static_cast<size_t>(x)]);
  return walk;
}

// The sum of term(i) in four strands, whose additions need not wait for each other.
template <typename Real, typename Term>
Real sum_of(int64_t begin, int64_t end, Term term) {
  Real a = 0, b = 0, c = 0, d = 0;
  int64_t i = begin;
  for (; i + 4 <= end; i += 4) {
    a += term(i);
    b += term(i + 1);
    c += term(i + 2);
    d += term(i + 3);
  }
  for (; i < end; ++i) a += term(i);
  return (a + b) + (c + d);
}

// What comes along the edges into a node, given what each node sends along an edge of weight 1.
template <typename Real, bool kWeighted>
Real arriving(const Walk<Real>& walk, const Real* sent, size_t node) {
  const NodeIndex* const sources = walk.in_source.get();
  const Real* const weights = walk.in_weights.data();
  return sum_of<Real>(walk.in_ptr[node], walk.in_ptr[node + 1], [=](int64_t i) {
    if constexpr (kWeighted) return sent[sources[i]] * weights[i];
    return sent[sources[i]];
  });
}

// One iteration: `ranks` and `next_sent` from `sent`. Returns the change.
template <typename Real, bool kWeighted>
double iterate(const Walk<Real>& walk,
               double damping,
               std::vector<Real>& ranks,
               const std::vector<Real>& sent,
               std::vector<Real>& next_sent) {
  double ended = 0, change = 0;
  for (const size_t node : walk.ends) ended += ranks[node];
  const double restarting = (1 - damping) + damping * ended;
  const auto damp = static_cast<Real>(damping);
  const auto alike = static_cast<Real>(restarting / static_cast<double>(ranks.size()));
  const bool anywhere = walk.restart.empty();
  for (size_t node = 0; node < ranks.size(); ++node) {
    const Real base = anywhere ? alike : static_cast<Real>(restarting * walk.restart[node]);
    const Real rank = base + damp * arriving<Real, kWeighted>(walk, sent.data(), node);
    change += std::abs(rank - ranks[node]);
    ranks[node] = rank;
    next_sent[node] = rank * walk.share[node];
  }
  return change;
}

template <typename Real>
PageRank<Real> compute(const View& view, const PageRankOptions& options) {
  view.verify();
  check(view, options);
  const Walk<Real> walk = walk_of<Real>(view, options);
  const size_t nodes = walk.order.size();
  std::vector<Real> ranks(nodes, static_cast<Real>(1. / static_cast<double>(nodes))), sent(nodes),
      next_sent(nodes);
  for (size_t node = 0; node < nodes; ++node) sent[node] = ranks[node] * walk.share[node];
  PageRank<Real> result;
  do {
    result.change = options.weights.empty()
                        ? iterate<Real, false>(walk, options.damping, ranks, sent, next_sent)
                        : iterate<Real, true>(walk, options.damping, ranks, sent, next_sent);
    std::swap(sent, next_sent);
    ++result.iterations;
  } while (result.iterations < options.most_iterations && !(result.change < options.tolerance));
  result.ranks.resize(nodes);
  for (size_t i = 0; i < nodes; ++i) result.ranks[static_cast<size_t>(walk.order[i])] = ranks[i];
  return result;
}

}  // namespace

PageRank<double> page_rank(const View& view, const PageRankOptions& options) {
  return compute<double>(view, options);
}

PageRank<float> fast_page_rank(const View& view, const PageRankOptions& options) {
  return compute<float>(view, options);
}

}  // namespace saggio::graph
