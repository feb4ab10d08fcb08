// SPDX-License-Identifier: MIT
#include "experiments/data/rules/generate.h"

#include <fmt/format.h>

#include <array>
#include <set>
#include <stdexcept>

#include "experiments/data/rules/sentence.h"

namespace saggio::data {
namespace {

constexpr std::array<std::string_view, 20> kBegins = {"",   "b", "br", "d", "dr", "f", "g",
                                                      "gr", "j", "l",  "n", "p",  "r", "s",
                                                      "st", "t", "tr", "v", "w",  "z"};
constexpr std::array<std::string_view, 8> kMiddles = {
    "imp", "omp", "ump", "orp", "erp", "inp", "onp", "elp"};
constexpr std::array<std::string_view, 16> kProperties = {"sour",
                                                          "shy",
                                                          "bright",
                                                          "cold",
                                                          "loud",
                                                          "small",
                                                          "red",
                                                          "kind",
                                                          "slow",
                                                          "old",
                                                          "happy",
                                                          "angry",
                                                          "wooden",
                                                          "sweet",
                                                          "blue",
                                                          "quiet"};
constexpr std::array<std::string_view, 12> kNames = {
    "Max", "Alex", "Sam", "Rex", "Sally", "Wren", "Stella", "Polly", "Fae", "Tom", "Jack", "Lily"};

// Words in random order, each taken once.
template <size_t count>
std::vector<std::string> shuffled(const std::array<std::string_view, count>& words,
                                  results::Stream& stream) {
  std::vector<std::string> order(words.begin(), words.end());
  stream.shuffle(std::span<std::string>(order));
  return order;
}

std::vector<std::string> kinds(results::Stream& stream) {
  std::vector<std::string> all;
  for (const std::string_view begin : kBegins)
    for (const std::string_view middle : kMiddles)
      all.push_back(fmt::format("{}{}us", begin, middle));
  stream.shuffle(std::span<std::string>(all));
  return all;
}

class Generator {
 public:
  explicit Generator(results::Stream& stream)
      : stream_(stream),
        kinds_(kinds(stream)),
        properties_(shuffled(kProperties, stream)),
        names_(shuffled(kNames, stream)) {}

  RuleProblem make(const std::string& id, int hops, int aside) {
    const bool is_negative = stream_.below(2) == 1, is_true = stream_.below(2) == 1;
    const std::string asked = take(properties_), name = take(names_);
    const std::string holds = is_negative ? opposite(asked) : asked;
    lay_chain(hops, holds, name);
    lay_foreign(opposite(holds));
    for (int i = 2; i < aside; ++i) stream_.below(2) == 0 ? branch() : extend_foreign();
    stream_.shuffle(std::span<std::string>(sentences_));
    std::string context;
    for (const std::string& sentence : sentences_)
      context += (context.empty() ? "" : " ") + sentence;
    const std::string statement = fmt::format("{} is {}.", name, is_true ? holds : opposite(holds));
    return rule_problem(id, context, statement, is_true, proof_);
  }

 private:
  static std::string take(std::vector<std::string>& from) {
    std::string word = std::move(from.back());
    from.pop_back();
    return word;
  }
  const std::string& any(const std::vector<std::string>& of) {
    return of[stream_.below(of.size())];
  }

  std::string state(const std::string& sentence) {
    sentences_.push_back(sentence);
    return sentence;
  }
  std::string rule(const std::string& kind, const std::string& said) {
    return state(rule_sentence(kind, said, static_cast<int>(stream_.below(3))));
  }
  std::string fact(const std::string& name, const std::string& said) const {
    return fmt::format("{} is {}.", name, with_article(said));
  }

  // Who is of the first kind, each kind is of the next, the last has the property.
  void lay_chain(int hops, const std::string& holds, const std::string& name) {
    own_ = {take(kinds_)};
    proof_ = {state(fact(name, own_[0]))};
    for (int i = 1; i <= hops; ++i) {
      const std::string next = i == hops ? holds : take(kinds_);
      proof_.push_back(rule(own_.back(), next));
      proof_.push_back(fact(name, next));
      if (i < hops) own_.push_back(next);
    }
  }

  // Somebody else, of whom the opposite holds: two rules.
  void lay_foreign(const std::string& opposite_holds) {
    foreign_ = {take(kinds_), take(kinds_)};
    state(fact(take(names_), foreign_[0]));
    rule(foreign_[0], foreign_[1]);
    rule(foreign_[1], opposite_holds);
  }

  // A kind or a property that leads off the chain; of a property everybody of the chain has one
  // sign.
  void branch() {
    const std::string from = any(own_);
    if (!properties_.empty() && stream_.below(2) == 0) {
      const std::string property = take(properties_);
      rule(from, stream_.below(2) == 0 ? property : opposite(property));
      return;
    }
    own_.push_back(take(kinds_));
    rule(from, own_.back());
  }
  void extend_foreign() {
    const std::string from = any(foreign_);
    foreign_.push_back(take(kinds_));
    rule(from, foreign_.back());
  }

  results::Stream& stream_;
  std::vector<std::string> kinds_, properties_, names_;  // not yet used
  std::vector<std::string> own_, foreign_;               // kinds of the one asked about, and others
  std::vector<std::string> sentences_, proof_;
};

void check(const char* what, int value, int low, int high) {
  if (!(value >= low && value <= high))
    throw std::invalid_argument(
        fmt::format("a problem with {} {}, allowed {}..{}", value, what, low, high));
}

}  // namespace

RuleProblem generate_problem(const std::string& id, int hops, int aside, results::Stream& stream) {
  check("hops", hops, 1, kMostHops);
  check("rules aside", aside, 2, kMostAside);
  return Generator(stream).make(id, hops, aside);
}

}  // namespace saggio::data
