// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/adamw.h"

namespace saggio::kernels {

// What adamw_step and its reference demand alike, whatever the types are. Throw
// std::invalid_argument.
void check_constants(const AdamwStep& step);
void check_layout(const AdamwTensor& tensor, size_t index);

[[noreturn]] void refuse_type(const at::Tensor& tensor,
                              const char* name,
                              size_t index,
                              const char* allowed);

}  // namespace saggio::kernels
