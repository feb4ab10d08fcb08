// SPDX-License-Identifier: MIT
#include "cli/view.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/graph.h"
#include "cli/view_window.h"
#include "graph/query/query.h"
#include "results/store/run_dir.h"

namespace saggio::cli {
namespace fs = std::filesystem;

namespace {

// "1280x720"
void parse_size(const std::string& size, viz::RenderRequest& request) {
  if (size.empty()) return;
  unsigned width = 0, height = 0;
  char rest = 0;
  const int read = std::sscanf(size.c_str(), "%5ux%5u%c", &width, &height, &rest);
  if (read != 2 || !(width >= 64 && width <= 16384 && height >= 64 && height <= 16384))
    throw std::invalid_argument(
        fmt::format("--size = {}, allowed: WIDTHxHEIGHT, each of 64 to 16384 pixels", size));
  request.width = width;
  request.height = height;
}

// A store by its folder; a run by its folder or the first digits of its identity.
std::string store_of(const Program& program, const std::string& what) {
  const auto files = graph::real_files();
  if (graph::read_identity(*files, what)) return what;
  if (fs::is_directory(what) && !results::RunDir(what).exists())
    throw std::invalid_argument(
        fmt::format("{}: neither a graph nor a run; give the folder of a store or of a run, or the "
                    "first digits of a run's identity",
                    what));
  const fs::path run = find_run(program, what);
  if (graph::read_identity(*files, (run / "graph").string())) return (run / "graph").string();
  throw std::invalid_argument(
      fmt::format("{}: this run wrote no reasoning graph; give one that did, or a store's folder",
                  run.string()));
}

viz::RenderReport rendered(const Program& program, const viz::RenderRequest& request) {
  const auto render = reinterpret_cast<viz::RenderFunction>(
      viewer_symbol(program, "libsaggio_view.so", viz::kRenderSymbol, "libvulkan1"));
  viz::RenderReport report;
  try {
    render(request, report);
  } catch (const viz::NoDevice& error) {
    throw ViewerMissing(error.what());
  } catch (const graph::QueryError& error) {
    throw std::invalid_argument(graph::pointed(request.query, error));
  }
  return report;
}

nlohmann::json counts_json(const viz::DifferenceCounts& counts) {
  nlohmann::json json = nlohmann::json::object();
  for (size_t i = 0; i < counts.size(); ++i)
    json[std::string(viz::kDifferenceNames[i])] = counts[i];
  return json;
}

nlohmann::json report_json(const viz::RenderRequest& request, const viz::RenderReport& report) {
  nlohmann::json json = {{"picture", request.picture},
                         {"device", report.device.name},
                         {"software", report.device.software},
                         {"version", report.version},
                         {"head", report.head},
                         {"nodes", report.nodes},
                         {"nodes_shown", report.nodes_shown},
                         {"edges", report.edges},
                         {"edges_shown", report.edges_shown},
                         {"labels", report.labels},
                         {"labels_left_out", report.labels_left_out},
                         {"saved", report.saved},
                         {"query", report.query},
                         {"command", report.command},
                         {"notes", report.notes}};
  if (!report.film.empty()) json["film"] = {{"place", report.film}, {"frames", report.film_frames}};
  if (!report.comparison.empty())
    json["comparison"] = {{"nodes", counts_json(report.compared_nodes)},
                          {"edges", counts_json(report.compared_edges)}};
  return json;
}

void add_choices(CLI::App* command, ViewArguments& a) {
  viz::RenderRequest& r = a.request;
  command->add_option("--query", r.query, "show what satisfies this: graph/query/QUERY.md");
  command->add_option("--version", r.version, "a version, a tag, or a UTC date or time")
      ->type_name("WHEN");
  command->add_option("--world", r.world, "what holds in the world at this UTC date or time")
      ->type_name("TIME");
  command->add_option("--compare", a.compare, "show how STORE differs from this store or run")
      ->type_name("OTHER");
  command
      ->add_option(
          "--compare-version", r.compare_version, "from this version of OTHER, or of STORE")
      ->type_name("WHEN");
  command->add_flag("--only-differences", r.only_differences, "leave out what is the same in both");
  command->add_option("--layout", r.layout, "how nodes are placed")->type_name("NAME");
  command->add_option(
      "--group-by", r.group_by, "what the force layouts draw together: kind, run or community");
  command->add_option(
      "--colour,--color",
      r.colour,
      "kind (default), status, confidence, run, label, experiment, model, rule or difference");
  command->add_option("--size-by", r.size, "same (default), degree or confidence");
  command->add_option("--path", r.path, "lift out a shortest path from one node to another")
      ->type_name("NODE")
      ->expected(2);
  command->add_option("--proof", r.proof, "lift out the best proof of a node")
      ->type_name("NODE")
      ->expected(1);
  command->add_option("--against", r.against, "lift out what contradicts a node or its support")
      ->type_name("NODE")
      ->expected(1);
  command->add_flag("--core",
                    r.core,
                    "lift out what contradictions rest on: the sources of both sides, and no more");
  command->add_option("--select", r.select, "ring nodes and label them first")->type_name("NODE");
  command->add_option("--labels", r.labels, "at most so many (default: 60)")
      ->check(CLI::Range(0, 10'000));
  command->add_flag("--dark", r.dark, "light on dark");
  command->add_option("--view", r.view, "begin with a saved view of the store")->type_name("NAME");
  command->add_option("--save-view", r.save_view, "keep the picture as a saved view")
      ->type_name("NAME");
  command->add_option("--state", r.state, "the rest of what a picture's own command tells: --json")
      ->type_name("JSON");
}

}  // namespace

void* viewer_symbol(const Program& program,
                    const std::string& library,
                    const char* symbol,
                    const std::string& packages) {
  const std::string file = program.folder / library;
  void* loaded = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!loaded) {
    const char* reason = ::dlerror();
    throw ViewerMissing(
        fmt::format("the viewer cannot be loaded: {}; apt-get install {}, or build it: make build",
                    reason ? reason : file,
                    packages));
  }
  if (void* found = ::dlsym(loaded, symbol)) return found;
  throw ViewerMissing(
      fmt::format("{}: not the viewer of this program; build it again: make build", file));
}

void add_view(CLI::App& app, Program& program, ViewArguments& a, std::function<int()>& action) {
  auto* command =
      app.add_subcommand("view", "A reasoning graph, in a window or as a picture: docs/viewer.md");
  command->add_option(
      "STORE", a.what, "a store's folder, or a run (without: recent runs and an example)");
  auto* picture =
      command
          ->add_option("--render",
                       a.request.picture,
                       "the file to write, .png, .svg or .pdf, instead of opening a window")
          ->type_name("FILE");
  command
      ->add_option("--film",
                   a.request.film,
                   "the film to write: .mp4, .mov, .mkv, .webm, .gif, or a folder for its frames")
      ->type_name("FILE");
  command
      ->add_option("--film-path",
                   a.request.film_path,
                   "orbit: once around (default); time: from the first version on")
      ->type_name("NAME");
  command->add_option("--film-seconds", a.request.film_seconds, "how long it is (default: 8)");
  command->add_option(
      "--fps", a.request.film_frames_a_second, "frames a second of a film (default: 25)");
  command->add_option("--size", a.size, "pixels (default: 1280x720)")->type_name("WxH");
  command->add_option("--scale", a.request.scale, "all of the picture so many times as large")
      ->check(CLI::Range(0.1, 16.));
  command
      ->add_option(
          "--letters",
          a.request.letters,
          "pixels that letters are high (default: 15 in a picture 720 high, growing with it)")
      ->type_name("PX")
      ->check(CLI::Range(6., 200.));
  command->add_flag("--transparent", a.request.transparent, "no background");
  add_choices(command, a);
  command->add_option("--script", a.request.script, "then do these commands, a line of JSON each")
      ->type_name("FILE");
  command->add_option(
      "--device", a.request.device, "part of the name of the device that draws, or software");
  command->add_flag("--validate", a.request.validate, "let Vulkan's validation layer look on");
  command
      ->add_option(
          "--record", a.record, "write what is done in the window, a line of JSON each: a script")
      ->type_name("FILE")
      ->excludes(picture);
  command->callback([&] { action = [&] { return view(program, a); }; });
}

int view(const Program& program, const ViewArguments& arguments) {
  viz::RenderRequest request = arguments.request;
  parse_size(arguments.size, request);
  request.tell = program.json;
  if (!arguments.what.empty()) request.store = store_of(program, arguments.what);
  if (!arguments.compare.empty()) request.compare = store_of(program, arguments.compare);
  if (request.picture.empty() && request.film.empty())
    return open_window(program, std::move(request), arguments.record);
  if (request.store.empty())
    throw std::invalid_argument(
        "--render and --film need a graph: saggio view STORE --render FILE");
  const viz::RenderReport report = rendered(program, request);
  if (program.json) {
    std::cout << dumped(report_json(request, report)) << "\n";
    return 0;
  }
  for (const std::string& note : report.notes) std::cerr << "note: " << note << "\n";
  if (!request.picture.empty()) fmt::print("{}\n", request.picture);
  if (!report.film.empty()) fmt::print("{}\n", report.film);
  if (!report.saved.empty()) fmt::print("{}\n", report.saved);
  if (!program.quiet && !report.comparison.empty()) fmt::print("{}\n", report.comparison);
  if (!program.quiet)
    fmt::print("{} of {}, {} of {}, version {} of {}, {}\n",
               grouped(report.nodes_shown),
               counted(report.nodes, "node"),
               grouped(report.edges_shown),
               counted(report.edges, "edge"),
               report.version,
               report.head,
               counted(report.labels, "label"));
  return 0;
}

}  // namespace saggio::cli
