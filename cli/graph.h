// SPDX-License-Identifier: MIT
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "cli/program.h"
#include "graph/query/point.h"
#include "graph/store/store.h"

// `saggio graph`: what its commands share. Those that read need no lock and never write.
namespace saggio::cli {

// What the command line fills in.
struct GraphArguments {
  std::string store;                // its folder
  std::string from, to;             // of a path: a node's key or #ID; of a diff: WHEN
  std::string file, format;         // of an import or export
  std::string with;                 // of a diff: the store that B is of, or empty
  std::string prefer;               // of a merge: into, other, newer
  std::vector<std::string> others;  // of a merge: the folders of the other stores
  std::string edge_type;            // of edges whose file names none
  std::string tag, version;         // version: WHEN, or empty for the head
  std::string as_of, world;         // WHEN and a time, or empty
  std::string salvage;              // of a check: the new store, or empty
  std::string query;
  std::optional<size_t> most;                // elements of an answer
  bool count = false;                        // of an answer, nothing but how many
  std::string goal;                          // of prove; empty: `file` is the goal
  std::string node;                          // of why: a node's key or #ID
  std::vector<std::string> without, source;  // of what-if: nodes; names of sources
  size_t explanations = 1;                   // of why: proofs
  bool write = false;                        // of prove: put the proofs into the store
  uint64_t every = 0;                        // records of a version; 0: all of them
  size_t limit = 20;                         // lines
  bool follow = false, live = false;
};

// Adds the command and its commands to `app`; the one that is given becomes `action`.
void add_graph(CLI::App& app,
               Program& program,
               GraphArguments& arguments,
               std::function<int()>& action);

// Another program writes the store: the same command will do later.
struct StoreBusy : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Throw std::invalid_argument if there is no store, graph::Damage if it is damaged; for writing,
// StoreBusy.
graph::Reader open_to_read(const std::string& store);
graph::Store open_to_write(const std::string& store);
// Makes the store if there is none.
graph::Store open_or_make(const std::string& store);

// The point that --as-of and --world name.
graph::AsOf point_of(const graph::History& history, const GraphArguments& arguments);

// How a person calls a node: its key; if that is long, the beginning of its text; else #ID.
std::string label(graph::Reader& reader, graph::NodeId id, const graph::AsOf& as_of);
std::string bytes_text(uint64_t bytes);                        // "312 B", "1.2 kB", "3.4 MB"
std::string grouped(uint64_t count);                           // "1,204"
std::string counted(uint64_t count, const std::string& what);  // "1 node", "1,204 nodes"
// As JSON, also of bytes that are no text; indent -1: one line.
std::string dumped(const nlohmann::json& value, int indent = 1);

// --- the commands
int graph_info(const Program& program, const GraphArguments& arguments);
int graph_log(const Program& program, const GraphArguments& arguments);
int graph_diff(const Program& program, const GraphArguments& arguments);
int graph_query(const Program& program, const GraphArguments& arguments);
int graph_path(const Program& program, const GraphArguments& arguments);
int graph_append(const Program& program, const GraphArguments& arguments);
int graph_import(const Program& program, const GraphArguments& arguments);
int graph_export(const Program& program, const GraphArguments& arguments);
int graph_check(const Program& program, const GraphArguments& arguments);
int graph_compact(const Program& program, const GraphArguments& arguments);
int graph_tag(const Program& program, const GraphArguments& arguments);
int graph_merge(const Program& program, const GraphArguments& arguments);
int graph_prove(const Program& program, const GraphArguments& arguments);
int graph_why(const Program& program, const GraphArguments& arguments);
int graph_whatif(const Program& program, const GraphArguments& arguments);

}  // namespace saggio::cli
