// SPDX-License-Identifier: MIT
#include "experiments/modules/cost.h"

#include <fmt/format.h>

#include "kernels/flop_counter.h"

namespace saggio::experiments {

double counted(results::Ledger& ledger, const std::function<void()>& work) {
  const kernels::FlopCount count = kernels::count_flops(work);
  for (const auto& [operation, times] : count.uncounted) ledger.uncounted[operation] += times;
  return count.flops;
}

models::StepReport counted_step(double& flops_per_step,
                                results::Ledger& ledger,
                                const std::function<models::StepReport()>& step) {
  if (flops_per_step > 0) return step();
  models::StepReport report;
  flops_per_step = counted(ledger, [&] { report = step(); });
  return report;
}

results::Record diverged(int64_t step, const models::StepReport& report) {
  results::Record record;
  record.outcome = results::Outcome::kDiverged;
  record.message =
      fmt::format("step {}: loss {}, gradient norm {}", step, report.loss, report.gradient_norm);
  return record;
}

}  // namespace saggio::experiments
