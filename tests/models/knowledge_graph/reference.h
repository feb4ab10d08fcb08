// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "models/named_tensors.h"
#include "results/random.h"

// NBFNet and ULTRA once more, written down edge by edge in ATen's operations and in any precision:
// what the models are held against. Gradients flow.
namespace saggio::models::reference {

struct Edge {
  int64_t row, col, type;  // row receives from col
};

inline at::Tensor random_facts(int64_t count, int64_t nodes, int64_t relations, uint64_t seed) {
  results::Stream stream(seed);
  at::Tensor facts = at::empty({count, 3}, at::kInt);
  int32_t* to = facts.mutable_data_ptr<int32_t>();
  for (int64_t i = 0; i < 3 * count; ++i)
    to[i] =
        static_cast<int32_t>(stream.below(static_cast<uint64_t>(i % 3 == 1 ? relations : nodes)));
  return facts;
}

// Heads receive.
inline std::vector<Edge> edges_of(const at::Tensor& facts, int64_t relations) {
  std::vector<Edge> edges;
  const auto rows = facts.accessor<int32_t, 2>();
  for (int64_t m = 0; m < facts.size(0); ++m) {
    edges.push_back({rows[m][0], rows[m][2], rows[m][1]});
    edges.push_back({rows[m][2], rows[m][0], rows[m][1] + relations});
  }
  return edges;
}

// Every pair of edges that share a node, by the four ways.
inline std::vector<Edge> meetings_of(const std::vector<Edge>& edges) {
  std::vector<std::array<int64_t, 3>> found;
  for (const Edge& a : edges)
    for (const Edge& b : edges) {
      if (a.row == b.row) found.push_back({0, a.type, b.type});
      if (a.col == b.col) found.push_back({1, a.type, b.type});
      if (a.row == b.col) found.push_back({2, a.type, b.type});
      if (a.col == b.row) found.push_back({3, a.type, b.type});
    }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  std::vector<Edge> result;
  for (const auto& [kind, a, b] : found) result.push_back({a, b, kind});
  return result;
}

// A model's parameters by name, in another precision, as leaves.
class Weights {
 public:
  Weights(const NamedTensors& parameters, at::ScalarType type) : type_(type) {
    for (const NamedTensor& parameter : parameters)
      values_[parameter.name] = parameter.value.detach().to(type).clone().requires_grad_();
  }
  const at::Tensor& operator[](const std::string& name) const { return values_.at(name); }
  bool has(const std::string& name) const { return values_.count(name) > 0; }
  at::ScalarType type() const { return type_; }
  at::Tensor linear(const at::Tensor& x, const std::string& name) const {
    return at::linear(x, (*this)[name + ".weight"], (*this)[name + ".bias"]);
  }

