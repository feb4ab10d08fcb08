// SPDX-License-Identifier: MIT
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <stdexcept>
#include <string>

#include "cli/program.h"
#include "viz/viewer.h"

// `saggio view`. The viewer is a shared object beside the program, loaded when it is asked for.
namespace saggio::cli {

struct ViewArguments {
  viz::RenderRequest request;
  std::string what, compare;  // a store, or a run
  std::string size;           // WxH
  std::string record;         // of a window: a file for its commands
};

void add_view(CLI::App& app,
              Program& program,
              ViewArguments& arguments,
              std::function<int()>& action);

// The viewer or its device is missing; exit code 3.
struct ViewerMissing : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// A function of one of the viewer's shared objects, which stays loaded until the program ends, since
// what it throws is its own. Throws ViewerMissing, naming packages to install.
void* viewer_symbol(const Program& program,
                    const std::string& library,
                    const char* symbol,
                    const std::string& packages);

int view(const Program& program, const ViewArguments& arguments);

}  // namespace saggio::cli
