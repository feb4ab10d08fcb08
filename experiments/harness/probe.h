// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

// What a module shows of its inside so that the honesty gates can be tried on it. Plain numbers:
// the harness never sees a tensor. Any part may be left empty; a gate that needs it is then "not
// applicable", and `saggio check` says so.
namespace saggio::harness {

struct ProbeParameter {
  std::string name;
  int64_t elements = 0;
  bool trainable = true;
  double gradient_norm = 0;  // after one training step on real data
  double change_norm = 0;    // how far that step moved it
};

struct Probe {
  // G1: outputs at every position for a token sequence; [T] tokens in [0, vocabulary) -> [T *
  // width] values, row by row.
  std::function<std::vector<float>(std::span<const int32_t> tokens)> forward;
  int64_t sequence_length = 0, vocabulary = 0;

  // G2: takes one training step and reports every parameter.
  std::function<std::vector<ProbeParameter>()> step;

  // G7: what the module's ledger would claim (parameters, trainable_parameters), to be compared
  // with step()'s tensors.
  std::map<std::string, double> claimed;
};

}  // namespace saggio::harness
