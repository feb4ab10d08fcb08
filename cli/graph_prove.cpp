// SPDX-License-Identifier: MIT
// saggio graph prove
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <utility>

#include "cli/graph.h"
#include "graph/formats/lines.h"
#include "graph/reasoning/proof_nodes.h"
#include "graph/reasoning/support.h"
#include "graph/view/segment.h"

namespace saggio::cli {

using graph::Closure;
using graph::FactIndex;
using graph::History;
using graph::RuleBook;
using graph::View;
using nlohmann::json;

namespace {

constexpr int kDeepest = 40;  // lines further in help nobody

// What is asked: rules, their closure over one point of a store, and the answers in it.
struct Proved {
  RuleBook rules;
  graph::Goal goal;
  Closure closure;
  std::vector<FactIndex> answers;
};

RuleBook rules_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  if (!in || std::filesystem::is_directory(file))
    throw std::invalid_argument(fmt::format("RULES = {}: no such file", graph::clean(file)));
  if (in.peek() != std::ifstream::traits_type::eof()) text << in.rdbuf();
  return graph::parse_rules(text.str(), file);
}

Proved prove(const GraphArguments& arguments, const History& history, const View& view) {
  Proved proved;
  const bool has_rules = !arguments.goal.empty();
  proved.goal = graph::parse_goal(has_rules ? arguments.goal : arguments.file);
  if (has_rules) proved.rules = rules_of(arguments.file);
  const graph::FactBase base = graph::facts_of(history, view, proved.rules, &proved.goal);
  proved.closure = graph::close(proved.rules, base);
  proved.answers = graph::answers(proved.closure, proved.goal, base);
  return proved;
}

std::string weight_text(const Closure& closure, FactIndex fact) {
  return fmt::format("{:.4g}", graph::weight_of(closure.cost[fact]));
}

// Where a rule or a fact of the rules stands: "family.rules:3".
std::string place_of(const RuleBook& rules, int32_t rule) {
  return fmt::format(
      "{}:{}", graph::clean(rules.name), rules.rules[static_cast<size_t>(rule)].head.place.line);
}

// Facts and their proofs, as text and as JSON.
class Teller {
 public:
  Teller(const Proved& proved, const History& history, const View& view)
      : proved_(proved), history_(history), view_(view), told_(proved.closure.facts.size()) {}

  std::string text(FactIndex fact) const {
    return graph::clean(
        graph::text_of(proved_.closure.facts[fact], proved_.closure, view_, history_), 200);
  }

  // A fact on one line, and below it, further in, the rule and what it took. What was told before is
  // not told again.
  void print(FactIndex fact, int depth = 0) {
    const Closure& closure = proved_.closure;
    const int32_t rule = closure.rule[fact];
    const bool derived = !closure.premises_of(fact).empty();
    const bool known = std::exchange(told_[fact], uint8_t{1}) && derived;
    fmt::print("{:{}}{}  {}{}\n",
               "",
               2 * depth,
               text(fact),
               weight_text(closure, fact),
               known     ? "  (as above)"
               : derived ? depth < kDeepest ? "" : "  (goes on below; --json tells all of it)"
                         : "  " + origin(fact));
    if (known || !derived || depth == kDeepest) return;
    fmt::print("{:{}}by {}  ({})\n",
               "",
               2 * depth + 2,
               graph::clean(graph::text_of(proved_.rules.rules[static_cast<size_t>(rule)]), 200),
               place_of(proved_.rules, rule));
    for (const FactIndex premise : closure.premises_of(fact)) print(premise, depth + 1);
  }

  json tree(FactIndex fact) const {
    const Closure& closure = proved_.closure;
    json node = {{"fact", text(fact)}, {"weight", graph::weight_of(closure.cost[fact])}};
    if (closure.premises_of(fact).empty()) {
      node["from"] = origin(fact);
      return node;
    }
    const int32_t rule = closure.rule[fact];
    node["rule"] = graph::text_of(proved_.rules.rules[static_cast<size_t>(rule)]);
    node["at"] = place_of(proved_.rules, rule);
    node["premises"] = json::array();
    for (const FactIndex premise : closure.premises_of(fact)) node["premises"].push_back(premise);
    return node;
  }

