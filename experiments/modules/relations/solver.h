// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "experiments/modules/relations/config.h"
#include "models/relations/relation_model.h"
#include "results/record.h"

// Those who say what somebody is to somebody.
namespace saggio::experiments {

// What is said to one question.
struct SaidRelation {
  std::optional<int32_t> relation;
  double probability = 0;
};

// Somebody who answers.
struct RelationSolver {
  std::function<std::vector<SaidRelation>(std::span<const data::RelationQuestion>)> answer;
  std::string method;  // of its probabilities
  // How an answer came about; empty: it cannot tell.
  std::function<std::vector<data::MadeRelation>(const data::RelationQuestion&, int32_t)> explain;
};

// last_edge, or majority: what the training questions make likely.
RelationSolver guessing(const std::string& name, const RelationTask& task);

// symbolic: a table counted from the training questions; its size goes into the ledger.
RelationSolver counted_table(const RelationTask& task, results::Ledger& ledger);

// A network that was trained; it and the config are borrowed.
//   names  draws what people are called, the same whenever they are asked
RelationSolver learned(const RelationCompositionConfig& config,
                       const models::RelationModel& model,
                       const results::Stream& names);

// The number of right answers to some questions.
int64_t count_right(const RelationSolver& solver,
                    std::span<const data::RelationQuestion> questions);

std::vector<models::RelationGraph> graphs_of(std::span<const data::RelationQuestion> questions);

}  // namespace saggio::experiments
