// SPDX-License-Identifier: MIT
#pragma once

#include <istream>
#include <string>
#include <vector>

#include "graph/reasoning/rules.h"

// Problems of deduction in plain English of a few kinds of sentence (sentence.h), read into rules and
// facts. "not sour" is a relation of its own, beside "sour".
namespace saggio::data {

struct RuleOption {
  std::string text;  // "Max is not sour"
  graph::Goal goal;
};

struct RuleProblem {
  std::string id;
  std::vector<std::string> sentences;    // with their full stops
  graph::RuleBook book;                  // rule i is sentence i, and stands in line i + 1
  std::vector<std::string> individuals;  // by NodeIndex, in the order of first mention
  std::vector<RuleOption> options;       // exactly one follows
  size_t answer = 0;                     // of the options
  std::vector<std::string> proof;        // as published: sentences of the text and what follows
  int hops = 0;                          // rules in it
};

// From its parts: sentences, and one that is true or whose opposite is. The options are these two.
// Throws std::invalid_argument for a sentence of another kind, and a statement that is a rule.
RuleProblem rule_problem(const std::string& id,
                         const std::string& context,
                         const std::string& statement,
                         bool is_true,
                         const std::vector<std::string>& proof);

// ProntoQA (Saparov and He 2023, arXiv:2210.01240) as Logic-LM publishes it: a list of objects with
// `id`, `context`, `question` ("... true or false? Max is sour."), `answer` (A: true, B: false) and
// `explanation`. The options are the statement and its opposite.
// Throws std::invalid_argument "NAME:LINE: what" for what is no JSON, "NAME: problem N: what, got,
// allowed" for a key that is missing or of another type, a sentence of another kind, and an answer
// that is no option.
std::vector<RuleProblem> read_prontoqa(std::istream& in, const std::string& name);

// ProsQA (Hao et al. 2024, arXiv:2412.06769): `question` (the sentences, then "Is Tom a lempus or
// scrompus?"), `answer`, `steps`, and the graph behind them (`idx_to_symbol`, `edges`, `root`,
// `target`, `neg_target`), with which the sentences must agree. Throws likewise.
std::vector<RuleProblem> read_prosqa(std::istream& in, const std::string& name);

}  // namespace saggio::data
