// SPDX-License-Identifier: MIT
#include "experiments/modules/links/trivial.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace saggio::experiments {
namespace {

using data::Answers;
using data::Query;

at::Tensor zeros(int64_t rows, int64_t columns) { return at::zeros({rows, columns}, at::kFloat); }

// The facts of a graph as (head, relation or inverse) -> tails.
Answers facts(const LinkTask& task, const data::KnowledgeGraph& graph) {
  return Answers(task.relations(), {graph.train});
}

}  // namespace

at::Tensor ConstantScorer::scores(const at::Tensor& heads, const at::Tensor&) {
  return zeros(heads.size(0), nodes_);
}

RelationFrequency::RelationFrequency(const LinkTask& task)
    : counts_(zeros(2 * task.relations(), task.nodes())) {
  const Answers known = facts(task, task.inference());
  auto counts = counts_.accessor<float, 2>();
  for (size_t i = 0; i < known.queries().size(); ++i)
    for (const int32_t tail : known.of(i)) counts[known.queries()[i].relation][tail] += 1;
}

at::Tensor RelationFrequency::scores(const at::Tensor&, const at::Tensor& relations) {
  return counts_.index_select(0, relations);
}

OneHopRules::OneHopRules(const LinkTask& task)
    : nodes_(task.nodes()),
      confidence_(zeros(2 * task.relations(), 2 * task.relations())),
      known_(facts(task, task.inference())) {
  const Answers learned = facts(task, task.training());
  const int32_t all = 2 * task.relations();
  auto confidence = confidence_.accessor<float, 2>();
  std::vector<float> premises(static_cast<size_t>(all));
  for (size_t i = 0; i < learned.queries().size(); ++i) {
    const auto [head, premise] = learned.queries()[i];
    premises[static_cast<size_t>(premise)] += static_cast<float>(learned.of(i).size());
    for (int32_t conclusion = 0; conclusion < all; ++conclusion) {
      if (conclusion == premise) continue;
      const std::span<const int32_t> tails = learned.of(Query{head, conclusion});
      for (const int32_t tail : learned.of(i))
        confidence[premise][conclusion] += std::binary_search(tails.begin(), tails.end(), tail);
    }
  }
  for (int32_t premise = 0; premise < all; ++premise)
    if (const float count = premises[static_cast<size_t>(premise)]; count > 0)
      confidence_[premise].div_(count);
}

at::Tensor OneHopRules::scores(const at::Tensor& heads, const at::Tensor& relations) {
  const at::Tensor result = zeros(heads.size(0), nodes_);
  auto rows = result.accessor<float, 2>();
  auto confidence = confidence_.accessor<float, 2>();
  const auto head = heads.accessor<int64_t, 1>(), relation = relations.accessor<int64_t, 1>();
  for (int64_t i = 0; i < heads.size(0); ++i)
    for (int32_t premise = 0; premise < 2 * known_.relations(); ++premise)
      for (const int32_t tail : known_.of(Query{static_cast<int32_t>(head[i]), premise}))
        rows[i][tail] = std::max(rows[i][tail], confidence[premise][relation[i]]);
  return result;
}

}  // namespace saggio::experiments
