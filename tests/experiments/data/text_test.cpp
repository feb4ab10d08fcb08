// SPDX-License-Identifier: MIT
#include "experiments/data/text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>

#include "tests/results/store/temporary_folder.h"

namespace saggio::data {
namespace {

using results::error_of;

std::vector<int32_t> all_tokens(const Text& text) {
  std::vector<int32_t> tokens(text.size());
  text.read(0, tokens);
  return tokens;
}

TEST(Text, OfBytesHasOneTokenPerByte) {
  const Text text = Text::from_bytes("a\xC3\xA9\n", "memory", Unit::Byte);

  EXPECT_EQ(all_tokens(text), (std::vector<int32_t>{97, 0xC3, 0xA9, 10}));
  EXPECT_EQ(text.vocabulary_size(), 256U);
  EXPECT_EQ(text.decode(all_tokens(text)), "a\xC3\xA9\n");
}

TEST(Text, NumbersCharactersInTheOrderOfTheirCodePoints) {
  const Text text =
      Text::from_bytes("b€aéb😀", "memory", Unit::Character);  // a < b < U+E9 < U+20AC < U+1F600

  EXPECT_EQ(all_tokens(text), (std::vector<int32_t>{1, 3, 0, 2, 1, 4}));
  EXPECT_EQ(text.vocabulary_size(), 5U);
  EXPECT_EQ(text.decode(all_tokens(text)), "b€aéb😀");
  EXPECT_EQ(text.bytes_in({1, 4}), 3U + 1U + 2U);
}

TEST(Text, ReadsAPieceAndNoFurther) {
  for (const Unit unit : {Unit::Byte, Unit::Character}) {
    const Text text = Text::from_bytes("abcd", "memory", unit);
    std::vector<int32_t> piece(2);

    text.read(2, piece);

    EXPECT_EQ(text.decode(piece), "cd");
    EXPECT_EQ(error_of([&] { text.read(3, piece); }), "memory: tokens 3..5, allowed 0..4");
    EXPECT_NE(error_of([&] { text.read(SIZE_MAX, piece); }), "");
  }
}

TEST(Text, StaysValidWhenItIsCopiedOrMoved) {
  Text text = Text::from_bytes("short", "memory", Unit::Byte);
  const Text copy = text;
  const Text moved = std::move(text);

  EXPECT_EQ(copy.decode(all_tokens(copy)), "short");
  EXPECT_EQ(moved.decode(all_tokens(moved)), "short");
}

TEST(Text, OfAFileIsItsContents) {
  const results::TemporaryFolder folder;
  const std::string path = folder / "text.txt";
  const std::string bytes = std::string(10000, 'x') + "é";
  std::ofstream(path, std::ios::binary) << bytes;

  EXPECT_EQ(Text::open(path, Unit::Byte).bytes(), bytes);
  EXPECT_EQ(Text::open(path, Unit::Character).size(), 10001U);
  EXPECT_EQ(Text::open(path, Unit::Byte).name(), path);
}

TEST(Text, SaysWhichFileIsMissingEmptyOrNoFile) {
  const results::TemporaryFolder folder;
  const std::string empty = folder / "empty.txt";
  std::ofstream(empty).flush();

  EXPECT_EQ(error_of([] { Text::open("no/such/file.txt", Unit::Byte); }),
            "no/such/file.txt: cannot be opened: No such file or directory");
  EXPECT_EQ(error_of([&] { Text::open(empty, Unit::Byte); }),
            empty + ": is empty: name a file with text in it");
  EXPECT_EQ(error_of([] { Text::open("/tmp", Unit::Byte); }),
            "/tmp: is not a file: name a text file");
}

// Well-formed and ill-formed sequences from the Unicode standard, section 3.9, tables 3-7 to 3-11.
TEST(Text, AcceptsTheFirstAndLastCharacterOfEveryUtf8Length) {
  for (const std::string good : {"\x7F",
                                 "\xC2\x80",
                                 "\xDF\xBF",
                                 "\xE0\xA0\x80",
                                 "\xED\x9F\xBF",
                                 "\xEE\x80\x80",
                                 "\xEF\xBF\xBF",
                                 "\xF0\x90\x80\x80",
                                 "\xF4\x8F\xBF\xBF"}) {
    EXPECT_EQ(Text::from_bytes(good, "memory", Unit::Character).size(), 1U);
  }
}

TEST(Text, RefusesWhatIsNotStrictUtf8AndSaysWhere) {
  for (const std::string bad : {"\x80",
                                "\xC0\xAF",
                                "\xC1\xBF",
                                "\xE0\x9F\xBF",
                                "\xED\xA0\x80",
                                "\xF0\x8F\xBF\xBF",
                                "\xF4\x90\x80\x80",
                                "\xF5\x80\x80\x80",
                                "\xFF",
                                "\xC3",
                                "\xE2\x82",
                                "\xF0\x9F\x98",
                                "\xC3(",
                                "\xE2\x82("}) {
    const std::string message =
        error_of([&] { Text::from_bytes("aé" + bad, "memory", Unit::Character); });
    EXPECT_EQ(message.find("memory: byte 3 (0x"), 0U) << message;
  }
  EXPECT_EQ(error_of([] { Text::from_bytes("ab\xFF", "memory", Unit::Character); }),
            "memory: byte 2 (0xff) is not UTF-8: convert the file, or read it as bytes");
}

TEST(Text, RefusesTokensOutsideItsVocabulary) {
  const Text text = Text::from_bytes("ab", "memory", Unit::Character);

  EXPECT_EQ(error_of([&] { text.decode(std::vector<int32_t>{2}); }), "token 2, allowed 0..1");
  EXPECT_EQ(error_of([&] { text.decode(std::vector<int32_t>{-1}); }), "token -1, allowed 0..1");
}

TEST(Split, CutsAtTheFloorOfTheShare) {
  const Split parts = split(99, .8, .1);

  EXPECT_EQ(parts.train, (Range{0, 79}));
  EXPECT_EQ(parts.valid, (Range{79, 89}));
  EXPECT_EQ(parts.heldout, (Range{89, 99}));
}

TEST(Split, LeavesNothingOverWhenTheSharesAddUpToOne) {
  for (size_t size : {1, 7, 10, 1115394}) {
    EXPECT_EQ(split(size, .7, .3).heldout.size(), 0U);
    EXPECT_EQ(split(size, .9, .1).heldout.size(), 0U);
    EXPECT_EQ(split(size, 1, 0).train.size(), size);
  }
}

TEST(Split, RefusesSharesThatAreNone) {
  const double nan = std::nan("");
  for (const auto& [train, valid] :
       {std::pair(0., .5), {.9, .2}, {.9, -.1}, {nan, .1}, {.9, nan}}) {
    EXPECT_THROW(split(100, train, valid), std::invalid_argument);
  }
}

// Figures of nanoGPT's character-level Shakespeare (data/shakespeare_char): 65 characters,
// 1,003,854 and 111,540 tokens.
TEST(Text, SplitsTinyShakespeareAsNanoGptDoes) {
  const char* mirror = std::getenv("SAGGIO_MIRROR");
  if (!mirror) GTEST_SKIP() << "set SAGGIO_MIRROR to a folder that has text/tinyshakespeare.txt";

  const Text text = Text::open(std::string(mirror) + "/text/tinyshakespeare.txt", Unit::Character);
  const Split parts = split(text.size(), .9, .1);

  EXPECT_EQ(text.vocabulary_size(), 65U);
  EXPECT_EQ(parts.train.size(), 1003854U);
  EXPECT_EQ(parts.valid.size(), 111540U);
  std::vector<int32_t> start(5);
  text.read(0, start);
  EXPECT_EQ(start,
            (std::vector<int32_t>{
                18, 47, 56, 57, 58}));  // "First" in its vocabulary: "\n !$&',-.3:;?A-Za-z"
}

}  // namespace
}  // namespace saggio::data
