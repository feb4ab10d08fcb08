// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "experiments/data/kinship/corpus.h"
#include "experiments/data/text.h"
#include "results/random.h"

// What a language model or a codec is trained on and scored on: one text in three parts that follow
// each other. `train` is learned, `valid` is for choosing, `heldout` for the result. Either a file,
// or generated stories, which need no download.
namespace saggio::data {

struct CorpusOptions {
  std::string kind = "kinship";
  std::string path;
  std::string unit = "bytes";
  int64_t train_bytes = 350'000;
  double heldout = 0.1;
  double valid = 0;

  void visit(auto& v) {
    v("kind", kind, "generated family stories, or a text file", {"kinship", "text"});
    v.file("path", path, "text: the file");
    v("unit", unit, "text: what a token is", {"bytes", "chars"});
    v("train_bytes",
      train_bytes,
      "kinship: bytes of stories, valid among them; text: at most so much of the training part, 0 "
      "for all of it",
      {0, 1e9});
    v("heldout",
      heldout,
      "share of the text that is kept for the result (kinship: as much besides)",
      {0.001, 0.9});
    v("valid", valid, "share of the text, before heldout, that is kept for choosing", {0, 0.5});
  }
};

struct Corpus {
  Text text;
  Split parts;
  std::vector<kinship::Answer>
      answers;  // of the held-out questions, offsets into the text; kinship only
};

// A file gives the same corpus each time; stories are drawn from `stream`. Throws
// std::invalid_argument if the options contradict each other, and what the readers and generators
// throw.
Corpus make_corpus(const CorpusOptions& options, const results::Stream& stream);

// How many tokens there are, without making the corpus; reads the file if they are characters.
size_t vocabulary_size(const CorpusOptions& options);

}  // namespace saggio::data
