// SPDX-License-Identifier: MIT
#pragma once

#include "viz/session.h"
#include "viz/viewer.h"

namespace saggio::viz {

// What a request names, as commands in the order in which a person would give them, and the script
// after them, of which alone something can be undone. Throws std::invalid_argument,
// graph::QueryError.
void choose(const RenderRequest& request, Session& session);

}  // namespace saggio::viz
