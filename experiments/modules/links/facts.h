// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "experiments/data/triples.h"

namespace saggio::experiments {

// [M, 3] i32: head, relation, tail, as models/knowledge_graph reads facts. A copy.
at::Tensor fact_tensor(const std::vector<data::Triple>& facts);

}  // namespace saggio::experiments
