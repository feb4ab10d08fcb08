// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "results/study_data.h"

// What one run says about one quantity: the vocabulary that the analyses share.
namespace saggio::results {

// A run that finished without a finite value has diverged; one that ran out of its time has failed
// to finish; one that was stopped, or finished without the quantity, is missing.
enum class State { kFinite, kDiverged, kFailed, kMissing };

struct Reading {
  State state;
  double value = 0;  // if finite
};

Reading read(const RunResult& run, const std::string& metric);
bool ran(const Reading& reading);  // to an end that counts: finite or diverged

// Throws std::invalid_argument if two runs have the same seed.
std::map<uint64_t, const RunResult*> by_seed(const Arm& arm);

// a - b, or ln(a / b).
double difference(double a, double b, Scale scale);

}  // namespace saggio::results
