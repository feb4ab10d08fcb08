// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "graph/query/query.h"
#include "results/random.h"
#include "tests/graph/fuzz/targets.h"

// Hostile queries, made from good ones and from pieces by fixed seeds.
namespace saggio::graph {
namespace {

const std::vector<std::string> kGood = {
    "kind = claim and confidence < 0.5 or not status != open as of 1",
    "edges where type = supports and weight <= 0.5 and from wet valid at 2024-03-01",
    "within 2 of rain out via supports|\"derives\" certain at 2024-02-29T12:30",
    "supports rain or contradicts #0 or (known qualifier.\"a b\" and text ~ '[a-z]+(x|y)*')",
    "text has \"street is\" or key ^= w or rule < 3 or seed = 18446744073709551615"};

const std::vector<std::string> kPieces = {"(",
                                          ")",
                                          "not ",
                                          " and ",
                                          " or ",
                                          "'",
                                          "\"",
                                          "\\",
                                          "#",
                                          "qualifier.",
                                          "|",
                                          "~",
                                          "^=",
                                          "=",
                                          "!",
                                          "1e999",
                                          "nan",
                                          "-0",
                                          "99999999999999999999",
                                          "\xff",
                                          "\xc3",
                                          "\xe2\x80\xae",
                                          "\x1b[2J",
                                          std::string(1, '\0'),
                                          "text ~ '(((a{99}){99}){99})'",
                                          "text ~ '[[:x:]]'",
                                          "text ~ '\\C(?P<n>'",
                                          " as of ",
                                          " valid at ",
                                          "within 2147483647 of ",
                                          "within 2147483648 of ",
                                          "0000-00-00",
                                          "known ",
                                          "edges where ",
                                          "\n",
                                          "\t",
                                          "has ",
                                          "in_degree "};

void replay(const std::string& text) {
  ASSERT_EQ(fuzz_query(reinterpret_cast<const uint8_t*>(text.data()), text.size()), 0);
}

std::string mutated(std::string text, results::Stream& stream) {
  for (uint64_t changes = 1 + stream.below(4); changes > 0; --changes) {
    const size_t at = stream.below(text.size() + 1);
    const size_t count = std::min<size_t>(stream.below(12), text.size() - at);
    switch (stream.below(5)) {
      case 0:
        text.resize(at);
        break;
      case 1:
        if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << stream.below(8)));
        break;
      case 2:
        text.erase(at, count);
        break;
      case 3:
        text.insert(at, text.substr(at, count));
        break;
      default:
        text.insert(at, kPieces[stream.below(kPieces.size())]);
    }
  }
  return text;
}

TEST(QueryFuzz, GoodQueriesAreTaken) {
  for (const std::string& good : kGood) EXPECT_NO_THROW(parse(good)) << good;
}

TEST(QueryFuzz, EveryPrefixOfAGoodQueryIsSurvived) {
  for (const std::string& good : kGood)
    for (size_t size = 0; size <= good.size(); ++size) replay(good.substr(0, size));
}

TEST(QueryFuzz, MutantsAreSurvived) {
  for (size_t which = 0; which < kGood.size(); ++which) {
    results::Stream stream(which);
    for (int i = 0; i < 300; ++i) replay(mutated(kGood[which], stream));
  }
}

TEST(QueryFuzz, HeapsOfPiecesAreSurvived) {
  results::Stream stream(99);
  for (int i = 0; i < 1000; ++i) {
    std::string text;
    for (uint64_t pieces = stream.below(20); pieces > 0; --pieces)
      text += kPieces[stream.below(kPieces.size())];
    replay(text);
  }
}

TEST(QueryFuzz, DeepNestingOverflowsNoStack) {
  for (const std::string open : {"(", "not ", "(not ", "id = 1 and ("}) {
    std::string text;
    while (text.size() + open.size() <= kLongestQuery) text += open;
    replay(text);
    for (int depth = kDeepestQuery - 2; depth <= kDeepestQuery + 2; ++depth) {
      std::string nested, end = "id = 1";
      for (int i = 0; i < depth; ++i) nested += open;
      for (size_t i = 0; i < nested.size(); ++i)
        if (nested[i] == '(') end += ')';
      replay(nested + end);
    }
  }
}

TEST(QueryFuzz, LongTokensAndManyTermsAreSurvived) {
  for (const char* begin : {"", "'", "text ~ '", "qualifier.", "supports #", "id = "})
    for (const char c : {'1', 'a', '\\', ' ', '(', '\0', '\xff'})
      replay(begin + std::string(60'000, c));
  std::string many = "text ~ 'a{9}'";
  while (many.size() < kLongestQuery - 40) many += " or text ~ '(x|y){50}'";
  replay(many);
}

}  // namespace
}  // namespace saggio::graph
