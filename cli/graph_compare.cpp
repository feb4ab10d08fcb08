// SPDX-License-Identifier: MIT
// saggio graph diff | path
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "cli/graph.h"
#include "graph/algorithms/shortest_path.h"
#include "graph/formats/key_diff.h"
#include "graph/formats/lines.h"
#include "graph/formats/record_json.h"
#include "graph/view/diff.h"
#include "graph/view/segment.h"

namespace saggio::cli {

using graph::AsOf;
using graph::History;
using graph::Reader;
using nlohmann::json;

namespace {

// What the elements of a store are at a point, as records and in words.
class Described {
 public:
  Described(Reader& reader, const AsOf& as_of, bool nodes)
      : reader_(reader), as_of_(as_of), nodes_(nodes) {}

  json record(uint64_t id) const {
    const History& history = reader_.history();
    if (nodes_) {
      const auto node = history.node(id, as_of_);
      return graph::node_record(history, *node, reader_.text(node->attributes), as_of_);
    }
    const auto edge = history.edge(id, as_of_);
    return graph::edge_record(history, *edge, reader_.text(edge->attributes), as_of_);
  }

  // "claim rain", "wet -supports-> rain"
  std::string name(uint64_t id) const {
    const History& history = reader_.history();
    if (nodes_)
      return fmt::format(
          "{} {}", graph::name(history.node(id, as_of_)->kind), label(reader_, id, as_of_));
    const auto edge = history.edge(id, as_of_);
    return fmt::format("{} -{}-> {}",
                       label(reader_, edge->source, as_of_),
                       graph::clean(history.types()[edge->type]),
                       label(reader_, edge->target, as_of_));
  }

 private:
  Reader& reader_;
  const AsOf as_of_;
  const bool nodes_;
};

// Nodes or edges of two points that differ, each with its id there.
struct Differences {
  const Described before, after;
  std::vector<uint64_t> added, gone;
  std::vector<std::pair<uint64_t, uint64_t>> changed;

