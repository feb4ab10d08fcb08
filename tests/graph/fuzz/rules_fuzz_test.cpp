// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "results/random.h"
#include "tests/graph/fuzz/targets.h"

// Hostile rules, made of pieces of good ones and of what parsers have stumbled over before, by fixed
// seeds: no crash, no exception but the one that a caller expects, and what is taken says the same
// when it is written back and read again.
namespace saggio::graph {
namespace {

const std::vector<std::string> kPieces = {"p(X) :- q(X, _).\n",
                                          "0.5 :: ",
                                          "p",
                                          "(",
                                          ")",
                                          ",",
                                          ".",
                                          ":-",
                                          "::",
                                          "!=",
                                          "X",
                                          "_",
                                          "_a",
                                          "a",
                                          "é",
                                          "\"a b\"",
                                          "\"\\\"\\\\\"",
                                          "\"",
                                          "\\",
                                          "# c\n",
                                          "% c",
                                          "1",
                                          "0",
                                          "1e-9",
                                          "1e999",
                                          "0.",
                                          ".5",
                                          "1a",
                                          "-",
                                          "a-b",
                                          "\xFF",
                                          "\xC3",
                                          "\xED\xA0\x80",
                                          "\xEF\xBB\xBF",
                                          "\r",
                                          "\n",
                                          "\t",
                                          "\v",
                                          "\x1B[2J",
                                          std::string(1, '\0'),
                                          "r(a, b, c)",
                                          "X != Y",
                                          "\"\"",
                                          ":",
                                          "!",
                                          ";",
                                          "\xE2\x80\xA8",
                                          "p(a) :- b(X), c(X), X != a."};

void run(const std::string& text) {
  fuzz_rules(reinterpret_cast<const uint8_t*>(text.data()), text.size());
}

TEST(RulesFuzz, PiecesInAnyOrder) {
  results::Stream stream(1);
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (uint64_t pieces = stream.below(12); pieces > 0; --pieces)
      text += kPieces[stream.below(kPieces.size())];
    run(text);
  }
}

TEST(RulesFuzz, GoodRulesWithBytesChangedOrCutOff) {
  results::Stream stream(2);
  const std::string good =
      "# family\n0.9 :: grandparent(X, Z) :- parent(X, Y), parent(Y, Z).\n"
      "sibling(X, Y) :- parent(P, X), parent(P, Y), X != Y.\n\"is a\"(\"Anna \\\"M\\\"\", é) .\n";
  for (int round = 0; round < 10'000; ++round) {
    std::string text = good;
    for (uint64_t changes = 1 + stream.below(3); changes > 0 && !text.empty(); --changes) {
      const size_t at = stream.below(text.size());
      switch (stream.below(4)) {
        case 0:
          text[at] = static_cast<char>(stream.below(256));
          break;
        case 1:
          text.erase(at, 1 + stream.below(8));
          break;
        case 2:
          text.insert(at, kPieces[stream.below(kPieces.size())]);
          break;
        default:
          text.resize(at + 1);
      }
    }
    run(text);
  }
}

TEST(RulesFuzz, VeryLongInputs) {
  for (const char* piece :
       {"(", "p(", "a", "X", "0", "\"", "p(a). ", "# ", "p(X) :- q(X), ", "X != Y, "}) {
    std::string text;
    while (text.size() < 1'000'000) text += piece;
    run(text);
    run("p(X) :- q(X), " + text);
  }
}

}  // namespace
}  // namespace saggio::graph
