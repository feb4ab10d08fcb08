// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "graph/view/view.h"
#include "viz/maths.h"

// The seam to graph/layout: a name and a View go in, a position for each of its nodes comes out.
namespace saggio::viz {

std::vector<std::string> layout_names();      // the default first
bool laid_out_flat(const std::string& name);  // in a plane, to be seen from its front
// [N], the same every time. Throws std::invalid_argument if there is none of that name.
std::vector<Vec3> laid_out(const std::string& name, const graph::View& view);

}  // namespace saggio::viz
