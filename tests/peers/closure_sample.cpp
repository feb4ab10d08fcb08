// SPDX-License-Identifier: MIT
// Facts and Horn rules by a seed, for us and for a Datalog engine:
//   closure_sample FACTS RULES SEED PROGRAM.lp DERIVED.txt
// writes them as an answer-set program, derives their closure with its proofs, writes all of its
// facts, and prints one line of JSON: how many there are and how long that took.
#include <chrono>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "graph/reasoning/closure.h"
#include "results/random.h"

namespace saggio::graph {
namespace {

constexpr size_t kBaseRelations = 10;

struct Sample {
  RuleBook rules;
  FactBase base;
  std::string text;  // of the rules, without weights
};

// The last relation is a forest; each other one has about one edge a node, so that a join of two
// gives about as many facts as each of them has.
void add_facts(Sample& sample, uint64_t facts, results::Stream& stream) {
  const uint64_t nodes = std::max<uint64_t>(2, facts / kBaseRelations);
  for (size_t i = 0; i < kBaseRelations; ++i) {
    std::string name = "r";
    sample.base.relations.push_back({name += std::to_string(i), 2});
  }
  for (uint64_t i = 0; i < facts; ++i) {
    const auto relation = static_cast<RelationIndex>(i % kBaseRelations);
    const uint64_t child = 1 + i / kBaseRelations % (nodes - 1);
    const bool tree = relation + 1 == static_cast<RelationIndex>(kBaseRelations);
    const uint64_t first = tree ? stream.below(child) : stream.below(nodes);
    const uint64_t second = tree ? child : stream.below(nodes);
    sample.base.facts.push_back(
        {{relation, static_cast<NodeIndex>(first), static_cast<NodeIndex>(second)},
         static_cast<double>(stream.below(3)),
         i});
  }
}

// Of ten rules, two say what is below what in the forest, five join two known relations, and three
// join what rules before them derived with a known one.
void add_rules(Sample& sample, uint64_t rules, results::Stream& stream) {
  std::string weighted;
  const auto any = [&] { return "r" + std::to_string(stream.below(kBaseRelations)); };
  for (uint64_t i = 0; i < rules; ++i) {
    const std::string head = (i % 10 < 2 ? "t" : "d") + std::to_string(i % 10 < 2 ? i / 10 : i);
    std::string body;
    if (i % 10 == 0)
      body = "r9(X, Z)";
    else if (i % 10 == 1)
      body = head + "(X, Y), r9(Y, Z)";
    else if (i % 10 < 7)
      body = any() + "(X, Y), " + any() + "(Y, Z)";
    else
      body = "d" + std::to_string(i - i % 10 + 2 + stream.below(5)) + "(X, Y), " + any() + "(Y, Z)";
    const std::string rule = head + "(X, Z) :- " + body + ".\n";
    sample.text += rule;
    weighted += (stream.below(2) ? "0.5 :: " : "") + rule;
  }
  sample.rules = parse_rules(weighted);
}

void write_program(const Sample& sample, const std::string& file) {
  std::ofstream out(file);
  for (const FactBase::Known& known : sample.base.facts)
    out << sample.base.relations[static_cast<size_t>(known.fact.relation)].name << '('
        << known.fact.first << ',' << known.fact.second << ").\n";
  out << sample.text;
}

void write_facts(const Closure& closure, const std::string& file) {
  std::ofstream out(file);
  for (const Fact& fact : closure.facts)
    out << closure.relations[static_cast<size_t>(fact.relation)].name << '(' << fact.first << ','
        << fact.second << ")\n";
}

void run(char** argv) {
  results::Stream stream(std::stoull(argv[3]));
  Sample sample;
  add_facts(sample, std::stoull(argv[1]), stream);
  add_rules(sample, std::stoull(argv[2]), stream);
  write_program(sample, argv[4]);
  const auto begin = std::chrono::steady_clock::now();
  const Closure closure = close(sample.rules, sample.base);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  write_facts(closure, argv[5]);
  size_t derived = 0;
  for (const int32_t rule : closure.rule) derived += rule >= 0;
  std::cout << nlohmann::json{{"facts", closure.facts.size()},
                              {"derived", derived},
                              {"premises", closure.premises.size()},
                              {"seconds", taken.count()}}
                   .dump()
            << "\n";
}

}  // namespace
}  // namespace saggio::graph

int main(int argc, char** argv) {
  if (argc != 6) {
    std::cerr << "closure_sample FACTS RULES SEED PROGRAM.lp DERIVED.txt\n";
    return 2;
  }
  saggio::graph::run(argv);
}
