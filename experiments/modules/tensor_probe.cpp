// SPDX-License-Identifier: MIT
#include "experiments/modules/tensor_probe.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <limits>

#include "results/store/hash.h"

namespace saggio::experiments {

std::vector<harness::ProbeParameter> probe_parameters(const models::NamedTensors& parameters,
                                                      const std::function<void()>& step) {
  std::vector<at::Tensor> before;
  for (const auto& [name, value] : parameters) before.push_back(value.detach().clone());
  step();
  std::vector<harness::ProbeParameter> all;
  for (const auto& [name, value] : parameters)
    all.push_back({.name = name,
                   .elements = value.numel(),
                   .trainable = value.requires_grad(),
                   .gradient_norm = value.grad().defined() ? value.grad().norm().item<double>() : 0,
                   .change_norm = (value - before[all.size()]).norm().item<double>()});
  return all;
}

harness::Probe trained_probe(const models::NamedTensors& parameters,
                             const std::function<void()>& step,
                             const std::function<double(bool shuffled, uint64_t seed)>& score,
                             double count) {
  harness::Probe probe;
  probe.step = [parameters, step] { return probe_parameters(parameters, step); };
  probe.labels = harness::ProbeLabels{.score = score, .goal = results::Goal::kMax};
  probe.claimed = {{"parameters", count}, {"trainable_parameters", count}};
  return probe;
}

double count_elements(const models::NamedTensors& parameters) {
  double elements = 0;
  for (const auto& [name, value] : parameters) elements += static_cast<double>(value.numel());
  return elements;
}

std::string digest_of(const at::Tensor& x) {
  return results::sha256({static_cast<const char*>(x.const_data_ptr()), x.nbytes()});
}

std::map<std::string, std::string> digests_of(const models::NamedTensors& parameters) {
  std::map<std::string, std::string> digests;
  for (const auto& [name, value] : parameters)
    digests[fmt::format("{} [{}]", name, fmt::join(value.sizes(), ", "))] = digest_of(value);
  return digests;
}

std::vector<harness::ProbePath> probe_threads(const std::function<at::Tensor()>& pass,
                                              double terms) {
  const auto on = [pass](int threads) {
    const at::NoGradGuard no_gradients;
    const int before = at::get_num_threads();
    at::set_num_threads(threads);
    const at::Tensor out = pass().contiguous();
    at::set_num_threads(before);
    const float* values = out.const_data_ptr<float>();
    return std::vector<float>(values, values + out.numel());
  };
  return {{.name = "1 thread", .outputs = [on] { return on(1); }},
          {.name = "2 threads",
           .outputs = [on] { return on(2); },
           .tolerance = 8 * std::numeric_limits<float>::epsilon() * terms}};
}

}  // namespace saggio::experiments
