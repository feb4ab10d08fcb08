// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "viz/plan/backend.h"

// What `saggio view` asks of the shared object that holds the viewer, and what it gets back. The
// program loads it by name, so that it starts where Vulkan is missing.
namespace saggio::viz {

struct RenderRequest {
  std::string store;    // folder
  std::string picture;  // the file to write: .png, .svg or .pdf; replaced whole, or not at all
  uint32_t width = 1280, height = 720;
  double scale = 1;          // pixels for each of these, all of the picture larger: for print
  bool transparent = false;  // no background
  // Choices by the names that people use; empty: the default.
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
};

struct RenderReport {
  DeviceInfo device;
  uint64_t version = 0, head = 0;
  size_t nodes = 0, nodes_shown = 0, edges = 0, edges_shown = 0;
  size_t labels = 0, labels_left_out = 0;
  uint64_t boxes = 0;              // characters that the font cannot draw
  std::string saved;               // the file of the saved view
  std::string query, command;      // that select and draw what the picture shows
  std::vector<std::string> notes;  // what a person should know about the picture
};

// Throws NoDevice; std::invalid_argument for what cannot be asked; graph::Damage;
// std::runtime_error if the picture cannot be written.
RenderReport render(const RenderRequest& request);

// What `saggio view` asks of the shared object that holds the window.
struct WindowRequest {
  struct Offer {  // of the page that is shown if there is no store: a graph to open
    std::string name, told, folder;
  };
  RenderRequest view;  // without a picture; its store may be empty; its size is the window's
  std::vector<Offer> offers;
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
