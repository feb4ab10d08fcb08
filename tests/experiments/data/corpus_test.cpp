// SPDX-License-Identifier: MIT
#include "experiments/data/corpus.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <stdexcept>

#include "tests/results/store/temporary_folder.h"

namespace saggio::data {
namespace {

const results::Stream kStream(4);

// A file that ends with its test: 40 characters, every fifth of two bytes, so 48 bytes.
struct File {
  results::TemporaryFolder folder;
  std::filesystem::path path = folder / "corpus.txt";
  File() {
    std::string text;
    for (int i = 0; i < 8; ++i) text += "abcd\u00e9";
    results::spill(path, text);
  }
};

std::string_view bytes(const Corpus& corpus, Range part) {
  return corpus.text.bytes().substr(part.begin, part.size());
}

TEST(Corpus, ATextIsTrainThenValidThenHeldOut) {
  const File file;

  const Corpus corpus = make_corpus({.kind = "text",
                                     .path = file.path,
                                     .unit = "chars",
                                     .train_bytes = 0,
                                     .heldout = .2,
                                     .valid = .1},
                                    kStream);

  EXPECT_EQ(corpus.parts.train, (Range{0, 28}));
  EXPECT_EQ(corpus.parts.valid, (Range{28, 32}));
  EXPECT_EQ(corpus.parts.heldout, (Range{32, 40}));
  EXPECT_EQ(vocabulary_size({.kind = "text", .path = file.path, .unit = "chars"}), 5U);
}

// 13 bytes hold two whole groups of four letters and one two-byte letter, and one more letter.
TEST(Corpus, TrainingCanBeCutToSoManyBytes) {
  const File file;
  CorpusOptions options{
      .kind = "text", .path = file.path, .unit = "chars", .train_bytes = 13, .heldout = .2};

  const Corpus corpus = make_corpus(options, kStream);
  EXPECT_EQ(corpus.parts.train, (Range{0, 11}));
  EXPECT_EQ(corpus.parts.heldout, (Range{32, 40}));

  options.unit = "bytes";
  EXPECT_EQ(make_corpus(options, kStream).parts.train, (Range{0, 13}));
}

TEST(Corpus, StoriesKeepTheirAnswersInTheHeldOutPart) {
  const Corpus corpus = make_corpus({.train_bytes = 40'000, .heldout = .3, .valid = .2}, kStream);

  EXPECT_NEAR(static_cast<double>(corpus.parts.valid.size()), 8000, 1);
  EXPECT_EQ(corpus.parts.heldout.begin, corpus.parts.valid.end);
  EXPECT_EQ(corpus.parts.heldout.end, corpus.text.size());
  ASSERT_GT(corpus.answers.size(), 20U);
  for (const kinship::Answer& answer : corpus.answers) {
    ASSERT_GT(answer.offset, corpus.parts.heldout.begin);
    EXPECT_EQ(bytes(corpus, {answer.offset - 3, answer.offset}), " ? ");
    EXPECT_EQ(bytes(corpus, {answer.offset + answer.bytes, answer.offset + answer.bytes + 1}),
              "\n");
  }
}

TEST(Corpus, SaysWhatIsMissing) {
  try {
    make_corpus({.kind = "text"}, kStream);
    FAIL();
  } catch (const std::invalid_argument& e) {
    EXPECT_STREQ(e.what(),
                 "data.path is empty, data.kind = 'text' needs a file: set data.path, or data.kind "
                 "= 'kinship'");
  }
  EXPECT_THROW(make_corpus({.kind = "text", .path = "x", .heldout = .6, .valid = .4}, kStream),
               std::invalid_argument);
}

}  // namespace
}  // namespace saggio::data
