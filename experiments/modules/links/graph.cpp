// SPDX-License-Identifier: MIT
#include "experiments/modules/links/graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "experiments/modules/links/ranking.h"

namespace saggio::experiments {
namespace {

using data::Query;
using data::Triple;

struct Asked {
  Query query;
  int32_t truth = 0;
};

// Candidates of a question are all nodes but the other answers that are known. Softmax over them.
class Candidates {
 public:
  Candidates(std::span<const float> scores, const Asked& asked, const data::Answers& known)
      : scores_(scores), known_(known.of(asked.query)), truth_(asked.truth) {
    for (int32_t node = 0; node < static_cast<int32_t>(scores.size()); ++node)
      if (node == truth_ || !std::binary_search(known_.begin(), known_.end(), node))
        nodes_.push_back(node);
    const float most =
        score(*std::max_element(nodes_.begin(), nodes_.end(), [this](int32_t a, int32_t b) {
          return score(a) < score(b);
        }));
    double sum = 0;
    for (const int32_t node : nodes_) sum += std::exp(double{score(node)} - most);
    log_sum_ = most + std::log(sum);
  }

  // The best `count`, and the truth if it is not among them.
  std::vector<int32_t> shown(int64_t count) const {
    std::vector<int32_t> best = nodes_;
    const auto wanted = std::min(static_cast<size_t>(count), best.size());
    const auto end = best.begin() + static_cast<std::ptrdiff_t>(wanted);
    std::partial_sort(best.begin(), end, best.end(), [this](int32_t a, int32_t b) {
      return std::pair(-score(a), a) < std::pair(-score(b), b);
    });
    best.resize(wanted);
    if (std::find(best.begin(), best.end(), truth_) == best.end()) best.push_back(truth_);
    return best;
  }

  graph::Confidence confidence(int32_t node) const {
    return {static_cast<float>(std::exp(score(node) - log_sum_)), score(node), "softmax"};
  }
  double rank(int32_t node) const {
    results::Standing standing;
    for (const int32_t other : nodes_) {
      standing.above += score(other) > score(node);
      standing.equal += other != node && score(other) == score(node);
      standing.others += other != node;
    }
    return results::rank(standing, results::Ties::Mean);
  }

 private:
  float score(int32_t node) const { return scores_[static_cast<size_t>(node)]; }

  std::span<const float> scores_;
  std::span<const int32_t> known_;
  int32_t truth_;
  std::vector<int32_t> nodes_;
  double log_sum_ = 0;
};

std::vector<graph::NodeId> add_entities(const data::Names& names, graph::Store& graph) {
  std::vector<graph::NodeId> entities;
  for (int32_t i = 0; i < names.size(); ++i) {
    graph::Attributes attributes;
    attributes.text = names[i];
    attributes.status = graph::Status::Supported;
    entities.push_back(graph.add_node(graph::NodeKind::Entity, attributes, "entity " + names[i]));
  }
  return entities;
}

void add_facts(const data::KnowledgeGraph& facts,
               const std::vector<graph::NodeId>& entities,
               graph::Store& graph) {
  std::vector<std::vector<graph::NodeId>> heads(static_cast<size_t>(facts.relations.size())),
      tails = heads;
  for (const Triple& fact : facts.train) {
    heads[static_cast<size_t>(fact.relation)].push_back(entities[static_cast<size_t>(fact.head)]);
    tails[static_cast<size_t>(fact.relation)].push_back(entities[static_cast<size_t>(fact.tail)]);
  }
  for (int32_t i = 0; i < facts.relations.size(); ++i)
    if (const auto relation = static_cast<size_t>(i); !heads[relation].empty())
      graph.add_edges(graph.type(facts.relations[i]), heads[relation], tails[relation]);
}

}  // namespace

void tell(models::TripleScorer& scorer,
          const LinkTask& task,
          const data::Answers& known,
          const LinkPredictionConfig& config,
          const graph::Provenance& from,
          graph::Store& graph) {
  const data::KnowledgeGraph& facts = task.inference();
  const std::vector<graph::NodeId> entities = add_entities(facts.entities, graph);
  add_facts(facts, entities, graph);
  std::vector<Asked> asked;
  std::vector<Query> questions;
  if (config.graph.facts > 0)
    for (const Triple& fact : evenly(facts.test, config.graph.facts)) {
      asked.push_back({data::tail_query(fact), fact.tail});
      asked.push_back({data::head_query(fact, task.relations()), fact.head});
    }
  for (const Asked& one : asked) questions.push_back(one.query);
  for_each_question(
      scorer, questions, config.eval.batch, [&](size_t question, std::span<const float> scores) {
        const Asked& one = asked[question];
        const bool tail = one.query.relation < task.relations();
        const int32_t relation = one.query.relation - (tail ? 0 : task.relations());
        const Candidates candidates(scores, one, known);
        for (const int32_t node : candidates.shown(config.graph.answers)) {
          graph::Attributes said;
          said.status = node == one.truth ? graph::Status::Supported : graph::Status::Open;
          said.confidence = candidates.confidence(node);
          said.rule = config.model;
          said.qualifiers = {{"asked", tail ? "tail" : "head"},
                             {"rank", fmt::format("{}", candidates.rank(node))}};
          said.provenance = from;
          const graph::NodeId given = entities[static_cast<size_t>(one.query.node)],
                              found = entities[static_cast<size_t>(node)];
          graph.add_edge(tail ? given : found,
                         graph.type("predicted " + facts.relations[relation]),
                         tail ? found : given,
                         said);
        }
      });
  graph.commit();
}

}  // namespace saggio::experiments
