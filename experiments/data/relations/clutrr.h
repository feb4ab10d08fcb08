// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <istream>
#include <map>
#include <string>
#include <vector>

#include "experiments/data/relations/question.h"

// CLUTRR (Sinha et al. 2019, arXiv:1908.06177) as published in zip archives of CSV files: stories
// about families with the graph behind them, of which k edges are needed. Only the graph is read:
//   story_edges  "[(0, 1), (1, 2)]"        pairs of people
//   edge_types   "['daughter', 'aunt']"    what the second of each pair is to the first
//   query_edge   "(0, 2)"   target  "sister"   what person 2 is to person 0
//   genders      "Ann:female,Bob:male"     the people, in their order
//   query        "('Ann', 'Bob')"          the same as query_edge, by name
//   task_name    "task_1.2"                k behind the point
// From k = 4 on a story may come back to somebody, so that the way from source to target is shorter
// than k.
namespace saggio::data {

struct Clutrr {
  std::vector<RelationQuestion> train;
  std::map<int, std::vector<RelationQuestion>> test;  // by k
};

// Rows of one CSV file. Throws std::invalid_argument "NAME:LINE: what, got, allowed" for a column
// that is missing, a field that is not as above, a word that is none of the twenty relations,
// somebody who is not among the people, and parts of a row that contradict each other.
std::vector<RelationQuestion> read_clutrr_rows(std::istream& in, const std::string& name);

// An archive: files NAME_train.csv together, NAME_test.csv by k; others are left alone. Throws as
// read_clutrr_rows does, and std::runtime_error naming the archive if it cannot be read, is damaged,
// unpacks to more than 256 MB, or if either part is missing.
Clutrr read_clutrr(const std::filesystem::path& archive);

}  // namespace saggio::data
