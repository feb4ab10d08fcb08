// SPDX-License-Identifier: MIT
#include "experiments/data/rules/solve.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <stdexcept>

namespace saggio::data {

RuleSolution solve(const RuleProblem& problem) {
  std::vector<graph::NodeIndex> nodes(problem.individuals.size());
  std::iota(nodes.begin(), nodes.end(), 0);
  return solve(problem, nodes);
}

RuleSolution solve(const RuleProblem& problem, std::span<const graph::NodeIndex> nodes) {
  if (nodes.size() != problem.individuals.size())
    throw std::invalid_argument(fmt::format("{}: {} nodes for {} individuals, allowed: one each",
                                            problem.id,
                                            nodes.size(),
                                            problem.individuals.size()));
  std::map<std::string, graph::NodeIndex, std::less<>> known;
  for (size_t i = 0; i < nodes.size(); ++i) known.emplace(problem.individuals[i], nodes[i]);
  RuleSolution solution;
  solution.base.find = [known](std::string_view key) -> std::optional<graph::NodeIndex> {
    const auto found = known.find(key);
    return found == known.end() ? std::nullopt : std::optional(found->second);
  };
  solution.closure = graph::close(problem.book, solution.base);
  std::vector<graph::FactIndex> proved;  // by what follows
  for (size_t i = 0; i < problem.options.size(); ++i) {
    const auto facts = graph::answers(solution.closure, problem.options[i].goal, solution.base);
    if (facts.empty()) continue;
    solution.follow.push_back(i);
    proved.push_back(facts.front());
  }
  if (proved.size() != 1) return solution;
  solution.answer = solution.follow.front();
  solution.proof = graph::proof_of(solution.closure, proved);
  return solution;
}

std::optional<size_t> answer_within(const RuleProblem& problem,
                                    const RuleSolution& solution,
                                    int hops) {
  std::vector<size_t> near;
  for (const size_t i : solution.follow) {
    const auto facts = graph::answers(solution.closure, problem.options[i].goal, solution.base);
    if (solution.closure.height[facts.front()] <= hops) near.push_back(i);
  }
  return near.size() == 1 ? std::optional(near[0]) : std::nullopt;
}

bool has_published_premises(const RuleProblem& problem, const RuleSolution& solution) {
  const std::set<std::string> text(problem.sentences.begin(), problem.sentences.end());
  std::set<std::string> published, used;
  for (const std::string& sentence : problem.proof)
    if (text.contains(sentence)) published.insert(sentence);
  for (const graph::FactIndex fact : solution.proof)
    used.insert(problem.sentences.at(static_cast<size_t>(solution.closure.rule[fact])));
  return used == published;
}

}  // namespace saggio::data
