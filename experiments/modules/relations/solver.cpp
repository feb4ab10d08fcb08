// SPDX-License-Identifier: MIT
#include "experiments/modules/relations/solver.h"

#include <memory>

#include "experiments/data/relations/composition_table.h"
#include "experiments/data/relations/last_edge.h"

namespace saggio::experiments {

using data::RelationQuestion;

RelationSolver guessing(const std::string& name, const RelationTask& task) {
  const auto guess = std::make_shared<data::LastEdgeGuess>(task.train);
  const bool by_edge = name == "last_edge";
  return {[guess, by_edge](std::span<const RelationQuestion> questions) {
            std::vector<SaidRelation> said;
            for (const RelationQuestion& question : questions)
              said.push_back({by_edge ? guess->guess(question) : guess->most_frequent(), 1});
            return said;
          },
          "guess",
          {}};
}

RelationSolver counted_table(const RelationTask& task, results::Ledger& ledger) {
  const auto table =
      std::make_shared<data::CompositionTable>(data::CompositionTable::learn(task.train));
  ledger.set("", "rules", table->pairs());
  return {[table](std::span<const RelationQuestion> questions) {
            std::vector<SaidRelation> said;
            for (const RelationQuestion& question : questions) {
              const data::CompositionTable::Answer answer = table->answer(question);
              said.push_back({answer.relation, answer.share});
            }
            return said;
          },
          "share",
          [table](const RelationQuestion& question, int32_t relation) {
            return table->derivation(question, relation);
          }};
}

RelationSolver learned(const RelationCompositionConfig& config,
                       const models::RelationModel& model,
                       const results::Stream& names) {
  RelationSolver solver{
      [&config, &model, names](std::span<const RelationQuestion> questions) {
        results::Stream drawn = names;  // the same names whenever they are asked
        std::vector<SaidRelation> said;
        for (const models::RelationAnswer& answer : models::answers_of(model,
                                                                       graphs_of(questions),
                                                                       data::kinship::kRelations,
                                                                       config.heldout_rounds,
                                                                       config.batch,
                                                                       drawn))
          said.push_back({static_cast<int32_t>(answer.relation), answer.probability});
        return said;
      },
      "softmax",
      {}};
  const auto* soft = dynamic_cast<const models::SoftComposition*>(&model);
  if (soft == nullptr) return solver;
  solver.explain = [soft, &config](const RelationQuestion& question, int32_t relation) {
    std::vector<data::MadeRelation> steps;
    for (const auto& [from, via, to, first, second, made, confidence] :
         soft->derivation(graphs_of({&question, 1})[0], relation, config.heldout_rounds))
      steps.push_back({static_cast<int32_t>(from),
                       static_cast<int32_t>(via),
                       static_cast<int32_t>(to),
                       static_cast<int32_t>(first),
                       static_cast<int32_t>(second),
                       static_cast<int32_t>(made),
                       confidence});
    return steps;
  };
  return solver;
}

int64_t count_right(const RelationSolver& solver, std::span<const RelationQuestion> questions) {
  const std::vector<SaidRelation> said = solver.answer(questions);
  int64_t right = 0;
  for (size_t i = 0; i < said.size(); ++i) right += said[i].relation == questions[i].answer;
  return right;
}

std::vector<models::RelationGraph> graphs_of(std::span<const RelationQuestion> questions) {
  std::vector<models::RelationGraph> graphs;
  for (const RelationQuestion& question : questions) {
    models::RelationGraph graph{static_cast<int64_t>(question.people.size()),
                                {},
                                question.source,
                                question.target,
                                question.answer};
    for (const auto& [from, to, relation] : question.edges)
      graph.edges.push_back({from, to, relation});
    graphs.push_back(std::move(graph));
  }
  return graphs;
}

}  // namespace saggio::experiments
