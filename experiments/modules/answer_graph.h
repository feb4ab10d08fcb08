// SPDX-License-Identifier: MIT
#pragma once

#include <span>

#include "experiments/data/corpus.h"
#include "experiments/modules/text_scores.h"
#include "graph/store/store.h"

// What a language model thought of the questions that it was asked, as a reasoning graph.
namespace saggio::experiments {

// Adds, for each guess, and commits:
//
//   question i  --mentions-->  story i                 what was asked, of what
//   said i      --answers-->   question i              supported if it is right, else refuted
//   truth i     --answers-->   question i              only where the model was wrong,
//   truth i     --contradicts--> said i                with the probability that the model gave it
//
// Keys are "story 0", "question 0", "said 0", "truth 0", ... by the order of corpus.answers; a
// question's qualifier "k" is the length of its chain.
void tell(std::span<const Guess> guesses,
          const data::Corpus& corpus,
          int64_t step,
          uint64_t seed,
          graph::Store& graph);

}  // namespace saggio::experiments
