// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "experiments/harness/gate_words.h"
#include "results/random.h"
#include "results/statistics/resampling.h"
#include "results/statistics/statistics.h"

// The gates that look at what comes out: G6 scores, G8 rates, G9 and G12 outputs.
namespace saggio::harness {
namespace {

// As many as it takes for sign flips to reach 5 %.
constexpr uint64_t kShuffleSeeds = 6;

// Whether all of `gains` say the same: positive, at 5 %.
bool is_gain(const std::vector<double>& gains) {
  return results::mean(gains) > 0 && results::sign_flip_p(gains) <= .05;
}

struct Rate {
  std::string what;
  double value = 0, limit = 0;
  std::string unit;
};

std::string last_part(const std::string& name) { return name.substr(name.rfind('/') + 1); }

std::vector<Rate> rates_of(const results::Record& record, const Limits& limits) {
  std::vector<Rate> rates;
  const auto add = [&](const std::string& what, double value, double limit, const char* unit) {
    if (limit > 0 && value > 0) rates.push_back({what, value, limit, unit});
  };
  const results::Ledger& ledger = record.ledger;
  const double seconds = ledger.total("seconds");
  const double flops = ledger.total("train_flops") + ledger.total("eval_flops");
  if (seconds > 0) {
    add("the ledger's FLOPs", flops / seconds, limits.flops_per_second, "FLOP/s");
    add("the ledger's moved bytes",
        ledger.total("moved_bytes") / seconds,
        limits.bytes_per_second,
        "B/s");
  }
  for (const auto& [name, value] : record.metrics) {
    const std::string part = last_part(name);
    if (part == "flops_per_second") add(name, value, limits.flops_per_second, "FLOP/s");
    if (part == "bytes_per_second") add(name, value, limits.bytes_per_second, "B/s");
    if (part != "tokens_per_second") continue;
    add(name, value * ledger.total("flops_per_token"), limits.flops_per_second, "FLOP/s");
    add(name, value * ledger.total("bytes_per_token"), limits.bytes_per_second, "B/s");
  }
  return rates;
}

// Where and by how much two outputs differ beyond a tolerance; empty if they agree.
std::string disagreement(const std::vector<float>& reference,
                         const std::vector<float>& other,
                         double tolerance) {
  if (reference.size() != other.size())
    return fmt::format("has {} outputs, not {}", other.size(), reference.size());
  double largest = 0, worst = 0;
  for (const float value : reference) largest = std::max(largest, std::abs(double{value}));
  for (size_t i = 0; i < reference.size(); ++i) {
    if (!std::isfinite(reference[i]) || !std::isfinite(other[i]))
      return fmt::format("output {} is {}, not {}", i, other[i], reference[i]);
    worst = std::max(worst, std::abs(double{reference[i]} - double{other[i]}));
  }
  if (worst <= tolerance * largest) return "";
  return fmt::format("differs by {:.2g} of the largest output, allowed {:.2g}",
                     largest > 0 ? worst / largest : worst,
                     tolerance);
}

std::vector<int32_t> random_tokens(const Probe& probe) {
  results::Stream stream = results::Stream(1).split("effect");
  std::vector<int32_t> tokens(static_cast<size_t>(probe.sequence_length));
  for (int32_t& token : tokens)
    token = static_cast<int32_t>(stream.below(static_cast<uint64_t>(probe.vocabulary)));
  return tokens;
}

}  // namespace

GateResult check_label_shuffle(const std::optional<ProbeLabels>& labels) {
  const std::string gate = "G6 label shuffle";
  if (!labels) return not_applicable(gate, "the probe scores no labels");
  const double sign = labels->goal == results::Goal::kMax ? 1 : -1;
  std::vector<double> real, shuffled, worse, above_chance;
  for (uint64_t seed = 1; seed <= kShuffleSeeds; ++seed) {
    real.push_back(labels->score(false, seed));
    shuffled.push_back(labels->score(true, seed));
    if (!std::isfinite(real.back()) || !std::isfinite(shuffled.back()))
      return failed(gate, fmt::format("the score of seed {} is no number", seed));
    worse.push_back(sign * (real.back() - shuffled.back()));
    if (labels->chance) above_chance.push_back(sign * (shuffled.back() - *labels->chance));
  }
  const std::string scores = fmt::format("{:.4g} with the labels as they are, {:.4g} shuffled",
                                         results::mean(real),
                                         results::mean(shuffled));
  if (!is_gain(worse)) return failed(gate, "the score survives shuffled labels: " + scores);
  if (labels->chance && is_gain(above_chance))
    return failed(gate,
                  fmt::format("shuffled labels are predicted better than by chance ({:.4g}): {}; "
                              "they leak into the inputs",
                              *labels->chance,
                              scores));
  return passed(gate, scores);
}

GateResult check_roofline(const results::Record& record, const Limits& limits) {
  const std::string gate = "G8 roofline";
  const std::vector<Rate> rates = rates_of(record, limits);
  if (rates.empty()) return not_applicable(gate, "no rate, or no limit that it could exceed");
  const Rate* nearest = &rates.front();
  for (const Rate& rate : rates) {
    if (!(rate.value <= rate.limit))
      return failed(gate,
                    fmt::format("{} come to {:.3g} {}, but {:.3g} is the most there is ({}): the "
                                "count or the clock is wrong",
                                rate.what,
                                rate.value,
                                rate.unit,
                                rate.limit,
                                limits.derivation));
    if (rate.value / rate.limit > nearest->value / nearest->limit) nearest = &rate;
  }
  return passed(gate,
                fmt::format("{} come to {:.3g} {}, {:.2g} % of the most there is",
                            nearest->what,
                            nearest->value,
                            nearest->unit,
                            100 * nearest->value / nearest->limit));
}

GateResult check_module_effect(const Probe& probe) {
  const std::string gate = "G9 module effect";
  if (!probe.forward || probe.without.empty())
    return not_applicable(gate, "the probe switches no component off");
  const std::vector<int32_t> tokens = random_tokens(probe);
  const std::vector<float> with = probe.forward(tokens);
  std::vector<std::string> without_effect;
  for (const auto& [component, forward] : probe.without)
    if (forward(tokens) == with) without_effect.push_back(component);
  if (!without_effect.empty())
    return failed(gate,
                  fmt::format("switched off, it changes no output: {}", listed(without_effect)));
  return passed(gate, fmt::format("{} components, each moves the outputs", probe.without.size()));
}

GateResult check_parity(const std::vector<ProbePath>& paths) {
  const std::string gate = "G12 backend parity";
  if (paths.size() < 2) return not_applicable(gate, "the probe has one path");
  const std::vector<float> reference = paths.front().outputs();
  std::vector<std::string> names;
  for (const ProbePath& path : paths) {
    names.push_back(path.name);
    if (&path == &paths.front()) continue;
    const std::string why = disagreement(reference, path.outputs(), path.tolerance);
    if (!why.empty())
      return failed(gate, fmt::format("'{}' {}, against '{}'", path.name, why, paths.front().name));
  }
  return passed(gate, fmt::format("{} agree", listed(names)));
}

}  // namespace saggio::harness
