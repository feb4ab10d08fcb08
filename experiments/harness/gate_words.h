// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "experiments/harness/gates.h"

// How gates say what they found. For their implementations only.
namespace saggio::harness {

using Status = GateResult::Status;

inline GateResult passed(std::string gate, std::string message) {
  return {std::move(gate), Status::kPassed, std::move(message)};
}
inline GateResult failed(std::string gate, std::string message) {
  return {std::move(gate), Status::kFailed, std::move(message)};
}
inline GateResult not_applicable(std::string gate, std::string why) {
  return {std::move(gate), Status::kNotApplicable, std::move(why)};
}

std::string listed(const std::vector<std::string>& names);  // "a, b, c, d and 3 more"

}  // namespace saggio::harness
