// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

// The learning rate over a run, as a factor of its peak. Pure functions of the step.
namespace saggio::models {

struct ScheduleOptions {
  std::string schedule = "cosine";
  int64_t warmup = 0;
  double min_lr_ratio = 0.1;

  void visit(auto& v) {
    v("schedule",
      schedule,
      "how the rate goes after the warm-up",
      {"cosine", "linear", "constant"});
    v("warmup", warmup, "steps over which the rate rises", {0, 1e6});
    v("min_lr_ratio", min_lr_ratio, "cosine: final rate over peak rate", {0, 1});
  }
};

// The factor for step 0 .. steps - 1: (step + 1) / (warmup + 1) while step < warmup; then, with r
// the part of the remaining steps that is over, cosine: from 1 to min_lr_ratio along half a cosine
// (Loshchilov and Hutter 2017, arXiv:1608.03983, eq. 5, one cycle), linear: 1 - r, constant: 1.
// Warm-up and cosine are those of nanoGPT.
double schedule_factor(const ScheduleOptions& options, int64_t step, int64_t steps);

}  // namespace saggio::models
