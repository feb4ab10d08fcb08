// SPDX-License-Identifier: MIT
#include "results/statistics/reading.h"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

#include "results/statistics/analysis.h"

namespace saggio::results {

Reading read(const RunResult& run, const std::string& metric) {
  switch (run.record.outcome) {
    case Outcome::kDiverged:
      return {State::kDiverged};
    case Outcome::kFailed:
    case Outcome::kBudgetExhausted:
      return {State::kFailed};
    case Outcome::kStopped:
      return {State::kMissing};
    case Outcome::kFinished:
      break;
  }
  const std::optional<double> found = value(run, metric);
  if (!found) return {State::kMissing};
  if (!std::isfinite(*found)) return {State::kDiverged};
  return {State::kFinite, *found};
}

std::map<uint64_t, const RunResult*> by_seed(const Arm& arm) {
  std::map<uint64_t, const RunResult*> runs;
  for (const RunResult& run : arm.runs)
    if (!runs.emplace(run.seed, &run).second)
      throw std::invalid_argument(
          fmt::format("arm '{}' has two runs of seed {} ({} and {}), pairs need one",
                      arm.name,
                      run.seed,
                      runs.at(run.seed)->id,
                      run.id));
  return runs;
}

bool ran(const Reading& reading) {
  return reading.state == State::kFinite || reading.state == State::kDiverged;
}

double difference(double a, double b, Scale scale) {
  return scale == Scale::kLogRatio ? std::log(a / b) : a - b;
}

}  // namespace saggio::results
