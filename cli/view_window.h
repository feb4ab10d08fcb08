// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "cli/program.h"
#include "viz/viewer.h"

// What the window of `saggio view` is told of the program's runs: plain strings.
namespace saggio::cli {

// Runs that left a graph, the one changed last first, at most so many.
std::vector<viz::Offer> recent_graphs(const Program& program, size_t most = 12);

// Opens the window and returns when it is closed. `record`: a file that is given each command that
// changed something, a line of JSON each, as `--script` takes them; empty: none.
int open_window(const Program& program, viz::RenderRequest view, const std::string& record);

}  // namespace saggio::cli
