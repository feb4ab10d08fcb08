// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "experiments/harness/probe.h"
#include "models/named_tensors.h"

// What every probe of a module that trains tensors says in the same way.
namespace saggio::experiments {

// What one step does to each parameter; `step` leaves their gradients behind.
std::vector<harness::ProbeParameter> probe_parameters(const models::NamedTensors& parameters,
                                                      const std::function<void()>& step);

std::string digest_of(const at::Tensor& x);  // contiguous

// What a module shows that trains parameters, all of them, towards a score to be high.
//   step   takes one training step
//   score  as harness::ProbeLabels has it
//   count  of the parameters, as the ledger has it
harness::Probe trained_probe(const models::NamedTensors& parameters,
                             const std::function<void()>& step,
                             const std::function<double(bool shuffled, uint64_t seed)>& score,
                             double count);

double count_elements(const models::NamedTensors& parameters);

// "name [shape]" -> digest
std::map<std::string, std::string> digests_of(const models::NamedTensors& parameters);

// The same pass on one thread and on two, within the rounding of sums of `terms` numbers.
//   pass  gives a tensor of any shape, without gradients
std::vector<harness::ProbePath> probe_threads(const std::function<at::Tensor()>& pass,
                                              double terms);

}  // namespace saggio::experiments
