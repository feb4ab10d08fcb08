// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "cli/graph_reason.h"
#include "graph/formats/lines.h"

namespace saggio::cli {

using graph::Contradiction;
using graph::Need;
using graph::NodeIndex;
using graph::Proof;
using graph::ProofNode;
using graph::Reason;
using nlohmann::json;

namespace {

constexpr int kDeepest = 40;      // lines further in help nobody
constexpr size_t kLongText = 60;  // bytes
constexpr size_t kFewNames = 8;

size_t at(NodeIndex x) { return static_cast<size_t>(x); }

// A line each for a node, its contradictions, and what it rests on.
class Tree {
 public:
  Tree(const Spoken& spoken, const graph::BestProofs& best, const Proof& proof)
      : spoken_(spoken),
        graph_(spoken.support),
        best_(best),
        choice_(graph_.ids.size(), -1),
        told_(graph_.ids.size()) {
    for (const ProofNode& node : proof.nodes) choice_[at(node.node)] = node.choice;
  }

  void print(NodeIndex x, const std::string& how = "", int depth = 0) {
    const bool given = graph_.needs[at(x)] == Need::Given;
    const bool known = std::exchange(told_[at(x)], uint8_t{1}) && !given;
    const bool too_deep = depth == kDeepest && !given;
    fmt::print("{:{}}{}{}{}{}\n",
               "",
               2 * depth,
               how,
               spoken_.name(x),
               given ? fmt::format("  {}", weight_text(graph_.given_cost[at(x)])) : "",
               known      ? "  (as above)"
               : too_deep ? "  (goes on; --json tells all of it)"
                          : spoken_.details(x));
    if (known) return;
    print_contradictions(x, depth + 1);
    if (given || too_deep) return;
    const bool all = graph_.needs[at(x)] == Need::All;
    if (!all) return print_reason(graph_.reasons[static_cast<size_t>(choice_[at(x)])], "", depth);
    bool first = true;
    for (const Reason& premise : graph_.of(x)) {
      print_reason(premise, first ? "" : "and ", depth);
      first = false;
    }
  }

 private:
  void print_reason(const Reason& reason, const std::string& before, int depth) {
    const std::string weight = reason.cost > 0 ? " " + weight_text(reason.cost) : "";
    print(reason.node, fmt::format("{}{}{}: ", before, spoken_.type(reason), weight), depth + 1);
  }

  void print_contradictions(NodeIndex x, int depth) const {
    const auto [begin, end] = std::equal_range(
        graph_.contradictions.begin(),
        graph_.contradictions.end(),
        Contradiction{-1, x, 0},
        [](const Contradiction& a, const Contradiction& b) { return a.target < b.target; });
    for (auto one = begin; one != end; ++one) {
      const bool live = best_.height[at(one->source)] >= 0;
      fmt::print("{:{}}! contradicted by {}  {}{}\n",
                 "",
                 2 * depth,
                 spoken_.name(one->source),
                 live ? weight_text(best_.cost[at(one->source)]) : "not live",
                 spoken_.details(one->source));
    }
  }

  const Spoken& spoken_;
  const graph::SupportGraph& graph_;
  const graph::BestProofs& best_;
  std::vector<graph::ReasonIndex> choice_;
  std::vector<uint8_t> told_;
};

}  // namespace

std::string weight_text(double bits) { return fmt::format("{:.4g}", graph::weight_of(bits)); }

NodeIndex Spoken::index(graph::NodeId id) const {
  const auto found = std::lower_bound(support.ids.begin(), support.ids.end(), id);
  return static_cast<NodeIndex>(found - support.ids.begin());
}

graph::Node Spoken::node(NodeIndex x) const {
  return *reader_.history().node(support.ids[at(x)], as_of_);
}

std::string Spoken::name(NodeIndex x) const {
  return fmt::format(
      "{} {}", graph::name(node(x).kind), label(reader_, support.ids[at(x)], as_of_));
}

std::string Spoken::details(NodeIndex x) const {
  const graph::Node said = node(x);
  const std::string full = reader_.text(said.attributes);
  std::string text;
  if (!full.empty() && !name(x).ends_with("\""))
    text = "  \"" + graph::clean(full, kLongText) + "\"";
  std::vector<std::string> from;
  if (!said.attributes.rule.empty()) from.push_back("rule " + graph::clean(said.attributes.rule));
  if (const auto& span = said.attributes.span)
    from.push_back(label(reader_, span->document, {.version = as_of_.version}));
  if (const auto& provenance = said.attributes.provenance) {
    for (const std::string& source : provenance->sources) from.push_back(graph::clean(source));
    if (!provenance->run.empty()) from.push_back("run " + graph::clean(provenance->run));
  }
  return from.empty() ? text : fmt::format("{}  ({})", text, fmt::join(from, ", "));
}

std::string Spoken::names(const std::vector<NodeIndex>& nodes) const {
  std::vector<std::string> few;
  for (size_t i = 0; i < std::min(kFewNames, nodes.size()); ++i) few.push_back(name(nodes[i]));
  const size_t more = nodes.size() - few.size();
  return fmt::format("{}{}", fmt::join(few, ", "), more ? fmt::format(", and {} more", more) : "");
}

std::string Spoken::type(const Reason& reason) const {
  return reader_.history().types()[reason.type];
}

json Spoken::reference(NodeIndex x) const {
  const graph::Node said = node(x);
  return {{"id", said.id}, {"kind", graph::name(said.kind)}, {"key", said.key}};
}

json Spoken::references(const std::vector<NodeIndex>& nodes) const {
  json list = json::array();
  for (const NodeIndex x : nodes) list.push_back(reference(x));
  return list;
}

void print_proof(const Spoken& spoken,
                 const graph::BestProofs& best,
                 const Proof& proof,
                 NodeIndex root) {
  Tree(spoken, best, proof).print(root);
}

json proof_json(const Spoken& spoken, const Proof& proof) {
  const auto edge = [&](const Reason& reason) {
    return json{{"edge", reason.edge},
                {"type", spoken.type(reason)},
                {"weight", graph::weight_of(reason.cost)},
                {"from", spoken.support.ids[at(reason.node)]}};
  };
  json nodes = json::array();
  for (const ProofNode& part : proof.nodes) {
    json node = spoken.reference(part.node);
    node["reasons"] = json::array();
    if (part.choice >= 0)
      node["reasons"].push_back(edge(spoken.support.reasons[static_cast<size_t>(part.choice)]));
    if (spoken.support.needs[at(part.node)] == Need::All)
      for (const Reason& premise : spoken.support.of(part.node))
        node["reasons"].push_back(edge(premise));
    if (spoken.support.needs[at(part.node)] == Need::Given)
      node["weight"] = graph::weight_of(spoken.support.given_cost[at(part.node)]);
    nodes.push_back(std::move(node));
  }
  return {{"weight", graph::weight_of(proof.cost)}, {"height", proof.height}, {"nodes", nodes}};
}

std::string core_text(const Spoken& spoken, const graph::ContradictionCore& core) {
  return fmt::format("core: {}", spoken.names(core.sources));
}

json core_json(const Spoken& spoken, const graph::ContradictionCore& core) {
  return {{"sources", spoken.references(core.sources)},
          {"by", spoken.reference(core.by.source)},
          {"edges", core.edges}};
}

}  // namespace saggio::cli
