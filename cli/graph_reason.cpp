// SPDX-License-Identifier: MIT
// saggio graph why | whatif
#include "cli/graph_reason.h"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "graph/formats/lines.h"
#include "graph/reasoning/frailty.h"

namespace saggio::cli {

using graph::AsOf;
using graph::Contradiction;
using graph::History;
using graph::NodeIndex;
using graph::Reader;
using nlohmann::json;

namespace {

size_t at(NodeIndex x) { return static_cast<size_t>(x); }

// Weights that no product of weights can use are said, not passed over.
void print_clamped(const Program& program, const graph::SupportGraph& support) {
  if (support.clamped > 0 && !program.json)
    fmt::print("note: {} outside (0, 1] count as the nearest of [{}, 1]\n",
               counted(support.clamped, "weight"),
               graph::kLeastWeight);
}

// --- why

// What it lacks, in words.
std::string lack_text(const Spoken& spoken, Reader& reader, const graph::Lack& lack) {
  if (lack.cause == graph::Cause::Barred)
    return fmt::format("is {}", graph::name(spoken.node(lack.node).attributes.status));
  if (lack.cause == graph::Cause::NoReason) return "has no reason";
  if (lack.cause == graph::Cause::Circular) return "is held up only by what it holds up itself";
  const std::vector<graph::LostPremise>& lost = spoken.support.lost;
  const auto first = std::find_if(lost.begin(), lost.end(), [&](const graph::LostPremise& one) {
    return one.step == lack.node;
  });
  const auto rows = reader.history().node_revisions(first->premise);
  return fmt::format("has lost its premise {}",
                     rows.empty() ? fmt::format("#{}", first->premise)
                                  : label(reader, first->premise, {.version = rows.back().from}));
}

struct Answer {
  graph::ProofList explanations;
  std::vector<NodeIndex> single_points;
  graph::WeakestSet weakest;
  std::vector<graph::Lack> lacks;
  std::optional<graph::ContradictionCore> core;
};

Answer answer_of(const Spoken& spoken, NodeIndex x, size_t explanations) {
  return {graph::best_proofs_of(spoken.support, x, explanations),
          graph::single_points_of_failure(spoken.support, x),
          graph::weakest_support(spoken.support, x),
          graph::why_not(spoken.support, x),
          graph::contradiction_core(spoken.support, graph::live_support(spoken.support), x)};
}

json why_json(const Spoken& spoken, Reader& reader, NodeIndex x, const Answer& answer) {
  json proofs = json::array(), lacks = json::array(), against = json::array();
  for (const graph::Proof& proof : answer.explanations.proofs)
    proofs.push_back(proof_json(spoken, proof));
  for (const graph::Lack& lack : answer.lacks)
    lacks.push_back(
        {{"node", spoken.reference(lack.node)}, {"why", lack_text(spoken, reader, lack)}});
  const auto live = graph::live_support(spoken.support);
  for (const Contradiction& one : spoken.support.contradictions)
    if (one.target == x)
      against.push_back({{"node", spoken.reference(one.source)},
                         {"edge", one.edge},
                         {"live", live[at(one.source)] == 1}});
  json weakest;
  if (answer.weakest.exists)
    weakest = {{"nodes", spoken.references(answer.weakest.nodes)},
               {"exact", answer.weakest.exact},
               {"at_least", answer.weakest.at_least}};
  return {{"node", spoken.reference(x)},
          {"live", answer.lacks.empty()},
          {"proofs", proofs},
          {"all_proofs_searched", answer.explanations.complete},
          {"contradicted_by", against},
          {"contradiction_core", answer.core ? core_json(spoken, *answer.core) : json()},
          {"single_points_of_failure", spoken.references(answer.single_points)},
          {"weakest_support", weakest},
          {"lacks", lacks},
          {"weights_clamped", spoken.support.clamped}};
}

void print_frailty(const Spoken& spoken, const Answer& answer) {
  if (!answer.single_points.empty())
    fmt::print("falls without any of: {}\n", spoken.names(answer.single_points));
  const graph::WeakestSet& weakest = answer.weakest;
  if (weakest.exists && weakest.nodes.size() > 1)
    fmt::print("falls without all of: {}{}\n",
               spoken.names(weakest.nodes),
               weakest.exact
                   ? ""
                   : fmt::format("  (search ended; at least {} are needed)", weakest.at_least));
  if (answer.core)
    fmt::print("contradicted by {}; {}\n",
               spoken.name(answer.core->by.source),
               core_text(spoken, *answer.core));
}

void print_why(const Spoken& spoken, Reader& reader, NodeIndex x, const Answer& answer) {
  if (!answer.lacks.empty()) {
    fmt::print("{}  is not live{}\n", spoken.name(x), spoken.details(x));
    for (const graph::Lack& lack : answer.lacks)
      fmt::print("  {}  {}{}\n",
                 spoken.name(lack.node),
                 lack_text(spoken, reader, lack),
                 lack.node == x ? "" : spoken.details(lack.node));
    return;
  }
  const graph::BestProofs best = graph::best_proofs(spoken.support);
  const auto& proofs = answer.explanations.proofs;
  for (size_t i = 0; i < proofs.size(); ++i) {
    if (i > 0) fmt::print("\n");
    fmt::print("{}  is live, weight {}{}\n",
               spoken.name(x),
               weight_text(proofs[i].cost),
               proofs.size() > 1 ? fmt::format("  (proof {} of {})", i + 1, proofs.size()) : "");
    print_proof(spoken, best, proofs[i], x);
  }
  fmt::print("\n");
  if (!answer.explanations.complete)
    fmt::print("more proofs exist than the search could look for\n");
  print_frailty(spoken, answer);
}

// --- whatif

// Whether a node was read from a source: named in its provenance, or the document that it is a span
// of.
bool is_from(const graph::Node& node, const std::string& source, std::optional<graph::NodeId> id) {
  if (id && (node.id == *id || (node.attributes.span && node.attributes.span->document == *id)))
    return true;
  const auto& provenance = node.attributes.provenance;
  return provenance && std::find(provenance->sources.begin(), provenance->sources.end(), source) !=
                           provenance->sources.end();
}

std::vector<NodeIndex> nodes_without(const Spoken& spoken,
                                     const History& history,
                                     const GraphArguments& arguments,
                                     const AsOf& as_of) {
  std::vector<NodeIndex> nodes;
  for (const std::string& name : arguments.without)
    nodes.push_back(spoken.index(node_named(history, name, as_of)));
  for (const std::string& source : arguments.source) {
    const size_t before = nodes.size();
    const auto document = history.find_node(source);
    for (NodeIndex x = 0; x < spoken.support.nodes(); ++x)
      if (is_from(spoken.node(x), source, document)) nodes.push_back(x);
    if (nodes.size() == before)
      throw std::invalid_argument(fmt::format(
          "--source {}: no node is from it; allowed is a source in a node's provenance, "
          "or the key of a document that nodes are spans of",
          graph::clean(source)));
  }
  std::sort(nodes.begin(), nodes.end());
  nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
  if (nodes.empty())
    throw std::invalid_argument("what if what? Give --without NODE ... or --source NAME ...");
  return nodes;
}

json whatif_json(const Spoken& spoken,
                 const std::vector<NodeIndex>& without,
                 const graph::WhatIf& answer) {
  json weaker = json::array(), ended = json::array();
  for (const auto& one : answer.weaker)
    weaker.push_back({{"node", spoken.reference(one.node)},
                      {"before", graph::weight_of(one.before)},
                      {"after", graph::weight_of(one.after)}});
  for (const Contradiction& one : answer.ended)
    ended.push_back({{"source", spoken.reference(one.source)},
                     {"target", spoken.reference(one.target)},
                     {"edge", one.edge}});
  return {{"without", spoken.references(without)},
          {"falls", spoken.references(answer.fallen)},
          {"weaker", weaker},
          {"contradictions_ended", ended},
          {"live", answer.live}};
}

// Answers come first: they are what somebody relies on.
std::vector<NodeIndex> answers_first(const Spoken& spoken, std::vector<NodeIndex> nodes) {
  std::stable_partition(nodes.begin(), nodes.end(), [&](NodeIndex x) {
    return spoken.node(x).kind == graph::NodeKind::Answer;
  });
  return nodes;
}

void print_whatif(const Spoken& spoken,
                  const std::vector<NodeIndex>& without,
                  const graph::WhatIf& answer,
                  size_t limit) {
  std::vector<std::string> lines;
  for (const NodeIndex x : answers_first(spoken, answer.fallen))
    lines.push_back(fmt::format("falls   {}{}", spoken.name(x), spoken.details(x)));
  for (const auto& one : answer.weaker)
    lines.push_back(fmt::format("weaker  {}  {} -> {}{}",
                                spoken.name(one.node),
                                weight_text(one.before),
                                weight_text(one.after),
                                spoken.details(one.node)));
  for (const Contradiction& one : answer.ended)
    lines.push_back(
        fmt::format("ended   {} contradicts {}", spoken.name(one.source), spoken.name(one.target)));
  fmt::print("without {}:\n", spoken.names(without));
  for (size_t i = 0; i < std::min(limit, lines.size()); ++i) fmt::print("{}\n", lines[i]);
  if (lines.size() > limit)
    fmt::print("... and {} more; --limit {} shows them\n", lines.size() - limit, lines.size());
  const size_t same = answer.live - answer.weaker.size();
  fmt::print("{}{} as live as before\n",
             lines.empty() ? "nothing falls; " : "",
             same == 1 ? "1 node stays" : fmt::format("{} nodes stay", grouped(same)));
}

}  // namespace

int graph_why(const Program& program, const GraphArguments& arguments) {
  Reader reader = open_to_read(arguments.store);
  const AsOf as_of = point_of(reader.history(), arguments);
  if (arguments.node.empty()) {
    const Spoken spoken(reader, as_of);
    print_survey(program, spoken, arguments.limit);
    print_clamped(program, spoken.support);
    return 0;
  }
  const graph::NodeId id = node_named(reader.history(), arguments.node, as_of);
  const Spoken spoken(reader, as_of);
  const NodeIndex x = spoken.index(id);
  const Answer answer = answer_of(spoken, x, arguments.explanations);
  if (program.json) {
    std::cout << dumped(why_json(spoken, reader, x, answer)) << "\n";
    return 0;
  }
  print_why(spoken, reader, x, answer);
  print_clamped(program, spoken.support);
  return 0;
}

int graph_whatif(const Program& program, const GraphArguments& arguments) {
  Reader reader = open_to_read(arguments.store);
  const AsOf as_of = point_of(reader.history(), arguments);
  const Spoken spoken(reader, as_of);
  const auto without = nodes_without(spoken, reader.history(), arguments, as_of);
  const graph::WhatIf answer = graph::what_if(spoken.support, without);
  if (program.json) {
    std::cout << dumped(whatif_json(spoken, without, answer)) << "\n";
    return 0;
  }
  print_whatif(spoken, without, answer, arguments.limit);
  print_clamped(program, spoken.support);
  return 0;
}

}  // namespace saggio::cli
