// SPDX-License-Identifier: MIT
// saggio graph export
#include "graph/formats/export.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/graph.h"
#include "graph/formats/lines.h"

namespace saggio::cli {
namespace fs = std::filesystem;

using graph::ExportReport;
using graph::Format;

namespace {

Format format_to_write(const GraphArguments& a) {
  if (a.live) {
    if (!a.as_of.empty() || !a.world.empty())
      throw std::invalid_argument("--live writes what is there now: leave out --as-of and --world");
    if (!a.format.empty() && a.format != "records")
      throw std::invalid_argument(
          fmt::format("--live with --format {}: it writes records", graph::clean(a.format)));
    return Format::Records;
  }
  const auto format =
      a.format.empty() ? graph::format_of_file(a.file) : graph::find_format(a.format);
  if (format) return *format;
  if (!a.format.empty())
    throw std::invalid_argument(fmt::format(
        "--format = {}, allowed: {}", graph::clean(a.format), graph::format_names(true)));
  throw std::invalid_argument(fmt::format("{}; give --format with one of {}",
                                          a.file.empty()
                                              ? "standard output has no ending that tells a format"
                                              : a.file + ": its ending tells no format",
                                          graph::format_names(true)));
}

// Writes beside the file and renames, so that nobody ever sees half of it.
template <typename Write>
ExportReport write_whole(const std::string& file, const Write& write) {
  const std::string beside = file + ".part";
  try {
    std::ofstream out(beside, std::ios::binary | std::ios::trunc);
    if (!out) throw std::runtime_error(fmt::format("{}: cannot be written", beside));
    const ExportReport report = write(out);
    out.close();
    if (!out) throw std::runtime_error(fmt::format("{}: cannot be written", beside));
    fs::rename(beside, file);
    return report;
  } catch (...) {
    std::error_code ignored;
    fs::remove(beside, ignored);
    throw;
  }
}

void print_report(const Program& program, const GraphArguments& a, const ExportReport& report) {
  for (const std::string& line : report.losses) std::cerr << "lost: " << line << "\n";
  if (a.file.empty()) return;
  if (program.json)
    std::cout << dumped({{"file", a.file},
                         {"nodes", report.nodes},
                         {"edges", report.edges},
                         {"bytes", report.bytes},
                         {"losses", report.losses}})
              << "\n";
  else
    fmt::print("{}: {}, {}, {}\n",
               a.file,
               counted(report.nodes, "node"),
               counted(report.edges, "edge"),
               bytes_text(report.bytes));
}

}  // namespace

int graph_export(const Program& program, const GraphArguments& arguments) {
  const Format format = format_to_write(arguments);
  graph::Reader reader = open_to_read(arguments.store);
  const graph::ExportSource source = source_of(reader);
  const graph::ExportOptions options{.as_of = point_of(reader.history(), arguments)};
  const auto write = [&](std::ostream& out) {
    return graph::export_to(out, format, source, options);
  };
  if (fs::is_directory(arguments.file))
    throw std::invalid_argument(fmt::format("{}: is a folder; give a file", arguments.file));
  const ExportReport report =
      arguments.file.empty() ? write(std::cout) : write_whole(arguments.file, write);
  std::cout.flush();
  print_report(program, arguments, report);
  return 0;
}

}  // namespace saggio::cli
