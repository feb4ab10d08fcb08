// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Horn rules from a text file, UTF-8; graph/reasoning/REASONING.md has examples.
//
//   # comments go on to the end of their line
//   0.9 :: grandparent(X, Z) :- parent(X, Y), parent(Y, Z).
//   sibling(X, Y) :- parent(P, X), parent(P, Y), X != Y.
//   parent("Anna Maria", bob).
//
//   file      = { statement }
//   statement = [ weight "::" ] atom [ ":-" literal { "," literal } ] "."
//   literal   = atom | term "!=" term
//   atom      = relation "(" term [ "," term ] ")"
//   relation  = word | quoted
//   term      = variable | "_" | word | number | quoted
//   weight    = a decimal number in (0, 1]; 1 if it is left out
//
// A word begins with a lower-case letter or a byte above 127 and goes on with letters, digits, `_`
// and `-`; a variable begins with an upper-case letter, or with `_` and more; `_` alone is another
// variable each time. Quoted text stands in double quotes on one line; \" and \\ stand for " and \.
// Variables of the head and of `!=` occur in an atom of the body; a statement without a body has
// none. It is no Prolog: no functions, no negation, one or two terms.
namespace saggio::graph {

struct Place {
  int32_t line = 1, column = 1;  // column: in characters, from 1
};

struct Term {
  int32_t variable = -1;  // in [0, Rule::variables.size()); -1: a constant
  std::string key;        // of a constant
  Place place;
};
struct Atom {
  std::string relation;
  std::vector<Term> terms;  // 1 or 2
  Place place;
};
struct Rule {
  double weight = 1;
  Atom head;
  std::vector<Atom> body;                        // empty: a fact
  std::vector<std::pair<Term, Term>> different;  // each pair must differ
  std::vector<std::string> variables;            // names; "_": no name
};
struct RuleBook {
  std::string name;  // of the file, as messages tell it
  std::vector<Rule> rules;
};
// What to look for: an atom on its own.
struct Goal {
  Atom atom;
  std::vector<std::string> variables;
};

inline constexpr size_t kLongestBody = 16;  // atoms; and as many `!=`

// Throw std::invalid_argument "NAME:LINE:COLUMN: what, got, allowed".
RuleBook parse_rules(std::string_view text, const std::string& name = "rules");
Goal parse_goal(std::string_view text);  // a full stop behind it may be left out

// As they would be written; reading it gives the same.
std::string text_of(const Rule& rule);
std::string text_of(const Atom& atom, const std::vector<std::string>& variables);
// A relation or a key as a rule has it: in quotes where it needs them.
std::string written(std::string_view name, bool relation);

}  // namespace saggio::graph
