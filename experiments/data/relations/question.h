// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "experiments/data/kinship/story.h"

// What somebody is to somebody, asked of a graph of stated relations: the reading is done, only the
// composing is left. Relations are numbered as kinship::Relation::index does, which covers CLUTRR's
// twenty words.
namespace saggio::data {

// `to` is `relation` to `from`: an edge "father" leads from the child to the father.
struct RelationEdge {
  int32_t from = 0, to = 0;  // people
  int32_t relation = 0;      // in [0, kinship::kRelations)
  friend bool operator==(const RelationEdge&, const RelationEdge&) = default;
};

struct RelationQuestion {
  int32_t k = 0;                    // facts that the story was made of
  std::vector<std::string> people;  // [N] names
  std::vector<RelationEdge> edges;
  int32_t source = 0, target = 0;  // asked: what `target` is to `source`
  int32_t answer = 0;              // a relation
};

// One relation made of two: via is `first` to from, to is `second` to via.
struct MadeRelation {
  int32_t from = 0, via = 0, to = 0;
  int32_t first = 0, second = 0, relation = 0;
  double confidence = 0;  // in (0, 1]
};

// A generated story without its text: each fact is two edges, one each way, as a reader who knows
// everybody's sex would draw them.
RelationQuestion relation_question(const kinship::Story& story);

}  // namespace saggio::data
