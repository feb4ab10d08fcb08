// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>

#include "graph/store/store.h"

namespace saggio::experiments {

// What a module's graph says in a node: a text, its standing, and where it comes from.
inline graph::Attributes saying(std::string text,
                                graph::Status status,
                                const graph::Provenance& from) {
  graph::Attributes attributes;
  attributes.text = std::move(text);
  attributes.status = status;
  attributes.provenance = from;
  return attributes;
}

}  // namespace saggio::experiments
