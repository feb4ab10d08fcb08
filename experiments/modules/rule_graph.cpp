// SPDX-License-Identifier: MIT
#include "experiments/modules/rule_graph.h"

#include <fmt/format.h>

#include <vector>

#include "experiments/data/rules/solve.h"
#include "experiments/modules/saying.h"
#include "graph/reasoning/proof_nodes.h"
#include "graph/view/view.h"

namespace saggio::experiments {
namespace {

using data::RuleProblem;
using graph::NodeId;
using graph::NodeKind;
using graph::Status;

// Tells of one problem after the other, all of whose individuals are in the view.
class Teller {
 public:
  Teller(uint64_t seed, graph::Store& graph, const graph::View& view) : graph_(graph), view_(view) {
    from_.seed = seed;
  }

  void tell(const AskedRules& asked, std::span<const NodeId> individuals) {
    const RuleProblem& problem = *asked.problem;
    graph::Attributes asks = saying(problem.options[0].text + " ?", Status::Open);
    for (size_t i = 0; i < problem.options.size(); ++i)
      asks.qualifiers.push_back({fmt::format("option {}", i), problem.options[i].text});
    const NodeId question =
        graph_.add_node(NodeKind::Question, asks, fmt::format("question {}", problem.id));
    const bool right = asked.said == problem.answer;
    std::optional<NodeId> said;
    if (asked.said) {
      said = answer(
          problem, *asked.said, "said", right ? Status::Supported : Status::Refuted, question);
      if (asked.is_proved) support(problem, *asked.said, individuals, question, *said);
    }
    if (right) return;
    const NodeId truth = answer(problem, problem.answer, "truth", Status::Supported, question);
    if (said) graph_.add_edge(truth, graph_.type("contradicts"), *said);
  }

 private:
  graph::Attributes saying(std::string text, Status status) const {
    return experiments::saying(std::move(text), status, from_);
  }

  NodeId answer(const RuleProblem& problem,
                size_t option,
                std::string_view role,
                Status status,
                NodeId question) {
    const NodeId node = graph_.add_node(NodeKind::Answer,
                                        saying(problem.options[option].text, status),
                                        fmt::format("{} {}", role, problem.id));
    graph_.add_edge(node, graph_.type("answers"), question);
    return node;
  }

  // The proof of an option that follows, on the nodes of the view.
  void support(const RuleProblem& problem,
               size_t option,
               std::span<const NodeId> individuals,
               NodeId question,
               NodeId said) {
    std::vector<graph::NodeIndex> nodes;
    for (const NodeId id : individuals) nodes.push_back(view_.find(id).value());
    const data::RuleSolution solution = data::solve(problem, nodes);
    const auto facts =
        graph::answers(solution.closure, problem.options[option].goal, solution.base);
    graph::write_proofs(graph_, view_, solution.closure, problem.book, std::span(facts).first(1));
    const graph::Fact& fact = solution.closure.facts[facts[0]];
    const std::string text = graph::text_of(fact, solution.closure, view_, graph_.history());
    graph_.add_edge(
        graph_.history().find_node("fact:" + text).value(), graph_.type("supports"), said);
    graph_.add_edge(question, graph_.type("mentions"), view_.node_id(fact.first));
  }

  graph::Store& graph_;
  const graph::View& view_;
  graph::Provenance from_;
};

}  // namespace

void tell(std::span<const AskedRules> asked, uint64_t seed, graph::Store& graph) {
  std::vector<std::vector<NodeId>> individuals;
  for (const AskedRules& one : asked) {
    auto& nodes = individuals.emplace_back();
    for (const std::string& name : one.problem->individuals)
      nodes.push_back(graph.add_node(
          NodeKind::Entity, {.text = name}, fmt::format("{}/{}", one.problem->id, name)));
  }
  graph.commit();
  const graph::View view = graph::View::build(graph.history());
  Teller teller(seed, graph, view);
  for (size_t i = 0; i < asked.size(); ++i) teller.tell(asked[i], individuals[i]);
  graph.commit();
}

}  // namespace saggio::experiments
