// SPDX-License-Identifier: MIT
#pragma once

#include <fmt/format.h>

#include "experiments/harness/module.h"

namespace saggio::experiments {

// Of modules that compute by LibTorch. Throws DeviceMissing: there is no other device yet.
inline void require_cpu(const harness::Context& context) {
  if (context.device() != "cpu")
    throw harness::DeviceMissing(
        fmt::format("device '{}' is missing: this program is linked with LibTorch's CPU library "
                    "only; set device = \"cpu\"",
                    context.device()));
}

}  // namespace saggio::experiments