 private:
  std::string origin(FactIndex fact) const {
    const Closure& closure = proved_.closure;
    if (closure.rule[fact] >= 0) return place_of(proved_.rules, closure.rule[fact]);
    return fmt::format(
        "{} #{}", closure.facts[fact].second < 0 ? "node" : "edge", closure.edge[fact]);
  }

  const Proved& proved_;
  const History& history_;
  const View& view_;
  std::vector<uint8_t> told_;
};

json as_json(const Proved& proved, const Teller& teller) {
  json facts = json::object();
  for (const FactIndex part : graph::proof_of(proved.closure, proved.answers))
    facts[std::to_string(part)] = teller.tree(part);
  size_t derived = 0;
  for (const int32_t rule : proved.closure.rule) derived += rule >= 0;
  return {{"goal", graph::text_of(proved.goal.atom, proved.goal.variables)},
          {"answers", proved.answers},
          {"facts", facts},
          {"closure", {{"facts", proved.closure.facts.size()}, {"derived", derived}}}};
}

void print_answers(const Proved& proved, Teller& teller, size_t limit) {
  const size_t shown = std::min(limit, proved.answers.size());
  for (size_t i = 0; i < shown; ++i) teller.print(proved.answers[i]);
  if (proved.answers.empty())
    fmt::print("nothing proves {}\n",
               graph::clean(graph::text_of(proved.goal.atom, proved.goal.variables), 200));
  else if (shown < proved.answers.size())
    fmt::print("... and {} more answers; --limit {} shows them\n",
               grouped(proved.answers.size() - shown),
               proved.answers.size());
}

void print_written(const std::string& store,
                   const graph::WrittenProofs& written,
                   graph::Version version) {
  fmt::print("{}: version {}: {} added, {} added, {} revised, {} retired\n",
             store,
             version,
             counted(written.nodes_added, "node"),
             counted(written.edges_added, "edge"),
             grouped(written.revised),
             grouped(written.retired));
}

// Proves over the head, and leaves the proofs there.
int prove_and_write(const Program& program, const GraphArguments& arguments) {
  if (!arguments.as_of.empty() || !arguments.world.empty())
    throw std::invalid_argument(
        "--write with --as-of or --world: proofs are written of the head alone; leave one out");
  graph::Store store = open_to_write(arguments.store);
  const graph::Version head = store.history().head();
  const View view = graph::view_of(store, {.version = head});
  const Proved proved = prove(arguments, store.history(), view);
  const auto written =
      graph::write_proofs(store, view, proved.closure, proved.rules, proved.answers);
  const bool anything =
      written.nodes_added + written.edges_added + written.revised + written.retired > 0;
  const graph::Version version = anything ? store.commit() : head;
  Teller teller(proved, store.history(), view);
  if (program.json) {
    json answer = as_json(proved, teller);
    answer["written"] = {{"version", version},
                         {"nodes_added", written.nodes_added},
                         {"edges_added", written.edges_added},
                         {"revised", written.revised},
                         {"retired", written.retired}};
    std::cout << dumped(answer) << "\n";
    return 0;
  }
  if (!program.quiet) print_answers(proved, teller, arguments.limit);
  if (anything)
    print_written(arguments.store, written, version);
  else
    fmt::print("{}: all of it is there already, version {} stays\n", arguments.store, head);
  return 0;
}

}  // namespace

int graph_prove(const Program& program, const GraphArguments& arguments) {
  if (arguments.write) return prove_and_write(program, arguments);
  graph::Reader reader = open_to_read(arguments.store);
  const graph::AsOf as_of = point_of(reader.history(), arguments);
  const View view = graph::view_of(reader, as_of);
  const Proved proved = prove(arguments, reader.history(), view);
  Teller teller(proved, reader.history(), view);
  if (program.json)
    std::cout << dumped(as_json(proved, teller)) << "\n";
  else
    print_answers(proved, teller, arguments.limit);
  return 0;
}

}  // namespace saggio::cli