 private:
  at::ScalarType type_;
  std::map<std::string, at::Tensor> values_;
};

// [n, B, D] of one node's messages and its boundary, last, to what it makes of them.
inline at::Tensor aggregate(const at::Tensor& messages, double g, bool pna) {
  if (!pna) return messages.sum(0);
  const at::Tensor mean = messages.mean(0);
  const at::Tensor variance = messages.square().mean(0) - mean.square();
  const at::Tensor features = at::stack({mean,
                                         std::get<0>(messages.max(0)),
                                         std::get<0>(messages.min(0)),
                                         variance.clamp_min(1e-6).sqrt()},
                                        -1);  // [B, D, 4]
  return at::stack({features, features * g, features / std::max(g, .01)}, -1).flatten(1);
}

struct Kind {
  bool pna = false, transe = false;
};

//   x, boundary [N, B, D], r [types, B, D]
inline at::Tensor messages(const std::vector<Edge>& edges,
                           Kind kind,
                           const at::Tensor& x,
                           const at::Tensor& r,
                           const at::Tensor& boundary) {
  const int64_t N = x.size(0);
  std::vector<std::vector<at::Tensor>> lists(static_cast<size_t>(N));
  for (const Edge& e : edges)
    lists[static_cast<size_t>(e.row)].push_back(kind.transe ? x[e.col] + r[e.type]
                                                            : x[e.col] * r[e.type]);
  double logs = 0;
  for (int64_t i = 0; i < N; ++i) {
    lists[static_cast<size_t>(i)].push_back(boundary[i]);
    logs += std::log(static_cast<double>(lists[static_cast<size_t>(i)].size()));
  }
  std::vector<at::Tensor> rows;
  for (const auto& list : lists)
    rows.push_back(
        aggregate(at::stack(list),
                  std::log(static_cast<double>(list.size())) * static_cast<double>(N) / logs,
                  kind.pna));
  return at::stack(rows);
}

// The iteration over layers `prefix`layers.i, whose relation vectors r(i) gives.
template <class Relations>
at::Tensor iterate(const Weights& weights,
                   const std::string& prefix,
                   const std::vector<Edge>& edges,
                   Kind kind,
                   const at::Tensor& boundary,
                   const Relations& r) {
  at::Tensor state = boundary;
  for (int64_t i = 0; weights.has(prefix + "layers." + std::to_string(i) + ".linear.weight"); ++i) {
    const std::string name = prefix + "layers." + std::to_string(i) + ".";
    const at::Tensor both = at::cat({state, messages(edges, kind, state, r(name), boundary)}, -1);
    const at::Tensor hidden = at::layer_norm(weights.linear(both, name + "linear"),
                                             {boundary.size(2)},
                                             weights[name + "layer_norm.weight"],
                                             weights[name + "layer_norm.bias"],
                                             1e-5);
    state = state + at::relu(hidden);
  }
  return state;
}

inline at::Tensor boundary(int64_t nodes, const at::Tensor& at, const at::Tensor& query) {
  return at::zeros({nodes, query.size(0), query.size(1)}, query.options().requires_grad(false))
      .index_put({at, at::arange(query.size(0))}, query);
}

// [B, N]
inline at::Tensor score(const Weights& weights,
                        const std::string& prefix,
                        const at::Tensor& state,
                        const at::Tensor& query) {
  const at::Tensor both = at::cat({state, query.expand_as(state)}, -1);
  return weights.linear(at::relu(weights.linear(both, prefix + "mlp.0")), prefix + "mlp.2")
      .squeeze(-1)
      .t();
}

inline at::Tensor nbfnet(const Weights& weights,
                         const std::vector<Edge>& edges,
                         Kind kind,
                         int64_t nodes,
                         const at::Tensor& heads,
                         const at::Tensor& relations) {
  const at::Tensor query = weights["query.weight"].index({relations});
  const int64_t types = weights["query.weight"].size(0), B = heads.size(0);
  const auto r = [&](const std::string& name) {
    if (weights.has(name + "relation.weight"))
      return weights[name + "relation.weight"].unsqueeze(1).expand({types, B, -1});
    return weights.linear(query, name + "relation_linear").view({B, types, -1}).transpose(0, 1);
  };
  return score(
      weights, "", iterate(weights, "", edges, kind, boundary(nodes, heads, query), r), query);
}

inline at::Tensor ultra(const Weights& weights,
                        const std::vector<Edge>& edges,
                        int64_t types,
                        int64_t nodes,
                        const at::Tensor& heads,
                        const at::Tensor& relations) {
  const int64_t B = heads.size(0), D = weights["relation_model.layers.0.relation.weight"].size(1);
  const at::Tensor vectors =
      iterate(weights,
              "relation_model.",
              meetings_of(edges),
              {},
              boundary(types, relations, at::ones({B, D}, weights.type())),
              [&](const std::string& name) {
                return weights[name + "relation.weight"].unsqueeze(1).expand({4, B, D});
              });
  const at::Tensor query = vectors.index({relations, at::arange(B)});
  const at::Tensor state =
      iterate(weights,
              "entity_model.",
              edges,
              {},
              boundary(nodes, heads, query),
              [&](const std::string& name) {
                const std::string p = name + "relation_projection.";
                return weights.linear(at::relu(weights.linear(vectors, p + "0")), p + "2");
              });
  return score(weights, "entity_model.", state, query);
}

inline double distance(const at::Tensor& a, const at::Tensor& b) {
  return (a.to(at::kDouble) - b.to(at::kDouble)).abs().max().item<double>();
}

// `ours` is as near to the formula in double as the same formula in single is, edge by edge: 8 times
// its distance, and one rounding of the largest value.
inline void expect_near(const std::string& what,
                        const at::Tensor& ours,
                        const at::Tensor& in_single,
                        const at::Tensor& in_double) {
  const double largest = in_double.abs().max().item<double>();
  EXPECT_LE(distance(ours, in_double), 8 * distance(in_single, in_double) + 0x1p-24 * largest)
      << what;
}

}  // namespace saggio::models::reference