  size_t size() const { return added.size() + gone.size() + changed.size(); }
};

// "status: open -> supported; weight: - -> 0.5"
std::string changes(const json& before, const json& after) {
  json keys = before;
  keys.update(after);
  std::string text;
  for (const auto& [key, value] : keys.items()) {
    const auto shown = [&, name = key](const json& state) {
      return state.contains(name) ? graph::clean(dumped(state[name], -1)) : "-";
    };
    if (before.value(key, json()) == after.value(key, json())) continue;
    text +=
        fmt::format("{}{}: {} -> {}", text.empty() ? "" : "; ", key, shown(before), shown(after));
  }
  return text;
}

json as_json(const Differences& diff) {
  json added = json::array(), gone = json::array(), changed = json::array();
  for (const uint64_t id : diff.added)
    added.push_back({{"id", id}, {"record", diff.after.record(id)}});
  for (const uint64_t id : diff.gone)
    gone.push_back({{"id", id}, {"record", diff.before.record(id)}});
  for (const auto& [from, to] : diff.changed)
    changed.push_back(
        {{"id", to}, {"before", diff.before.record(from)}, {"after", diff.after.record(to)}});
  return {{"added", added}, {"gone", gone}, {"changed", changed}};
}

// Prints as many lines as `left` says and takes them off.
void print_elements(const Differences& diff, size_t& left) {
  const auto print = [&](const auto& elements, const auto& line) {
    for (size_t i = 0; i < elements.size() && left > 0; ++i, --left)
      fmt::print("{}\n", line(elements[i]));
  };
  print(diff.added, [&](uint64_t id) { return fmt::format("+ #{} {}", id, diff.after.name(id)); });
  print(diff.gone, [&](uint64_t id) { return fmt::format("- #{} {}", id, diff.before.name(id)); });
  print(diff.changed, [&](const std::pair<uint64_t, uint64_t>& pair) {
    return fmt::format("~ #{} {}; {}",
                       pair.second,
                       diff.after.name(pair.second),
                       changes(diff.before.record(pair.first), diff.after.record(pair.second)));
  });
}

void print_summary(const char* what, const Differences& diff) {
  fmt::print("{}  {} added, {} gone, {} changed\n",
             what,
             grouped(diff.added.size()),
             grouped(diff.gone.size()),
             grouped(diff.changed.size()));
}

void take(graph::ElementDiff&& ids, Differences& diff) {
  diff.added = std::move(ids.added);
  diff.gone = std::move(ids.gone);
  for (const uint64_t id : ids.changed) diff.changed.emplace_back(id, id);
}

void take(graph::ElementKeyDiff&& ids, Differences& diff) {
  diff.added = std::move(ids.only_b);
  diff.gone = std::move(ids.only_a);
  diff.changed = std::move(ids.changed);
}

}  // namespace

int graph_diff(const Program& program, const GraphArguments& arguments) {
  Reader reader = open_to_read(arguments.store);
  std::optional<Reader> with;
  if (!arguments.with.empty()) with.emplace(open_to_read(arguments.with));
  Reader& other = with ? *with : reader;
  const AsOf from{.version = version_named(reader.history(), arguments.from, "A")};
  const AsOf to{.version = version_named(other.history(), arguments.to, "B")};
  Differences nodes{{reader, from, true}, {other, to, true}, {}, {}, {}};
  Differences edges{{reader, from, false}, {other, to, false}, {}, {}, {}};
  const auto take_both = [&](auto&& diff) {
    take(std::move(diff.nodes), nodes);
    take(std::move(diff.edges), edges);
  };
  if (with)
    take_both(graph::diff_by_key(reader, from, other, to));
  else
    take_both(graph::diff(reader.history(), from, to));
  if (program.json) {
    json both = {{"from", from.version},
                 {"to", to.version},
                 {"nodes", as_json(nodes)},
                 {"edges", as_json(edges)}};
    if (with) both["with"] = arguments.with;
    std::cout << dumped(both, 1) << "\n";
    return 0;
  }
  fmt::print("from version {} to version {}{}\n",
             from.version,
             to.version,
             with ? " of " + arguments.with : "");
  print_summary("nodes", nodes);
  print_summary("edges", edges);
  size_t left = arguments.limit;
  print_elements(nodes, left);
  print_elements(edges, left);
  const size_t all = nodes.size() + edges.size();
  if (all > arguments.limit)
    fmt::print("... and {} more; --limit {} shows them\n", all - arguments.limit, all);
  return 0;
}

// --- path

namespace {

json path_json(const History& history, const std::vector<graph::Edge>& path, const AsOf& as_of) {
  json edges = json::array();
  for (const graph::Edge& edge : path) {
    const auto source = history.node(edge.source, as_of), target = history.node(edge.target, as_of);
    edges.push_back({{"id", edge.id},
                     {"source", {{"id", edge.source}, {"key", source->key}}},
                     {"type", history.types()[edge.type]},
                     {"target", {{"id", edge.target}, {"key", target->key}}}});
  }
  return edges;
}

void print_path(Reader& reader,
                graph::NodeId from,
                const std::vector<graph::Edge>& path,
                const AsOf& as_of) {
  std::string text = label(reader, from, as_of);
  std::vector<graph::EdgeId> ids;
  for (const graph::Edge& edge : path) {
    text += fmt::format(" -{}-> {}",
                        graph::clean(reader.history().types()[edge.type]),
                        label(reader, edge.target, as_of));
    ids.push_back(edge.id);
  }
  fmt::print("{}\n{}{}\n",
             text,
             counted(path.size(), "edge"),
             ids.empty() ? "" : fmt::format(": {}", fmt::join(ids, ", ")));
}

}  // namespace

int graph_path(const Program& program, const GraphArguments& arguments) {
  Reader reader = open_to_read(arguments.store);
  const History& history = reader.history();
  const AsOf as_of = point_of(history, arguments);
  const graph::NodeId from = node_named(history, arguments.from, as_of);
  const graph::NodeId to = node_named(history, arguments.to, as_of);
  const graph::View view = graph::view_of(reader, as_of);
  const auto found = graph::shortest_path(view, *view.find(from), *view.find(to));
  std::vector<graph::Edge> path;
  for (const graph::EdgeIndex edge : found.value_or(graph::Path()))
    path.push_back(*history.edge(view.edge_id(edge), as_of));
  if (program.json)
    std::cout << dumped({{"path", found ? path_json(history, path, as_of) : json()}}, 1) << "\n";
  else if (found)
    print_path(reader, from, path, as_of);
  else
    fmt::print("no path from {} to {}\n", label(reader, from, as_of), label(reader, to, as_of));
  return 0;
}

}  // namespace saggio::cli
