// SPDX-License-Identifier: MIT
// saggio graph merge
#include "graph/formats/merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/graph.h"
#include "graph/formats/lines.h"

namespace saggio::cli {

using graph::MergeConflict;
using graph::MergeReport;
using graph::Version;
using nlohmann::json;

namespace {

graph::Prefer prefer_of(const GraphArguments& arguments) {
  if (arguments.prefer.empty()) return graph::Prefer::Into;
  if (const auto prefer = graph::find_prefer(arguments.prefer)) return *prefer;
  throw std::invalid_argument(
      fmt::format("--prefer = {}, allowed: into, other, newer", graph::clean(arguments.prefer)));
}

json as_json(const std::string& other, const MergeReport& report, Version before, Version version) {
  json conflicts = json::array();
  for (const MergeConflict& conflict : report.conflicts)
    conflicts.push_back({{"element", conflict.element},
                         {"difference", conflict.difference},
                         {"takes", conflict.takes_other ? "other" : "into"}});
  return {{"other", other},
          {"version_before", before},
          {"version", version},
          {"nodes", {{"added", report.nodes_added}, {"revised", report.nodes_revised}}},
          {"edges", {{"added", report.edges_added}, {"revised", report.edges_revised}}},
          {"unchanged", report.unchanged},
          {"passed_over", report.passed_over},
          {"embedding_rows", report.embedding_rows},
          {"conflicts", conflicts},
          {"notes", report.notes}};
}

void print(const std::string& other, const MergeReport& report, Version version, size_t limit) {
  fmt::print("{}: version {}\n", other, version);
  fmt::print(
      "nodes  {} added, {} revised\n", grouped(report.nodes_added), grouped(report.nodes_revised));
  fmt::print(
      "edges  {} added, {} revised\n", grouped(report.edges_added), grouped(report.edges_revised));
  fmt::print("same   {}\n", grouped(report.unchanged));
  if (report.passed_over > 0)
    fmt::print("passed over  {}, retired here\n", counted(report.passed_over, "element"));
  for (size_t i = 0; i < std::min(limit, report.conflicts.size()); ++i) {
    const MergeConflict& conflict = report.conflicts[i];
    fmt::print("! {}: {}; {}\n",
               graph::clean(conflict.element, 100),
               conflict.difference,
               conflict.takes_other ? "taken from there" : "stays as it is here");
  }
  if (report.conflicts.size() > limit)
    fmt::print("... and {} more; --limit {} shows them\n",
               report.conflicts.size() - limit,
               report.conflicts.size());
  for (const std::string& note : report.notes) fmt::print("note   {}\n", note);
}

}  // namespace

// Each other store is one version. A store that cannot be read is told before anything is written.
int graph_merge(const Program& program, const GraphArguments& arguments) {
  const graph::MergeOptions options{.prefer = prefer_of(arguments)};
  std::vector<graph::Reader> others;
  for (const std::string& other : arguments.others) others.push_back(open_to_read(other));
  graph::Store store = open_or_make(arguments.store);
  json all = json::array();
  for (graph::Reader& other : others) {
    const Version before = store.history().head();
    const MergeReport report = graph::merge(store, other, options);
    if (store.has_pending()) store.commit();
    if (program.json)
      all.push_back(as_json(other.folder(), report, before, store.history().head()));
    else if (program.quiet)
      fmt::print("{}: version {}\n", other.folder(), store.history().head());
    else
      print(other.folder(), report, store.history().head(), arguments.limit);
  }
  if (program.json) std::cout << dumped(all) << "\n";
  return 0;
}

}  // namespace saggio::cli
