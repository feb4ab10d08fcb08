// SPDX-License-Identifier: MIT
// saggio graph info | log
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

#include "cli/graph.h"
#include "graph/formats/lines.h"
#include "graph/formats/time_text.h"
#include "graph/view/segment.h"

namespace saggio::cli {
namespace fs = std::filesystem;

using graph::AsOf;
using graph::Commit;
using graph::History;
using graph::Reader;
using graph::Version;
using nlohmann::json;

namespace {

// --- info

using Counts = std::map<std::string, uint64_t>;

struct Contents {
  Counts kinds, types;
  uint64_t nodes = 0, edges = 0;
};

Contents contents_of(const History& history, const AsOf& as_of) {
  std::vector<uint64_t> kinds(graph::kNodeKinds), types(history.types().size());
  Contents contents;
  history.for_each_node(as_of, [&](const graph::NodeRow& node) {
    ++kinds[static_cast<size_t>(node.kind)];
    ++contents.nodes;
  });
  history.for_each_edge(as_of, [&](const graph::EdgeRow& edge) {
    ++types[edge.type];
    ++contents.edges;
  });
  for (size_t i = 0; i < kinds.size(); ++i)
    if (kinds[i] > 0)
      contents.kinds[std::string(graph::name(static_cast<graph::NodeKind>(i)))] = kinds[i];
  for (size_t i = 0; i < types.size(); ++i)
    if (types[i] > 0) contents.types[history.types()[i]] = types[i];
  return contents;
}

// "claim 3, step 2": the most frequent first, and at most six.
std::string text_of(const Counts& counts) {
  constexpr size_t kMost = 6;
  std::vector<std::pair<std::string, uint64_t>> sorted(counts.begin(), counts.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& one, const auto& other) {
    return one.second > other.second;
  });
  std::string text;
  for (size_t i = 0; i < std::min(kMost, sorted.size()); ++i)
    text += fmt::format("{}{} {}",
                        text.empty() ? "" : ", ",
                        graph::clean(sorted[i].first),
                        grouped(sorted[i].second));
  return sorted.size() > kMost ? fmt::format("{}, and {} more", text, sorted.size() - kMost) : text;
}

struct Sizes {
  uint64_t log = 0, segments = 0, payload = 0;  // bytes
};

Sizes sizes_of(const fs::path& store) {
  Sizes sizes;
  std::error_code gone;  // files come and go while a writer works
  for (fs::recursive_directory_iterator file(store, gone), end; file != end; file.increment(gone)) {
    if (!file->is_regular_file(gone)) continue;
    const uint64_t bytes = file->file_size(gone);
    const std::string part = *fs::relative(file->path(), store, gone).begin();
    if (gone) continue;
    if (part == "log") sizes.log += bytes;
    if (part == "segments") sizes.segments += bytes;
    if (part == "texts.pack" || part == "embeddings") sizes.payload += bytes;
  }
  return sizes;
}

std::vector<std::string> tags_of(const History& history, Version version) {
  std::vector<std::string> tags;
  for (const auto& [name, of] : history.tags())
    if (of == version) tags.push_back(name);
  return tags;
}

// When a version was committed; empty for version 0.
std::string time_of(const History& history, Version version) {
  return version == 0 ? "" : graph::second_text(history.commits()[version - 1].time) + " UTC";
}

json info_json(const Reader& reader, const AsOf& as_of, const Contents& contents) {
  const History& history = reader.history();
  const Sizes sizes = sizes_of(reader.folder());
  json info = {
      {"store", reader.folder()},
      {"uuid", graph::hex(reader.identity().uuid)},
      {"incarnation", reader.identity().incarnation},
      {"head", history.head()},
      {"version", as_of.version},
      {"time", nullptr},
      {"nodes", contents.nodes},
      {"edges", contents.edges},
      {"kinds", contents.kinds},
      {"types", contents.types},
      {"tags", history.tags()},
      {"segment", graph::has_segment(reader, as_of.version)},
      {"bytes", {{"log", sizes.log}, {"segments", sizes.segments}, {"payload", sizes.payload}}}};
  if (as_of.version > 0) info["time"] = graph::time_text(history.commits()[as_of.version - 1].time);
  if (as_of.world) info["world"] = graph::time_text(*as_of.world);
  return info;
}

void print_info(const Reader& reader, const AsOf& as_of, const Contents& contents) {
  const History& history = reader.history();
  std::vector<std::string> tags;
  for (const auto& [name, version] : history.tags())
    tags.push_back(fmt::format("{} = {}", graph::clean(name), version));
  const std::string nodes = grouped(contents.nodes), edges = grouped(contents.edges);
  const size_t width = std::max(nodes.size(), edges.size());
  const Sizes sizes = sizes_of(reader.folder());
  fmt::print("version  {} of {}{}{}\n",
             as_of.version,
             history.head(),
             as_of.version > 0 ? ", " + time_of(history, as_of.version) : "",
             as_of.world ? "; what holds at " + graph::time_text(*as_of.world) : "");
  fmt::print("nodes    {:>{}}  {}\n", nodes, width, text_of(contents.kinds));
  fmt::print("edges    {:>{}}  {}\n", edges, width, text_of(contents.types));
  fmt::print("tags     {}\n", tags.empty() ? "none" : fmt::format("{}", fmt::join(tags, ", ")));
  fmt::print("disk     log {}, segments {}, texts and embeddings {}\n",
             bytes_text(sizes.log),
             bytes_text(sizes.segments),
             bytes_text(sizes.payload));
  fmt::print("segment  {}\n",
             graph::has_segment(reader, as_of.version)
                 ? "of this version"
                 : "none of this version; `saggio graph compact` writes those of the head and the "
                   "tags");
  fmt::print("store    {}, incarnation {}\n",
             graph::hex(reader.identity().uuid),
             reader.identity().incarnation);
}

}  // namespace

