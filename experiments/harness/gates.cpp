// SPDX-License-Identifier: MIT
#include "experiments/harness/gates.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "experiments/harness/gate_words.h"
#include "results/random.h"
#include "results/statistics/analysis.h"

namespace saggio::harness {
namespace {

// The first row in [0, rows) in which the two outputs differ; -1 if none.
int64_t first_difference(const std::vector<float>& a,
                         const std::vector<float>& b,
                         int64_t rows,
                         int64_t width) {
  for (int64_t i = 0; i < rows * width; ++i)
    if (!(a[static_cast<size_t>(i)] == b[static_cast<size_t>(i)])) return i / width;
  return -1;
}

}  // namespace

GateResult check_causality(const Probe& probe) {
  const std::string gate = "G1 causality";
  if (!probe.forward) return not_applicable(gate, "the probe has no forward");
  results::Stream stream = results::Stream(1).split("causality");
  std::vector<int32_t> tokens(static_cast<size_t>(probe.sequence_length));
  for (int32_t& token : tokens)
    token = static_cast<int32_t>(stream.below(static_cast<uint64_t>(probe.vocabulary)));
  const std::vector<float> before = probe.forward(tokens);
  const auto width = static_cast<int64_t>(before.size()) / probe.sequence_length;
  bool moved = false;
  for (int64_t changed = 1; changed < probe.sequence_length;
       changed += std::max<int64_t>(1, probe.sequence_length / 16)) {
    std::vector<int32_t> other = tokens;
    auto& token = other[static_cast<size_t>(changed)];
    token = static_cast<int32_t>(
        (token + 1 +
         static_cast<int64_t>(stream.below(static_cast<uint64_t>(probe.vocabulary - 1)))) %
        probe.vocabulary);
    const std::vector<float> after = probe.forward(other);
    if (const int64_t row = first_difference(before, after, changed, width); row >= 0)
      return failed(
          gate,
          fmt::format(
              "changing token {} moved the output at position {}: the model sees the future",
              changed,
              row));
    moved |= first_difference(before, after, probe.sequence_length, width) >= 0;
  }
  if (!moved)
    return failed(gate,
                  "changing a token moved no output at all: the model does not read its input");
  return passed(gate,
                fmt::format("{} positions, no output moved before the token that changed",
                            probe.sequence_length));
}

GateResult check_gradient_coverage(const std::vector<ProbeParameter>& parameters) {
  const std::string gate = "G2 gradient coverage";
  std::vector<std::string> untouched, unmoved, frozen_moved;
  for (const ProbeParameter& parameter : parameters) {
    if (!parameter.trainable) {
      if (parameter.change_norm != 0) frozen_moved.push_back(parameter.name);
    } else if (!(parameter.gradient_norm > 0)) {
      untouched.push_back(parameter.name);
    } else if (!(parameter.change_norm > 0)) {
      unmoved.push_back(parameter.name);
    }
  }
  if (!untouched.empty())
    return failed(
        gate,
        fmt::format(
            "{} trainable tensors get no gradient: {}", untouched.size(), listed(untouched)));
  if (!unmoved.empty())
    return failed(gate,
                  fmt::format("{} trainable tensors get a gradient and do not move: {}",
                              unmoved.size(),
                              listed(unmoved)));
  if (!frozen_moved.empty())
    return failed(
        gate, fmt::format("{} frozen tensors move: {}", frozen_moved.size(), listed(frozen_moved)));
  return passed(
      gate,
      fmt::format("{} tensors, every trainable one has a gradient and moves", parameters.size()));
}

GateResult check_counts(const std::vector<ProbeParameter>& parameters,
                        const std::map<std::string, double>& claimed) {
  const std::string gate = "G7 counts";
  if (claimed.empty()) return not_applicable(gate, "the probe claims no counts");
  double total = 0, trainable = 0;
  for (const ProbeParameter& parameter : parameters) {
    total += static_cast<double>(parameter.elements);
    if (parameter.trainable) trainable += static_cast<double>(parameter.elements);
  }
  const std::map<std::string, double> counted = {{"parameters", total},
                                                 {"trainable_parameters", trainable}};
  for (const auto& [quantity, value] : claimed) {
    const auto found = counted.find(quantity);
    if (found == counted.end())
      return failed(gate,
                    fmt::format("claims {}, which cannot be counted from its tensors", quantity));
    if (found->second != value)
      return failed(
          gate,
          fmt::format("claims {:.0f} {}, its tensors hold {:.0f}", value, quantity, found->second));
  }
  return passed(gate, fmt::format("{:.0f} parameters, as claimed", total));
}

GateResult check_held_out(const std::string& metric) {
  const std::string gate = "G5 held-out";
  if (metric.starts_with("train/") || metric == "loss")
    return failed(
        gate,
        fmt::format(
            "the study reports '{}', a training metric: it says how well the data is remembered; "
            "report a held-out one, such as heldout/...",
            metric));
  return passed(gate, fmt::format("the study reports {}", metric));
}

GateResult check_measured_cells(const results::StudyData& study) {
  const std::string gate = "G4 measured cells";
  for (const results::Arm& arm : study.arms)
    for (const results::RunResult& run : arm.runs)
      if (run.id.empty())
        return failed(gate, fmt::format("arm '{}' has a value without a run behind it", arm.name));
  for (const results::Summary& summary : results::summarise(study, study.metric.name))
    if (static_cast<int>(summary.run_ids.size()) != summary.n)
      return failed(
          gate,
          fmt::format("a mean of {} runs names {} of them", summary.n, summary.run_ids.size()));
  return passed(gate, "every value names its runs");
}

std::vector<GateResult> check_module(const ModuleEntry& module, const Values& config) {
  if (!module.probe) {
    std::vector<GateResult> none;
    for (const char* gate : {"G1 causality",
                             "G2 gradient coverage",
                             "G6 label shuffle",
                             "G7 counts",
                             "G9 module effect",
                             "G12 backend parity"})
      none.push_back(not_applicable(gate, fmt::format("module '{}' has no probe", module.name)));
    return none;
  }
  Context context = Context::in_memory(1);
  const Probe probe = module.probe(config, context);
  // Those that compare outputs come first: a step changes the weights.
  const GateResult parity = check_parity(probe.paths), effect = check_module_effect(probe);
  std::vector<GateResult> results = {check_causality(probe)};
  const std::vector<ProbeParameter> parameters =
      probe.step ? probe.step() : std::vector<ProbeParameter>();
  const auto if_stepped = [&](const std::string& gate, const auto& check) {
    return probe.step ? check() : not_applicable(gate, "the probe takes no step");
  };
  results.push_back(
      if_stepped("G2 gradient coverage", [&] { return check_gradient_coverage(parameters); }));
  results.push_back(check_label_shuffle(probe.labels));
  results.push_back(
      if_stepped("G7 counts", [&] { return check_counts(parameters, probe.claimed); }));
  results.push_back(effect);
  results.push_back(parity);
  return results;
}

CheapGates cheap_gates(const ModuleEntry& module, const Values& config) {
  if (!module.probe) return {};
  Context context = Context::in_memory(1);
  const Probe probe = module.probe(config, context);
  CheapGates found{.limits = probe.limits};
  if (!probe.step) return found;
  const std::vector<ProbeParameter> parameters = probe.step();
  for (const GateResult& result :
       {check_gradient_coverage(parameters), check_counts(parameters, probe.claimed)})
    if (result.status == Status::kFailed)
      found.warnings.push_back(result.gate + ": " + result.message);
  return found;
}

}  // namespace saggio::harness
