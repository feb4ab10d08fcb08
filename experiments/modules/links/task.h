// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "experiments/data/answers.h"
#include "experiments/data/triples.h"

// What link prediction asks about: a knowledge graph, or a pair of them where other nodes are asked
// about than were learned.
namespace saggio::experiments {

struct GraphFileOptions {
  std::string train, valid, test;

  void visit(auto& v) {
    v.file("train", train, "facts, one a line: head, relation, tail with tabs between");
    v.file("valid", valid, "facts for choosing; empty: none");
    v.file("test", test, "facts to be found");
  }
};

struct SeenOptions {
  std::string first, second, third;

  void visit(auto& v) {
    v.file("first", first, "facts that the model was trained on before; empty: none");
    v.file("second", second, "more of them");
    v.file("third", third, "more of them");
  }
};

struct LinkDataOptions {
  GraphFileOptions graph;
  GraphFileOptions inference;
  std::string filter = "all";
  SeenOptions seen;

  void visit(auto& v) {
    graph.visit(v);
    v("inference", inference);  // empty: the same graph; else its test facts are asked about
    v("filter",
      filter,
      "whose answers do not count against a ranking: all facts', or those but valid's",
      {"all", "train_and_test"});
    v("seen", seen);
  }
};

struct LinkTask {
  data::InductiveSplit graphs;
  bool inductive = false;

  const data::KnowledgeGraph& training() const { return graphs.training; }
  // Whose train facts are known and whose test facts are asked about.
  const data::KnowledgeGraph& inference() const {
    return inductive ? graphs.inference : graphs.training;
  }
  int32_t relations() const { return graphs.training.relations.size(); }
  int64_t nodes() const { return inference().entities.size(); }
};

// Throws what the readers throw, and std::invalid_argument if there is nothing to train on or to
// ask about.
LinkTask load(const LinkDataOptions& options);

// The answers that a ranking leaves out.
data::Answers known_answers(const LinkTask& task, const LinkDataOptions& options);

// At most `count` facts (0: all), evenly spaced, so that others can ask for the same ones.
std::vector<data::Triple> evenly(const std::vector<data::Triple>& facts, int64_t count);

// How many of the task's test facts stand, by name, in the graphs that were seen before.
data::Leakage seen_before(const LinkTask& task, const SeenOptions& options);

}  // namespace saggio::experiments
