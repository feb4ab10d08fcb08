// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "experiments/data/kinship/family.h"

// The sentences of the stories: patterns with slots. Words and marks are separated by one space, so
// that splitting at spaces gives the words. Names are made of sex-free syllables: only the words
// for kin and the pronouns tell who is a man.
namespace saggio::data::kinship {

enum class Use {
  OneFact,
  TwoFacts,
  HeldOut,
  Filler
};  // HeldOut: one fact, in words kept for testing

// Slots: {X} and {Y} names, {r} what Y is to X, {a} the same with its article, {p} "his" or "her"
// of X; for a second fact {U}, {V}, {s}, {b}, {q} in the same order; {l} a place; {d} something
// done. Patterns of two facts read well whether or not the facts share a person.
struct Wording {
  std::string_view pattern;
  Use use;

  // Whether the sentence tells X's sex (and U's). Y's and V's it always tells, by the words for
  // what they are.
  bool reveals_x() const { return pattern.find("{p}") != std::string_view::npos; }
};

std::span<const Wording> wordings();
std::span<const std::string_view> names();  // 80

struct Person {
  std::string_view name;
  Sex sex = Sex::Male;
};

struct Statement {
  Person x{}, y{};
  Relation y_to_x{};
};

// What fills the slots; those that a pattern lacks are ignored.
struct Filling {
  Statement one{}, other{};
};

// Places and doings are drawn from the stream.
std::string render(const Wording& wording, const Filling& filling, results::Stream& stream);

}  // namespace saggio::data::kinship
