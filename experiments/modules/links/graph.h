// SPDX-License-Identifier: MIT
#pragma once

#include <span>

#include "experiments/modules/links/config.h"
#include "graph/store/store.h"
#include "models/triple_scorer.h"

// What a model knew and predicted, as a reasoning graph.
namespace saggio::experiments {

// Adds, and commits:
//
//   h --r--> t              every known fact between entities; their keys are "entity NAME"
//   h --predicted r--> t    for each direction of each fact asked about: the best answers that are
//                           not known, and the fact itself wherever it stands
//
// A prediction says in `rule` which model made it, in its qualifiers "asked" (tail or head) and
// "rank", in its confidence the score and its softmax over the candidates. The fact itself is
// supported, another answer is open: nobody knows that it is wrong.
void tell(models::TripleScorer& scorer,
          const LinkTask& task,
          const data::Answers& known,
          const LinkPredictionConfig& config,
          const graph::Provenance& from,
          graph::Store& graph);

}  // namespace saggio::experiments
