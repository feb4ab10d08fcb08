// SPDX-License-Identifier: MIT
#include "experiments/data/corpus.h"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

namespace saggio::data {
namespace {

Text open_file(const CorpusOptions& options) {
  if (options.path.empty())
    throw std::invalid_argument(
        "data.path is empty, data.kind = 'text' needs a file: set data.path, or data.kind = "
        "'kinship'");
  return Text::open(options.path, options.unit == "chars" ? Unit::Character : Unit::Byte);
}

// The longest beginning of a part that has at most `bytes` bytes.
Range first_bytes(const Text& text, Range part, size_t bytes) {
  size_t low = part.begin, high = part.end;  // the end lies in [low, high]
  while (low < high) {
    const size_t middle = high - (high - low) / 2;
    if (text.bytes_in({part.begin, middle}) <= bytes)
      low = middle;
    else
      high = middle - 1;
  }
  return {part.begin, low};
}

Corpus read_text(const CorpusOptions& options) {
  if (!(options.heldout + options.valid < 1))
    throw std::invalid_argument(fmt::format(
        "data.heldout + data.valid = {}, allowed < 1: something must be left to train on",
        options.heldout + options.valid));
  Corpus corpus{open_file(options), {}, {}};
  corpus.parts = split(corpus.text.size(), 1 - options.heldout - options.valid, options.valid);
  if (options.train_bytes > 0)
    corpus.parts.train =
        first_bytes(corpus.text, corpus.parts.train, static_cast<size_t>(options.train_bytes));
  return corpus;
}

Corpus tell_stories(const CorpusOptions& options, const results::Stream& stream) {
  const auto share = [&](double of) {
    return static_cast<size_t>(std::lround(of * static_cast<double>(options.train_bytes)));
  };
  kinship::CorpusOptions wanted;
  wanted.train_bytes = static_cast<size_t>(options.train_bytes);
  wanted.heldout_bytes = share(options.heldout);
  kinship::Corpora stories = kinship::render_corpora(stream, wanted);
  const size_t told = stories.train.text.size(),
               train = told - std::min(told, share(options.valid));
  for (kinship::Answer& answer : stories.heldout.answers) answer.offset += told;
  Text text =
      Text::from_bytes(stories.train.text + stories.heldout.text, "kinship stories", Unit::Byte);
  const size_t end = text.size();
  return {std::move(text),
          {{0, train}, {train, told}, {told, end}},
          std::move(stories.heldout.answers)};
}

}  // namespace

Corpus make_corpus(const CorpusOptions& options, const results::Stream& stream) {
  return options.kind == "text" ? read_text(options) : tell_stories(options, stream);
}

size_t vocabulary_size(const CorpusOptions& options) {
  return options.kind == "text" && options.unit == "chars" ? open_file(options).vocabulary_size()
                                                           : 256;
}

}  // namespace saggio::data
