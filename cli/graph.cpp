// SPDX-License-Identifier: MIT
#include "cli/graph.h"

#include <fmt/format.h>

#include "graph/formats/import.h"
#include "graph/formats/lines.h"
#include "graph/formats/time_text.h"
#include "results/pages/number_text.h"

namespace saggio::cli {

using graph::AsOf;
using graph::History;

namespace {

using Command = int (*)(const Program&, const GraphArguments&);

// Adds `saggio graph NAME STORE`.
CLI::App* add_command(CLI::App& app,
                      const char* name,
                      const char* meaning,
                      Command command,
                      Program& program,
                      GraphArguments& a,
                      std::function<int()>& action) {
  CLI::App* added = app.add_subcommand(name, meaning);
  added->add_option("STORE", a.store, "the store's folder")->required();
  added->callback([&program, &a, &action, command] {
    action = [&program, &a, command] { return command(program, a); };
  });
  return added;
}

void add_point(CLI::App* command, GraphArguments& a) {
  command->add_option("--as-of", a.as_of, "a version, a tag, or a UTC date or time of committing")
      ->type_name("WHEN");
  command->add_option("--world", a.world, "what holds in the world at this UTC date or time")
      ->type_name("TIME");
}

// The commands that answer questions; `add` adds one of them.
void add_reasoning(const std::function<CLI::App*(const char*, const char*, Command)>& add,
                   GraphArguments& a) {
  auto* why = add("why", "What supports a node and what contradicts it; or why not", graph_why);
  why->add_option("NODE",
                  a.node,
                  "a node's key, or '#ID'; left out: all that is contradicted, and what argues in "
                  "circles");
  why->add_option("--explanations", a.explanations, "so many of its best proofs (default: 1)")
      ->type_name("K")
      ->check(CLI::PositiveNumber);
  why->add_option("--limit", a.limit, "most lines without a NODE (default: 20)");
  add_point(why, a);

  auto* whatif = add("whatif", "What falls and what survives without some nodes", graph_whatif);
  whatif->add_option("--without", a.without, "nodes: keys, or '#ID'")->type_name("NODE");
  whatif
      ->add_option("--source",
                   a.source,
                   "all nodes that were read from this source, or that are "
                   "spans of this document")
      ->type_name("NAME");
  whatif->add_option("--limit", a.limit, "most lines (default: 20); --json has no limit");
  add_point(whatif, a);

  auto* prove = add(
      "prove", "What follows from the edges by rules: graph/reasoning/REASONING.md", graph_prove);
  prove
      ->add_option("RULES", a.file, "a file of rules; left out (GOAL alone): the edges as they are")
      ->required();
  prove->add_option("GOAL", a.goal, "an atom like 'uncle(X, ann)'");
  prove->add_flag("--write", a.write, "put the proofs of the answers into the store, as steps");
  prove->add_option("--limit", a.limit, "most answers (default: 20); --json has no limit");
  add_point(prove, a);
}

void check_is_store(const std::string& store) {
  if (!graph::read_identity(*graph::real_files(), store))
    throw std::invalid_argument(fmt::format(
        "{}: no graph store is here; give the folder of one, or make it by `saggio graph import`",
        store));
}

}  // namespace

void add_graph(CLI::App& app, Program& program, GraphArguments& a, std::function<int()>& action) {
  auto* graph = app.add_subcommand("graph", "Reasoning graphs on disk: look, travel, bring in");
  graph->require_subcommand(1);
  const auto add = [&](const char* name, const char* meaning, Command command) {
    return add_command(*graph, name, meaning, command, program, a, action);
  };
  add_point(
      add("info", "What is in it, by kind and type; its versions, tags and files", graph_info), a);
  add("log", "Its versions, the newest last", graph_log)
      ->add_flag("--follow", a.follow, "print new ones as they are committed, until Ctrl-C");

  auto* diff =
      add("diff", "Nodes and edges added, gone and changed between two points", graph_diff);
  diff->add_option("A", a.from, "a version, a tag, or a UTC date or time")->required();
  diff->add_option("B", a.to, "the same")->required();
  diff->add_option("--with", a.with, "a store that B is a point of: elements are the same by key")
      ->type_name("OTHER");
  diff->add_option("--limit", a.limit, "most lines (default: 20); --json has no limit");

  auto* query = add("query", "Nodes or edges by a condition: graph/query/QUERY.md", graph_query);
  query->add_option("QUERY", a.query, "for example 'kind = claim and confidence < 0.5'")
      ->required();
  query->add_option("--limit", a.most, "most elements (default: 20; all in JSON)")->type_name("N");
  query->add_flag("--count", a.count, "nothing but how many");
  add_point(query, a);

  auto* path = add("path", "A shortest path along the edges", graph_path);
  path->add_option("FROM", a.from, "a node's key, or '#ID'")->required();
  path->add_option("TO", a.to, "the same")->required();
  add_point(path, a);

  add_reasoning(add, a);

  add("append", "Brings the records of standard input in: graph/FORMAT.md 6", graph_append)
      ->add_option("--every", a.every, "commit after every N records, instead of once")
      ->type_name("N")
      ->check(CLI::PositiveNumber);

  auto* import = add("import", "Brings a file in", graph_import);
  import->add_option("FILE", a.file, "a file, or the folder of a format of several files")
      ->required();
  import->add_option("--format", a.format, graph::format_names() + " (default: as FILE ends)");
  import->add_option("--type", a.edge_type, "of edges whose file names none (default: linked)")
      ->type_name("NAME");

  auto* out =
      add("export", "Writes a file of it; says what the format does not keep", graph_export);
  out->add_option("FILE", a.file, "replaced whole, or not at all (default: standard output)");
  out->add_option("--format", a.format, graph::format_names(true) + " (default: as FILE ends)");
  out->add_flag(
      "--live", a.live, "records of what is there now, for a fresh store without history: erasure");
  add_point(out, a);

  auto* merge = add("merge", "Brings other stores in; elements are the same by key", graph_merge);
  merge->add_option("OTHER", a.others, "the folders of the other stores")->required();
  merge->add_option("--prefer",
                    a.prefer,
                    "the state of an element that is another in both: into, other or newer "
                    "(default: into)");
  merge->add_option("--limit", a.limit, "most conflicts shown (default: 20); --json has no limit");

  add("check", "Reads every byte and says what is damaged; its content's hash", graph_check)
      ->add_option(
          "--salvage", a.salvage, "copy all versions before the first damage to a new store")
      ->type_name("NEW");
  add("compact",
      "Writes the head and the tags as arrays, so that they open at once",
      graph_compact);
  auto* tag = add("tag", "Names a version", graph_tag);
  tag->add_option("NAME", a.tag, "the tag")->required();
  tag->add_option(
      "VERSION", a.version, "a version, a tag, or a UTC date or time (default: the head)");
}

graph::Reader open_to_read(const std::string& store) {
  check_is_store(store);
  return graph::Reader::open(store);
}

graph::Store open_to_write(const std::string& store) {
  check_is_store(store);
  return open_or_make(store);
}

graph::Store open_or_make(const std::string& store) {
  const auto files = graph::real_files();
  if (graph::read_identity(*files, store) && !files->lock(store + "/lock"))
    throw StoreBusy(
        fmt::format("{}: another program is writing it; try again when it is done", store));
  return graph::Store::open(store);
}

AsOf point_of(const History& history, const GraphArguments& arguments) {
  AsOf as_of{.version = history.head()};
  if (!arguments.as_of.empty()) as_of.version = version_named(history, arguments.as_of, "--as-of");
  if (arguments.world.empty()) return as_of;
  as_of.world = graph::parse_time(arguments.world);
  if (!as_of.world)
    throw std::invalid_argument(
        fmt::format("--world = {}, allowed: a UTC date or time like 2024-02-29T12:30",
                    graph::clean(arguments.world)));
  return as_of;
}

std::string label(graph::Reader& reader, graph::NodeId id, const AsOf& as_of) {
  constexpr size_t kLongKey = 40;  // bytes; a default key has more
  const auto node = reader.history().node(id, as_of);
  if (!node || (node->key.empty() && node->attributes.text.empty())) return fmt::format("#{}", id);
  if (node->key.size() > kLongKey || node->key.empty())
    if (const std::string text = reader.text(node->attributes); !text.empty())
      return "\"" + graph::clean(text, kLongKey) + "\"";
  return graph::clean(node->key, kLongKey);
}

std::string bytes_text(uint64_t bytes) {
  if (bytes < 1000) return fmt::format("{} B", bytes);
  const auto count = static_cast<double>(bytes);
  if (bytes < 1'000'000) return fmt::format("{:.1f} kB", count / 1e3);
  return bytes < 1'000'000'000 ? fmt::format("{:.1f} MB", count / 1e6)
                               : fmt::format("{:.1f} GB", count / 1e9);
}

std::string grouped(uint64_t count) { return results::grouped(static_cast<double>(count)); }

std::string counted(uint64_t count, const std::string& what) {
  return grouped(count) + " " + what + (count == 1 ? "" : "s");
}

std::string dumped(const nlohmann::json& value, int indent) {
  return value.dump(indent, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace saggio::cli
