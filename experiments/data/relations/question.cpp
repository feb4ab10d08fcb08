// SPDX-License-Identifier: MIT
#include "experiments/data/relations/question.h"

namespace saggio::data {

RelationQuestion relation_question(const kinship::Story& story) {
  RelationQuestion question;
  question.k = story.k;
  question.people = story.names;
  for (const kinship::Fact& fact : story.facts) {
    question.edges.push_back({fact.from, fact.to, fact.relation.index()});
    question.edges.push_back({fact.to, fact.from, fact.inverse.index()});
  }
  question.target = story.k;  // people 0..k are the chain
  question.answer = story.answer.index();
  return question;
}

}  // namespace saggio::data
