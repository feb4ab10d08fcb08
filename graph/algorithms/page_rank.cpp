// SPDX-License-Identifier: MIT
#include "graph/algorithms/page_rank.h"

#include <cmath>
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

// What an iteration reads. A rank times `share` is what goes along an edge of weight 1.
template <typename Real>
struct Walk {
  Rows in;
  NodeIndex nodes;
  std::vector<Real> share;       // [N] 1 / outgoing weight, or 0 without any
  std::vector<NodeIndex> ends;   // nodes without outgoing weight
  std::vector<Real> in_weights;  // [M] in the order of the edges in, or empty: 1 each
  std::vector<double> restart;   // [N] or empty: 1/N each
};

template <typename Real>
Walk<Real> walk_of(const View& view, const PageRankOptions& options) {
  const ViewArrays& arrays = view.arrays();
  Walk<Real> walk{in_rows(view), view.nodes(), {}, {}, {}, normalised(options.restart)};
  const Rows out = out_rows(view);
  for (NodeIndex x = 0; x < walk.nodes; ++x) {
    auto weight = static_cast<double>(out.degree(x));
    if (!options.weights.empty())
      weight = std::accumulate(
          options.weights.begin() + out.ptr[x], options.weights.begin() + out.ptr[x + 1], 0.);
    const double share = weight > 0 ? 1 / weight : 0;
    // A weight so small that its inverse overflows Real is none.
    const bool ends = share == 0 || !std::isfinite(static_cast<Real>(share));
    walk.share.push_back(ends ? Real{0} : static_cast<Real>(share));
    if (ends) walk.ends.push_back(x);
  }
  if (!options.weights.empty())
    for (const EdgeIndex edge : arrays.in_edge)
      walk.in_weights.push_back(options.weights[static_cast<size_t>(edge)]);
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
Real arriving(const Walk<Real>& walk, const Real* sent, NodeIndex node) {
  return sum_of<Real>(walk.in.ptr[node], walk.in.ptr[node + 1], [&](int64_t i) {
    const Real share = sent[walk.in.neighbours[i]];
    if constexpr (kWeighted) return share * walk.in_weights[static_cast<size_t>(i)];
    return share;
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
  for (const NodeIndex node : walk.ends) ended += ranks[static_cast<size_t>(node)];
  const double restarting = (1 - damping) + damping * ended;
  const auto damp = static_cast<Real>(damping);
  const auto alike = static_cast<Real>(restarting / walk.nodes);
  const bool anywhere = walk.restart.empty();
  for (NodeIndex node = 0; node < walk.nodes; ++node) {
    const auto x = static_cast<size_t>(node);
    const Real base = anywhere ? alike : static_cast<Real>(restarting * walk.restart[x]);
    const Real rank = base + damp * arriving<Real, kWeighted>(walk, sent.data(), node);
    change += std::abs(rank - ranks[x]);
    ranks[x] = rank;
    next_sent[x] = rank * walk.share[x];
  }
  return change;
}

template <typename Real>
PageRank<Real> compute(const View& view, const PageRankOptions& options) {
  view.verify();
  check(view, options);
  PageRank<Real> result;
  if (view.nodes() == 0) return result;
  const Walk<Real> walk = walk_of<Real>(view, options);
  result.ranks.assign(walk.share.size(), static_cast<Real>(1. / walk.nodes));
  std::vector<Real> sent(walk.share.size()), next_sent(walk.share.size());
  for (size_t x = 0; x < sent.size(); ++x) sent[x] = result.ranks[x] * walk.share[x];
  do {
    result.change = walk.in_weights.empty()
                        ? iterate<Real, false>(walk, options.damping, result.ranks, sent, next_sent)
                        : iterate<Real, true>(walk, options.damping, result.ranks, sent, next_sent);
    std::swap(sent, next_sent);
    ++result.iterations;
  } while (result.iterations < options.most_iterations && !(result.change < options.tolerance));
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
