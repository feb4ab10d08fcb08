// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "viz/plan/backend.h"
#include "viz/scene/difference.h"

// What `saggio view` asks of the shared object that holds the viewer, and what it gets back. The
// program loads it by name, so that it starts where Vulkan is missing.
namespace saggio::viz {

struct RenderRequest {
  std::string store;      // folder
  std::string picture;    // the file to write: .png, .svg or .pdf; replaced whole, or not at all;
                          // empty: none
  std::string film;       // a file, or a folder for its frames; empty: none (viz/film/film.h)
  std::string film_path;  // empty: the default
  double film_seconds = 8;
  int32_t film_frames_a_second = 25;
  uint32_t width = 1280, height = 720;
  double scale = 1;          // pixels for each of these, all of the picture larger: for print
  double letters = 0;        // pixels high, before they are scaled; 0: as the picture's height asks
  bool transparent = false;  // no background
  // Choices by the names that people use; empty: the default.
  std::string compare, compare_version;  // a store's folder; a version of it, or of this one
  bool only_differences = false;
  std::string query, version, world, layout, group_by, colour, size, device;
  std::vector<std::string> path, proof, against, select;  // nodes: keys, or "#ID"
  bool core = false;
  std::string state;  // JSON: fields of a ViewState that replace what the above comes to
  std::string view;   // a saved view to begin with: what it says counts where nothing is said here
  std::string save_view;  // keep the picture under this name
  std::string script;     // a file of commands, one a line
  std::optional<int32_t> labels;
  bool dark = false;
  bool validate = false;
  bool tell = false;  // report the query and the command of the picture
};

struct RenderReport {
  DeviceInfo device;
  uint64_t version = 0, head = 0;
  size_t nodes = 0, nodes_shown = 0, edges = 0, edges_shown = 0;
  std::string film;  // where it is
  size_t film_frames = 0;
  std::string comparison;  // "version 7 against version 3   nodes: 2 added"; empty: none was made
  DifferenceCounts compared_nodes{}, compared_edges{};
  size_t labels = 0, labels_left_out = 0;
  uint64_t boxes = 0;              // characters that the font cannot draw
  std::string saved;               // the file of the saved view
  std::string query, command;      // that select and draw what it shows; empty: not asked for
  std::vector<std::string> notes;  // what a person should know about the picture
};

// Throws NoDevice; std::invalid_argument for what cannot be asked; graph::Damage;
// std::runtime_error if the picture cannot be written.
RenderReport render(const RenderRequest& request);

// A graph that can be opened: its folder, and what is said of it.
struct Offer {
  std::string name, told, folder;
};
using Offers = std::function<std::vector<Offer>()>;

// What `saggio view` asks of the shared object that holds the window.
struct WindowRequest {
  RenderRequest view;  // without a picture; its store may be empty; its size is the window's
  // Graphs of recent runs, to open or to compare with; asked when a person is to see them.
  Offers offers;
  // Told of each command that changed something, as its line: what `--script` reads. May be empty.
  std::function<void(const std::string&)> record;
};

// Opens a window and returns when it is closed. Throws what render() throws; NoDevice if there is
// no display, or if the device is lost.
void show(const WindowRequest& request);

// The symbols that are looked up, with their types.
inline constexpr const char* kWindowSymbol = "saggio_viz_window";
using WindowFunction = void (*)(const WindowRequest&);

inline constexpr const char* kRenderSymbol = "saggio_viz_render";
using RenderFunction = void (*)(const RenderRequest&, RenderReport&);

}  // namespace saggio::viz
