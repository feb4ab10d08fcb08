// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "kernels/csr.h"

// What a graph says of its nodes' classes without learning: the baselines that a graph network has
// to beat. N nodes, C classes; f32; no gradients. S = D^-1/2 A D^-1/2; nodes without edges keep what
// they start with.
namespace saggio::models {

struct SpreadOptions {
  double keep = 0.1;
  int64_t rounds = 50;
};

// y after `rounds` of y <- (1 - keep) S y + keep start: Zhou et al. 2004, "Learning with local and
// global consistency", which tends to keep (I - (1 - keep) S)^-1 start.
//   start  [N, C]
at::Tensor spread(const kernels::Adjacency& a,
                  const at::Tensor& start,
                  const SpreadOptions& options);

// Known labels spread: rows of `known` are one-hot, others 0.
//   labels  [N] i64 in [0, C)
//   known   [K] i64 nodes whose labels may be looked at
at::Tensor label_propagation(const kernels::Adjacency& a,
                             const at::Tensor& labels,
                             const at::Tensor& known,
                             int64_t classes,
                             const SpreadOptions& options);

// Correct and Smooth (Huang et al. 2020, arXiv:2010.13993, section 2): the errors of `probabilities`
// on the known nodes are spread and taken away, each row scaled to their mean size ("autoscale",
// eq. 5-6), then the labels and what was corrected are spread together (eq. 9).
//   probabilities  [N, C], rows sum to 1
// Returns          [N, C] scores, not probabilities
at::Tensor correct_and_smooth(const kernels::Adjacency& a,
                              const at::Tensor& probabilities,
                              const at::Tensor& labels,
                              const at::Tensor& known,
                              const SpreadOptions& correct,
                              const SpreadOptions& smooth);

}  // namespace saggio::models
