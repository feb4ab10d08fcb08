// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "results/study_data.h"

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

// What training starts from, as texts and numbers that are equal where the thing is.
struct ProbeStart {
  std::map<std::string, std::string> weights;  // "name [shape]" -> digest of the initial values
  std::string data_order;                      // digest of what is trained on first, in its order
  std::map<std::string, double> settings;      // "decay", "clip": as they act, not as configured
};

// A way to compute the outputs: the reference, a fast kernel, N threads, another device.
struct ProbePath {
  std::string name;
  std::function<std::vector<float>()> outputs;  // of the same inputs, whichever the path
  double tolerance = 0;  // c * eps * terms, relative to the largest output; 0: bit for bit
};

// Trains with the labels as they are, or shuffled, and scores on data that is left alone.
struct ProbeLabels {
  std::function<double(bool shuffled, uint64_t seed)> score;
  results::Goal goal = results::Goal::kMax;
  std::optional<double> chance;  // the score of a guess, where it is known
};

// What the device can do at most; 0: unknown.
struct Limits {
  double flops_per_second = 0, bytes_per_second = 0;
  std::string derivation;
};

using TokenOutputs = std::function<std::vector<float>(std::span<const int32_t> tokens)>;

struct Probe {
  // G1: outputs at every position for a token sequence; [T] tokens in [0, vocabulary) -> [T *
  // width] values, row by row.
  TokenOutputs forward;
  int64_t sequence_length = 0, vocabulary = 0;

  // G2: takes one training step and reports every parameter.
  std::function<std::vector<ProbeParameter>()> step;

  // G7: what the module's ledger would claim (parameters, trainable_parameters), to be compared
  // with step()'s tensors.
  std::map<std::string, double> claimed;

  // G3: asked before any step.
  std::function<ProbeStart()> start;

  // G6: trains twelve times, so only `saggio check` asks.
  std::optional<ProbeLabels> labels;

  // G8: of the device that it runs on, if it knows better than limits_of_this_machine().
  std::optional<Limits> limits;

  // G9: forward with one component switched off, by its name.
  std::map<std::string, TokenOutputs> without;

  // G12: the first is what the others must agree with.
  std::vector<ProbePath> paths;
};

}  // namespace saggio::harness
