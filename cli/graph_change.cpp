// SPDX-License-Identifier: MIT
// saggio graph append | import | check | compact | tag
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/graph.h"
#include "graph/formats/import.h"
#include "graph/formats/lines.h"
#include "graph/formats/time_text.h"
#include "graph/store/payload.h"
#include "graph/store/salvage.h"
#include "graph/view/segment.h"

namespace saggio::cli {

using graph::Damage;
using graph::ImportReport;
using graph::Reader;
using graph::Store;
using graph::Version;
using nlohmann::json;

// --- append, import

namespace {

json as_json(const ImportReport& r, Version before, Version version) {
  return {{"version_before", before},
          {"version", version},
          {"lines", r.lines},
          {"blank", r.blank},
          {"comments", r.comments},
          {"carriage_returns", r.carriage_returns},
          {"nodes",
           {{"added", r.nodes_added}, {"revised", r.nodes_revised}, {"retired", r.nodes_retired}}},
          {"edges",
           {{"added", r.edges_added}, {"revised", r.edges_revised}, {"retired", r.edges_retired}}},
          {"unchanged", r.unchanged},
          {"passed_over", r.passed_over},
          {"notes", r.notes}};
}

// "3 added, 1 revised"; empty: nothing.
std::string changes_text(uint64_t added, uint64_t revised, uint64_t retired) {
  std::string text;
  const auto put = [&](uint64_t count, const char* what) {
    if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", grouped(count), what);
  };
  put(added, "added");
  put(revised, "revised");
  put(retired, "retired");
  return text.empty() ? "as they were" : text;
}

void print_report(const Program& program,
                  const std::string& store,
                  const ImportReport& r,
                  Version before,
                  Version version) {
  if (program.json) {
    std::cout << dumped(as_json(r, before, version)) << "\n";
    return;
  }
  if (version == before)
    fmt::print("{}: nothing new, version {} stays\n", store, version);
  else
    fmt::print("{}: version {}\n", store, version);
  if (program.quiet) return;
  if (version != before) {
    fmt::print("nodes  {}\n", changes_text(r.nodes_added, r.nodes_revised, r.nodes_retired));
    fmt::print("edges  {}\n", changes_text(r.edges_added, r.edges_revised, r.edges_retired));
  }
  fmt::print("lines  {}", grouped(r.lines));
  const auto also = [](uint64_t count, const char* what, const char* then) {
    if (count > 0) fmt::print(", {}{}", counted(count, what), then);
  };
  if (r.blank > 0) fmt::print(", {} blank", grouped(r.blank));
  also(r.comments, "comment", "");
  also(r.carriage_returns, "carriage return", " stripped");
  also(r.unchanged, "element", " there already");
  also(r.passed_over, "element", " retired already or not there");
  fmt::print("\n");
  for (const std::string& note : r.notes) fmt::print("note   {}\n", note);
}

// Brings an input in as one version or, by `read` itself, as several; prints what happened.
template <typename Read>
int bring_in(const Program& program, const std::string& folder, const Read& read) {
  Store store = open_or_make(folder);
  const Version before = store.history().head();
  ImportReport report;
  try {
    report = read(store);
  } catch (const std::invalid_argument& error) {
    const Version kept = store.history().head();
    if (kept == before) throw;
    throw std::invalid_argument(
        fmt::format("{}; what stands before is committed, up to version {}", error.what(), kept));
  }
  if (store.has_pending()) store.commit();
  print_report(program, folder, report, before, store.history().head());
  return 0;
}

graph::Format format_of(const GraphArguments& arguments) {
  const auto format = arguments.format.empty() ? graph::format_of_file(arguments.file)
                                               : graph::find_format(arguments.format);
  if (format) return *format;
  if (arguments.format.empty())
    throw std::invalid_argument(
        fmt::format("{}: its ending tells no format; give --format with one of {}",
                    arguments.file,
                    graph::format_names()));
  throw std::invalid_argument(fmt::format(
      "--format = {}, allowed: {}", graph::clean(arguments.format), graph::format_names()));
}

}  // namespace

int graph_append(const Program& program, const GraphArguments& arguments) {
  std::ios::sync_with_stdio(false);  // read what a pipe has, not byte by byte
  return bring_in(program, arguments.store, [&](Store& store) {
    return graph::append_records(std::cin, store, {.name = "standard input"}, arguments.every);
  });
}

int graph_import(const Program& program, const GraphArguments& arguments) {
  const graph::Format format = format_of(arguments);
  graph::check_path(arguments.file, format);
  graph::ImportOptions options;
  if (!arguments.edge_type.empty()) options.edge_type = arguments.edge_type;
  return bring_in(program, arguments.store, [&](Store& store) {
    return graph::import_path(arguments.file, format, store, options);
  });
}

// --- check

namespace {

struct Examination {
  std::vector<std::string> damage;  // a line each
  uint64_t texts = 0, blocks = 0, segments = 0;
};

// Calls `read`, which counts in `counter` if it throws no Damage.
template <typename Read>
void examine(Examination& found, uint64_t& counter, const Read& read) {
  try {
    counter += read();
  } catch (const std::runtime_error& error) {  // Damage, and files that are missing
    found.damage.push_back(error.what());
  }
}

void examine_payload(const Reader& reader, Examination& found) {
  const graph::History& history = reader.history();
  history.for_each_packed([&](const graph::PackedText& text) {
    examine(found, found.texts, [&] {
      graph::read_packed_text(reader.files(), reader.folder(), text);
      return 1;
    });
  });
  for (graph::TableId table = 0; table < history.tables().size(); ++table)
    for (const graph::RowBlock& block : history.row_blocks(table))
      examine(found, found.blocks, [&] {
        graph::read_row_block(reader.files(), reader.folder(), history, table, block);
        return 1;
      });
}

void examine_segments(const Reader& reader, Examination& found) {
  for (const Version version : graph::segment_versions(reader.files(), reader.folder()))
    examine(found, found.segments, [&] {
      if (!graph::has_segment(reader, version)) return 0;  // of a history that was rewound
      graph::view_of(reader, {.version = version}).verify();
      return 1;
    });
}

json as_json(const Examination& found, Version head, uint64_t tail, const std::string& content) {
  return {{"intact", found.damage.empty()},
          {"content", content},
          {"damage", found.damage},
          {"version", head},
          {"texts", found.texts},
          {"embedding_blocks", found.blocks},
          {"segments", found.segments},
          {"tail_bytes", tail}};
}

}  // namespace

// What lies before the first damage, as a store of its own.
int salvage_to(const Program& program, const GraphArguments& arguments) {
  const graph::Salvaged salvaged = graph::salvage(arguments.store, arguments.salvage);
  if (program.json) {
    std::cout << dumped({{"store", arguments.salvage},
                         {"version", salvaged.versions},
                         {"damage", salvaged.damage},
                         {"bytes_left", salvaged.left}})
              << "\n";
    return 0;
  }
  fmt::print("{}: {}, {}\n",
             arguments.salvage,
             counted(salvaged.versions, "version"),
             salvaged.damage.empty() ? "all that there are" : "up to the first damage");
  if (!salvaged.damage.empty())
    fmt::print("left: {} from here on: {}\n", bytes_text(salvaged.left), salvaged.damage);
  return 0;
}

int graph_check(const Program& program, const GraphArguments& arguments) {
  if (!arguments.salvage.empty()) return salvage_to(program, arguments);
  Examination found;
  Version head = 0;
  uint64_t tail = 0;
  std::string content;
  try {
    Reader reader = open_to_read(arguments.store);
    content = graph::content_hash(arguments.store);
    head = reader.history().head();
    tail = reader.tail_bytes();
    examine_payload(reader, found);
    examine_segments(reader, found);
  } catch (const Damage& error) {
    found.damage.push_back(error.what());
  }
  if (program.json) std::cout << dumped(as_json(found, head, tail, content)) << "\n";
  for (const std::string& line : found.damage)
    if (!program.json) std::cerr << "error: " << line << "\n";
  if (!found.damage.empty()) return 1;
  if (program.json) return 0;
  fmt::print("{}: intact: log up to version {}, {}, {}, {}\n",
             arguments.store,
             head,
             counted(found.texts, "packed text"),
             counted(found.blocks, "block") + " of embeddings",
             counted(found.segments, "segment"));
  fmt::print("content {}\n", content);
  if (tail > 0)
    fmt::print(
        "{} behind the last commit, being written or left by a crash; the next writer cuts "
        "them off\n",
        bytes_text(tail));
  return 0;
}

// --- compact, tag

int graph_compact(const Program& program, const GraphArguments& arguments) {
  Store store = open_to_write(arguments.store);
  graph::compact(store);
  const std::vector<Version> versions = graph::segment_versions(store.files(), arguments.store);
  uint64_t bytes = 0;
  for (const Version version : versions)
    bytes +=
        store.files().size(fmt::format("{}/segments/{}.seg", arguments.store, version)).value_or(0);
  if (program.json)
    std::cout << dumped({{"versions", versions}, {"bytes", bytes}}) << "\n";
  else if (versions.empty())
    fmt::print("{}: empty, nothing to write\n", arguments.store);
  else
    fmt::print("{}: {} of version{} {}, {}\n",
               arguments.store,
               counted(versions.size(), "segment"),
               versions.size() == 1 ? "" : "s",
               fmt::join(versions, ", "),
               bytes_text(bytes));
  return 0;
}

int graph_tag(const Program& program, const GraphArguments& arguments) {
  Store store = open_to_write(arguments.store);
  const graph::History& history = store.history();
  const bool is_number =
      arguments.tag.find_first_not_of("0123456789") == std::string::npos && !arguments.tag.empty();
  if (is_number || graph::parse_time(arguments.tag))
    throw std::invalid_argument(fmt::format(
        "NAME = {}, which reads as a version or a time; give a tag that starts with a letter",
        arguments.tag));
  const Version version = arguments.version.empty()
                              ? history.head()
                              : version_named(history, arguments.version, "VERSION");
  const auto known = history.tags().find(arguments.tag);
  if (known == history.tags().end() || known->second != version) {
    store.tag(arguments.tag, version);
    store.commit();
  }
  if (program.json)
    std::cout << dumped({{"tag", arguments.tag}, {"version", version}, {"head", history.head()}})
              << "\n";
  else
    fmt::print("{}: {} = version {}\n", arguments.store, graph::clean(arguments.tag), version);
  return 0;
}

}  // namespace saggio::cli
