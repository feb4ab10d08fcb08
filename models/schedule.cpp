// SPDX-License-Identifier: MIT
#include "models/schedule.h"

#include <fmt/format.h>

#include <cmath>
#include <numbers>
#include <stdexcept>

namespace saggio::models {

double schedule_factor(const ScheduleOptions& options, int64_t step, int64_t steps) {
  const auto done = static_cast<double>(step), warmup = static_cast<double>(options.warmup);
  if (step < options.warmup) return (done + 1) / (warmup + 1);
  const double over = (done - warmup) / std::max(1., static_cast<double>(steps) - warmup);
  if (options.schedule == "constant") return 1;
  if (options.schedule == "linear") return 1 - over;
  if (options.schedule == "cosine")
    return options.min_lr_ratio +
           (1 - options.min_lr_ratio) * (1 + std::cos(std::numbers::pi * over)) / 2;
  throw std::invalid_argument(
      fmt::format("train.schedule = '{}', allowed cosine, linear, constant", options.schedule));
}

}  // namespace saggio::models
