// SPDX-License-Identifier: MIT
#include "experiments/data/rules/problem.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <stdexcept>

#include "experiments/data/rules/sentence.h"
#include "graph/formats/lines.h"

namespace saggio::data {
namespace {

using graph::shown;
using nlohmann::json;

// Where a problem stands, for messages.
struct Where {
  std::string place;
  size_t number = 0;  // of the problem in its file, from 1

  [[noreturn]] void refuse(const std::string& what) const {
    throw std::invalid_argument(fmt::format("{}: {}", place, what));
  }
};

json parse(std::istream& in, const std::string& name) {
  std::ostringstream text;
  text << in.rdbuf();
  const std::string bytes = text.str();
  try {
    json problems = json::parse(bytes);
    if (!problems.is_array() || problems.empty())
      throw std::invalid_argument(name + ":1: allowed is a list of problems, one or more");
    return problems;
  } catch (const json::parse_error& error) {
    const size_t end = std::min(error.byte, bytes.size());
    const auto line = 1 + std::count(bytes.data(), bytes.data() + end, '\n');
    throw std::invalid_argument(
        fmt::format("{}:{}: is no JSON: {}", name, line, graph::clean(error.what(), 200)));
  }
}

template <typename Value>
Value get(const json& object, const char* key, const Where& where) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  if (!object.is_object() || found == object.end()) where.refuse(fmt::format("no key \"{}\"", key));
  try {
    return found->get<Value>();
  } catch (const json::exception&) {
    where.refuse(fmt::format("\"{}\" is {}", key, shown(found->dump())));
  }
}

RuleSentence sentence_of(const std::string& text, const Where& where) {
  const auto read = read_sentence(text);
  if (!read)
    where.refuse(
        fmt::format("{}: allowed is as \"Every yumpus is a dumpus.\", \"Yumpuses are not "
                    "shy.\" or \"Max is a yumpus.\"",
                    shown(text)));
  return *read;
}

std::string atom_of(const std::string& said, const std::string& term) {
  return fmt::format("{}({})", graph::written(said, true), term);
}

std::string fact_of(const std::string& said, const std::string& individual) {
  return atom_of(said, graph::written(individual, false));
}

void mention(RuleProblem& problem, const std::string& individual) {
  auto& known = problem.individuals;
  if (std::find(known.begin(), known.end(), individual) == known.end()) known.push_back(individual);
}

// Cuts a text behind its full stops and reads each sentence into a line of the rule book.
void read_context(std::string_view text, RuleProblem& problem, const Where& where) {
  std::string book;
  while (!text.empty()) {
    const size_t stop = std::min(text.find('.'), text.size() - 1);
    const std::string sentence(text.substr(0, stop + 1));
    text.remove_prefix(stop + 1);
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    const RuleSentence read = sentence_of(sentence, where);
    if (!read.is_rule) mention(problem, read.subject);
    book += read.is_rule
                ? fmt::format("{} :- {}.\n", atom_of(read.said, "X"), atom_of(read.subject, "X"))
                : fact_of(read.said, read.subject) + ".\n";
    problem.sentences.push_back(sentence);
  }
  problem.book = graph::parse_rules(book, problem.id);
}

RuleOption option_of(const std::string& individual, const std::string& said, RuleProblem& problem) {
  mention(problem, individual);
  return {fmt::format("{} is {}{}", individual, is_kind(said) ? "a " : "", said),
          graph::parse_goal(fact_of(said, individual))};
}

// Rules of the text that a proof uses.
int hops_of(const RuleProblem& problem) {
  std::set<std::string> rules;
  for (size_t i = 0; i < problem.sentences.size(); ++i)
    if (!problem.book.rules[i].body.empty()) rules.insert(problem.sentences[i]);
  const std::set<std::string> proof(problem.proof.begin(), problem.proof.end());
  return static_cast<int>(std::count_if(
      proof.begin(), proof.end(), [&](const std::string& step) { return rules.contains(step); }));
}

RuleProblem true_or_false(const std::string& id,
                          const std::string& context,
                          const std::string& statement,
                          bool is_true,
                          const std::vector<std::string>& proof,
                          const Where& where) {
  RuleProblem problem;
  problem.id = id;
  read_context(context, problem, where);
  const RuleSentence asked = sentence_of(statement, where);
  if (asked.is_rule) where.refuse(fmt::format("{}: asks about a rule", shown(statement)));
  problem.options.push_back(option_of(asked.subject, asked.said, problem));
  problem.options.push_back(option_of(asked.subject, opposite(asked.said), problem));
  problem.answer = is_true ? 0 : 1;
  problem.proof = proof;
  problem.hops = hops_of(problem);
  return problem;
}

RuleProblem prontoqa_problem(const json& item, const Where& where) {
  const auto id = get<std::string>(item, "id", where);
  const auto context = get<std::string>(item, "context", where);
  const auto question = get<std::string>(item, "question", where);
  constexpr std::string_view kAsked = "Is the following statement true or false? ";
  if (!question.starts_with(kAsked))
    where.refuse(fmt::format("question {}: allowed is \"{}...\"", shown(question), kAsked));
  const auto answer = get<std::string>(item, "answer", where);
  if (answer != "A" && answer != "B")
    where.refuse(fmt::format("answer {}, allowed: A (true), B (false)", shown(answer)));
  return true_or_false(id,
                       context,
                       question.substr(kAsked.size()),
                       answer == "A",
                       get<std::vector<std::string>>(item, "explanation", where),
                       where);
}

// "Is Tom a lempus or scrompus?": who, and the two kinds.
struct Alternative {
  std::string individual, first, second;
};
Alternative alternative_of(const std::string& text, const Where& where) {
  std::istringstream in(text);
  std::string is, article, either;
  Alternative read;
  in >> is >> read.individual >> article >> read.first >> either >> read.second;
  const bool ends = read.second.ends_with('?') && in.peek() == std::char_traits<char>::eof();
  if (is != "Is" || (article != "a" && article != "an") || either != "or" || !ends)
    where.refuse(fmt::format("question ends in {}: allowed is as \"Is Tom a lempus or scrompus?\"",
                             shown(text)));
  read.second.pop_back();
  return read;
}

// The graph behind a problem of ProsQA, as pairs of symbols.
using Pairs = std::set<std::pair<std::string, std::string>>;

Pairs stated_pairs(const RuleProblem& problem, const Where& where) {
  Pairs pairs;
  for (const std::string& sentence : problem.sentences) {
    const RuleSentence read = sentence_of(sentence, where);
    pairs.emplace(read.subject, read.said);
  }
  return pairs;
}

void check_graph(const json& item,
                 const RuleProblem& problem,
                 const Alternative& asked,
                 const Where& where) {
  const auto symbols = get<std::vector<std::string>>(item, "idx_to_symbol", where);
  const auto symbol = [&](size_t index) -> const std::string& {
    if (!(index < symbols.size()))
      where.refuse(fmt::format("symbol {}, of which there are {}", index, symbols.size()));
    return symbols[index];
  };
  Pairs edges;
  for (const auto& [from, to] : get<std::vector<std::pair<size_t, size_t>>>(item, "edges", where))
    edges.emplace(symbol(from), symbol(to));
  if (edges != stated_pairs(problem, where)) where.refuse("edges and sentences do not agree");
  const std::string& target = symbol(get<size_t>(item, "target", where));
  const std::string& other = symbol(get<size_t>(item, "neg_target", where));
  if (symbol(get<size_t>(item, "root", where)) != asked.individual ||
      std::set{target, other} != std::set{asked.first, asked.second})
    where.refuse("root, target and neg_target are not those of the question");
  const std::string& answer = problem.options[problem.answer].text;
  if (answer != fmt::format("{} is a {}", asked.individual, target))
    where.refuse(fmt::format("answer {}, but the target is {}", shown(answer), shown(target)));
}

RuleProblem prosqa_problem(const json& item, const Where& where) {
  RuleProblem problem;
  problem.id = fmt::format("ProsQA_{}", where.number);
  const auto question = get<std::string>(item, "question", where);
  const size_t last = question.rfind(". ");
  if (last == std::string::npos)
    where.refuse(
        fmt::format("question {}: allowed are sentences, then what is asked", shown(question)));
  read_context(std::string_view(question).substr(0, last + 1), problem, where);
  const Alternative asked = alternative_of(question.substr(last + 2), where);
  for (const std::string& kind : {asked.first, asked.second})
    problem.options.push_back(option_of(asked.individual, kind, problem));
  const auto answer = get<std::string>(item, "answer", where);
  const auto is_answer = [&](const RuleOption& option) { return option.text + "." == answer; };
  const auto found = std::find_if(problem.options.begin(), problem.options.end(), is_answer);
  if (found == problem.options.end())
    where.refuse(fmt::format("answer {}, allowed: {} or {}",
                             shown(answer),
                             shown(problem.options[0].text + "."),
                             shown(problem.options[1].text + ".")));
  problem.answer = static_cast<size_t>(found - problem.options.begin());
  problem.proof = get<std::vector<std::string>>(item, "steps", where);
  problem.hops = hops_of(problem);
  check_graph(item, problem, asked, where);
  return problem;
}

template <typename Read>
std::vector<RuleProblem> read_all(std::istream& in, const std::string& name, Read read) {
  const json items = parse(in, name);
  std::vector<RuleProblem> problems;
  for (const json& item : items) {
    const size_t number = problems.size() + 1;
    problems.push_back(read(item, Where{fmt::format("{}: problem {}", name, number), number}));
  }
  return problems;
}

}  // namespace

RuleProblem rule_problem(const std::string& id,
                         const std::string& context,
                         const std::string& statement,
                         bool is_true,
                         const std::vector<std::string>& proof) {
  return true_or_false(id, context, statement, is_true, proof, Where{id});
}

std::vector<RuleProblem> read_prontoqa(std::istream& in, const std::string& name) {
  return read_all(in, name, prontoqa_problem);
}

std::vector<RuleProblem> read_prosqa(std::istream& in, const std::string& name) {
  return read_all(in, name, prosqa_problem);
}

}  // namespace saggio::data
