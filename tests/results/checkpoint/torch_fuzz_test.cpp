// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/results/checkpoint/torch_sample.h"
#include "tests/results/checkpoint/torch_target.h"

// Hostile checkpoints, made from good ones by fixed seeds: no crash, no exception but the one that
// a caller expects.
namespace saggio::results {
namespace {

bool taken(const std::string& file) {
  return read_hostile(reinterpret_cast<const uint8_t*>(file.data()), file.size());
}

// What pickles and zip files are made of, and what others have stumbled over.
const std::vector<std::string> kPieces = {"(",
                                          "t",
                                          ")",
                                          "R",
                                          "Q",
                                          "]",
                                          "a",
                                          "e",
                                          "}",
                                          "s",
                                          "u",
                                          "b",
                                          ".",
                                          "N",
                                          "\x88",
                                          "q\1",
                                          "h\1",
                                          "j\1",
                                          "\x86",
                                          "\x8a\xff",
                                          "X\xff\xff\xff\xff",
                                          "J\xff\xff\xff\x7f",
                                          "J\xff\xff\xff\xff",
                                          "\x8a\x8\xff\xff\xff\xff\xff\xff\xff\x7f",
                                          "cos\nsystem\n",
                                          "ccollections\nOrderedDict\n",
                                          "PK\3\4",
                                          "PK\1\2",
                                          "PK\5\6",
                                          "PK\7\10"};

void mutate(std::string& text, std::mt19937_64& random) {
  const auto below = [&](size_t n) { return static_cast<size_t>(random() % n); };
  for (size_t changes = 1 + below(4); changes > 0; --changes) {
    const size_t at = below(text.size() + 1), count = std::min(below(12), text.size() - at);
    switch (below(6)) {
      case 0:
        text.resize(at);
        break;
      case 1:
        if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
        break;
      case 2:
        text.erase(at, count);
        break;
      case 3:
        text.insert(at, text.substr(at, count));
        break;
      case 4:
        if (at < text.size()) text[at] = static_cast<char>(random());
        break;
      default:
        text.insert(at, kPieces[below(kPieces.size())]);
    }
  }
}

std::string pickle_of_whole() {
  const std::string file = sample::whole();
  const size_t begin = file.find("\x80\2"), end = file.find("PK\7\10");
  return file.substr(begin, end - begin);
}

TEST(TorchFuzzReplay, TheGoodFileIsTaken) { EXPECT_TRUE(taken(sample::whole())); }

TEST(TorchFuzzReplay, NoFileThatIsCutOffIsTaken) {
  const std::string file = sample::whole();
  for (size_t size = 0; size < file.size(); ++size)
    EXPECT_FALSE(taken(file.substr(0, size))) << size;
}

TEST(TorchFuzzReplay, MutantsOfTheFileAreSurvived) {
  const std::string good = sample::whole();
  for (uint64_t seed = 0; seed < 1'000; ++seed) {
    std::mt19937_64 random(seed);
    std::string file = good;
    mutate(file, random);
    taken(file);
  }
}

// With sizes and checksums made right, so that the pickle is reached.
TEST(TorchFuzzReplay, MutantsOfThePickleAreSurvived) {
  const std::string good = pickle_of_whole();
  size_t accepted = 0;
  for (uint64_t seed = 0; seed < 1'000; ++seed) {
    std::mt19937_64 random(seed);
    std::string pickle = good;
    mutate(pickle, random);
    std::vector<sample::Record> records = sample::records(
        "", {{"0", sample::words(6)}, {"1", sample::words(3)}, {"2", sample::little(7, 8)}});
    records[0].content = pickle;
    accepted += taken(sample::zip(records));
  }
  EXPECT_GT(accepted, 0U);    // a changed key is as good as another
  EXPECT_LT(accepted, 500U);  // most changes break something
}

TEST(TorchFuzzReplay, NoPrefixOfAPickleIsTaken) {
  const std::string good = pickle_of_whole();
  for (size_t size = 0; size < good.size(); ++size) {
    std::vector<sample::Record> records = sample::records(
        "", {{"0", sample::words(6)}, {"1", sample::words(3)}, {"2", sample::little(7, 8)}});
    records[0].content = good.substr(0, size);
    EXPECT_FALSE(taken(sample::zip(records))) << size;
  }
}

TEST(TorchFuzzReplay, DeepNestingOverflowsNoStack) {
  std::string open, close;
  for (int i = 0; i < 100'000; ++i) open += "](", close += "e";
  EXPECT_FALSE(taken(sample::checkpoint(open + "N" + close, {})));
  EXPECT_FALSE(taken(sample::checkpoint(std::string(100'000, '('), {})));
}

// Thirty lists, each of which holds the one before twice: a billion tensors, if all were walked.
TEST(TorchFuzzReplay, ListsThatMultiplyAreRefused) {
  std::string body = "](" + sample::rebuilt({}) + "eq\1";
  for (char i = 2; i < 32; ++i)
    body += std::string("](h") + char(i - 1) + "h" + char(i - 1) + "eq" + i;
  body = "(" + body + "t";
  EXPECT_FALSE(taken(sample::checkpoint(body)));
}

}  // namespace
}  // namespace saggio::results
