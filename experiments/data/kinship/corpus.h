// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "experiments/data/kinship/sample.h"

// Kinship stories as plain text, for language models of bytes: one line per story, its question and
// the answer,
//   the son of deras is turas . ... what is volen to govin ? daughter-in-law
// ASCII, the same bytes from the same stream on every machine.
namespace saggio::data::kinship {

struct Answer {
  size_t offset = 0, bytes = 0;  // of the answer's word in the text
  int k = 0;
};

struct Corpus {
  std::string text;
  std::vector<Answer> answers;  // one per line
  double relaxation = 1;        // the most that the quotas were relaxed

  size_t answer_bytes() const;
};

struct Corpora {
  Corpus train, heldout;
  size_t redrawn =
      0;  // held-out stories that were drawn again because the training part has the same one
};

struct CorpusOptions {
  size_t train_bytes = 350'000, heldout_bytes = 40'000;
  std::vector<int> chain_lengths = {2, 3, 4};  // equally often
  Telling telling{};
  Quota quota = kTrainQuota;
};

// Whole stories, as many as fit; each part is shorter than asked for by less than one story. The
// parts come from different families, and no held-out story equals one of the training part up to
// names. Throws std::invalid_argument for sizes below 10,000 bytes and lengths outside
// 1..kMaxChain.
Corpora render_corpora(const results::Stream& stream, const CorpusOptions& options = {});

}  // namespace saggio::data::kinship
