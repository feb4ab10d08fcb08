// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "graph/interrupt.h"

namespace saggio::graph {

// A forest whose nodes are numbered so that each parent comes before its children and siblings
// follow each other.
struct Forest {
  std::vector<int32_t> parent;  // [nodes] -1: a root
  std::vector<int32_t> depth;   // [nodes]
};

// From left to right, [nodes], one tree after the other: neighbours at depth d are gap(d) or more
// apart.
std::vector<float> tidy(const Forest& forest,
                        const std::function<float(int32_t)>& gap,
                        Asker& asker);

}  // namespace saggio::graph
