// SPDX-License-Identifier: MIT
#include "experiments/modules/citation_graph.h"

#include <fmt/format.h>

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace saggio::experiments {
namespace {

using graph::NodeId;
using graph::NodeKind;
using graph::Status;

std::string class_text(int32_t label) { return fmt::format("class {}", label); }

std::string key(const char* what, int32_t node) { return fmt::format("{} {}", what, node); }

NodeId document(const graph::Store& store, int32_t node) {
  const auto id = store.history().find_node(key("node", node));
  if (!id)
    throw std::logic_error(
        fmt::format("'node {}' is not in the graph: tell_graph() comes first", node));
  return *id;
}

}  // namespace

graph::View tell_graph(const data::LabelledGraph& graph, graph::Store& store) {
  std::vector<NodeId> ids, sources, targets;
  for (int32_t node = 0; node < graph.nodes; ++node)
    ids.push_back(store.add_node(NodeKind::Document, {}, key("node", node)));
  for (const auto& [u, v] : graph.edges) {
    const NodeId a = ids[static_cast<size_t>(u)], b = ids[static_cast<size_t>(v)];
    sources.insert(sources.end(), {a, b});
    targets.insert(targets.end(), {b, a});
  }
  if (!sources.empty()) store.add_edges(store.type("cites"), sources, targets);
  store.commit(graph::Durability::Visible);
  return graph::View::build(store.history());
}

void tell_classes(const data::LabelledGraph& graph,
                  std::span<const Classified> classified,
                  const std::string& method,
                  uint64_t seed,
                  graph::Store& store) {
  const graph::TypeId mentions = store.type("mentions"), supports = store.type("supports");
  graph::Provenance from;
  from.seed = seed;
  std::map<int32_t, std::pair<NodeId, int32_t>> claims;  // by node: the claim, what it says
  for (const auto& [node, said, probability] : classified) {
    graph::Attributes claim;
    claim.text = class_text(said);
    claim.status =
        said == graph.label[static_cast<size_t>(node)] ? Status::Supported : Status::Refuted;
    claim.confidence = {probability, std::nanf(""), method};
    claim.provenance = from;
    const NodeId id = store.add_node(NodeKind::Claim, claim, key("class of", node));
    store.add_edge(id, mentions, document(store, node));
    claims.emplace(node, std::pair(id, said));
  }
  std::map<int32_t, NodeId> evidence;
  const std::vector<bool> known = [&] {
    std::vector<bool> flags(static_cast<size_t>(graph.nodes));
    for (const int32_t node : graph.train) flags[static_cast<size_t>(node)] = true;
    return flags;
  }();
  const auto support = [&](int32_t by, int32_t of) {
    const auto claim = claims.find(of);
    if (!known[static_cast<size_t>(by)] || claim == claims.end()) return;
    const int32_t label = graph.label[static_cast<size_t>(by)];
    const auto [place, is_new] = evidence.try_emplace(by);
    if (is_new) {
      graph::Attributes said;
      said.text = class_text(label);
      said.status = Status::Supported;
      place->second = store.add_node(NodeKind::Evidence, said, key("label of", by));
      store.add_edge(place->second, mentions, document(store, by));
    }
    if (claim->second.second == label) store.add_edge(place->second, supports, claim->second.first);
  };
  for (const auto& [u, v] : graph.edges) {
    support(u, v);
    support(v, u);
  }
  store.commit();
}

}  // namespace saggio::experiments
