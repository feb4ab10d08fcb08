// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "experiments/data/kinship/story.h"

namespace saggio::data::kinship {

// Sentences, in random order, that state the story's facts, and fillers between them, as story.h
// promises: nothing in them depends on which facts are on the chain. Needs the story's k, names,
// sexes and facts.
std::vector<Sentence> put_into_words(const Story& story,
                                     int fillers,
                                     bool heldout_wordings,
                                     results::Stream& stream);

}  // namespace saggio::data::kinship