int graph_info(const Program& program, const GraphArguments& arguments) {
  const Reader reader = open_to_read(arguments.store);
  const AsOf as_of = point_of(reader.history(), arguments);
  const Contents contents = contents_of(reader.history(), as_of);
  if (program.json)
    std::cout << dumped(info_json(reader, as_of, contents), 1) << "\n";
  else
    print_info(reader, as_of, contents);
  return 0;
}

// --- log

namespace {

std::atomic<bool> interrupted = false;

struct LogLine {
  Version version;
  graph::TimeUs time;
  uint64_t nodes, edges;  // added
  std::vector<std::string> tags;
};

LogLine line_of(const History& history, Version version) {
  const Commit& commit = history.commits()[version - 1];
  const Commit before = version > 1 ? history.commits()[version - 2] : Commit();
  return {version,
          commit.time,
          commit.nodes - before.nodes,
          commit.edges - before.edges,
          tags_of(history, version)};
}

json as_json(const LogLine& line) {
  return {{"version", line.version},
          {"time", graph::time_text(line.time)},
          {"nodes_added", line.nodes},
          {"edges_added", line.edges},
          {"tags", line.tags}};
}

void print_line(const LogLine& line) {
  std::vector<std::string> tags;
  for (const std::string& tag : line.tags) tags.push_back(graph::clean(tag));
  fmt::print("{:>7}  {}  {:>11}  {:>11}{}\n",
             line.version,
             graph::second_text(line.time),
             "+" + grouped(line.nodes),
             "+" + grouped(line.edges),
             tags.empty() ? "" : fmt::format("  {}", fmt::join(tags, ", ")));
}

// Prints what is committed from now on, until somebody interrupts.
void follow(Reader& reader, const Program& program) {
  struct sigaction action {};
  action.sa_handler = [](int) { interrupted = true; };
  for (const int number : {SIGINT, SIGTERM}) ::sigaction(number, &action, nullptr);
  while (!interrupted) {
    std::fflush(stdout);
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    const Reader::News news = reader.poll();
    if (news.reset && program.json)
      fmt::print("{}\n", json({{"reset", reader.identity().incarnation}}).dump());
    else if (news.reset)
      fmt::print("rewound; from the beginning, as incarnation {}:\n",
                 reader.identity().incarnation);
    for (const Commit& commit : news.commits) {
      const LogLine line = line_of(reader.history(), commit.version);
      if (program.json)
        fmt::print("{}\n", dumped(as_json(line), -1));
      else
        print_line(line);
    }
  }
}

}  // namespace

int graph_log(const Program& program, const GraphArguments& arguments) {
  Reader reader = open_to_read(arguments.store);
  const History& history = reader.history();
  json list = json::array();
  if (!program.json)
    fmt::print("{:>7}  {:<19}  {:>11}  {:>11}  tags\n", "version", "UTC", "nodes", "edges");
  for (Version version = 1; version <= history.head(); ++version) {
    const LogLine line = line_of(history, version);
    if (!program.json)
      print_line(line);
    else if (arguments.follow)
      fmt::print("{}\n", dumped(as_json(line), -1));
    else
      list.push_back(as_json(line));
  }
  if (arguments.follow)
    follow(reader, program);
  else if (program.json)
    std::cout << dumped(list, 1) << "\n";
  return 0;
}

}  // namespace saggio::cli
