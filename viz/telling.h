// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "viz/state/marks.h"

// A picture in words that can be given to somebody else: the query that selects what it shows, and
// the command that draws it.
namespace saggio::viz {

struct Told {
  std::string text;
  std::vector<std::string> notes;  // what the text does not say
};

// A query (graph/query/QUERY.md) for exactly what is shown: filter and focus in their own words;
// what folds and highlights add or hide, up to kMostNamed elements, by their ids. Of a filter for
// edges, the edges that are shown. `marks` are those of the state. Costs an evaluation.
Told query_of_picture(const ViewState& state, const Marks& marks, const Subject& subject);
inline constexpr size_t kMostNamed = 500;

struct CommandSources {        // borrowed
  const std::string& store;    // its folder
  const std::string& picture;  // the file to write
  const Viewport& viewport;
  float letters;  // pixels high
  const graph::History& history;
  const graph::AsOf& as_of;
  std::string layout;  // that is taken if none is named
  // The camera after a fit of this one, in this picture.
  const std::function<Camera(Camera)>& fitted;
};

// A line for a shell: `saggio view ...` that draws this picture. What has an option is told by it,
// the rest by --state.
std::string command_of_picture(const ViewState& state, const CommandSources& sources);

// One word of a POSIX shell that stands for these bytes, of which none is 0.
std::string shell_word(std::string_view text);

}  // namespace saggio::viz
