// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "experiments/data/relations/question.h"
#include "results/random.h"

// Questions about what somebody is to somebody: short ones to learn from, longer ones to be asked.
namespace saggio::experiments {

struct RelationTaskOptions {
  std::string kind = "kinship";
  std::string path;
  int64_t train_stories = 4000;
  int64_t heldout_stories = 200;
  int64_t longest = 10;
  double valid = 0.05;

  void visit(auto& v) {
    v("kind", kind, "generated family trees, or CLUTRR's published stories", {"kinship", "clutrr"});
    v.file("path", path, "clutrr: the zip archive");
    v("train_stories", train_stories, "kinship: of each length 2, 3, 4", {100, 1e6});
    v("heldout_stories", heldout_stories, "kinship: of each length from 2", {10, 1e5});
    v("longest", longest, "kinship: facts of the longest held-out question", {5, 12});
    v("valid", valid, "share of the training stories that is kept for choices", {0, 0.5});
  }
};

struct RelationTask {
  std::vector<data::RelationQuestion> train, valid;
  std::map<int, std::vector<data::RelationQuestion>> heldout;  // by k

  int longest_train() const;  // k; of train
};

// Kinship: training and held-out stories come from different families. Throws std::invalid_argument
// if clutrr has no path, and as data::read_clutrr does.
RelationTask make_relation_task(const RelationTaskOptions& options, const results::Stream& stream);

}  // namespace saggio::experiments
