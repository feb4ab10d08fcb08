// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "experiments/harness/config.h"

// The conditions of `skip`: "model.layers == 1 and not (model.position == 'learned' or train.lr >
// 1e-2)".
//
//   condition := and-terms joined by `or`
//   term      := [not] ( '(' condition ')' | key op value | key )
//   op        := == != < <= > >=
//   value     := number | 'text' | "text" | true | false
namespace saggio::harness {

// Whether the condition holds for these values; a bare key must be true or false. Throws
// std::invalid_argument with the column: syntax, unknown key (with the nearest), texts compared by
// size.
bool holds(std::string_view condition, const Values& values);

}  // namespace saggio::harness
