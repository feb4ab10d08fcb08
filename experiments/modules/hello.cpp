// SPDX-License-Identifier: MIT
//
// Question    Do antithetic pairs (u and 1 - u) make a Monte-Carlo estimate better at equal cost?
// Hypothesis  Yes: for a monotone integrand the two halves err in opposite directions.
// Baseline    Independent draws; the integral of exp on [0, 1] is e - 1: the error is known.
// Cost        Milliseconds. This file is the whole experiment: copy it, rename it, change it.
#include <cmath>
#include <numbers>

#include "experiments/harness/module.h"

namespace saggio::experiments {
namespace {

struct Hello {
  static constexpr std::string_view name = "hello", version = "1";
  static constexpr std::string_view summary =
      "Monte-Carlo integration, with or without antithetic pairs";

  struct Config {
    int64_t samples = 10000;
    bool antithetic = true;
    void visit(auto& v) {
      v("samples", samples, "evaluations of the integrand", {2, 1e9});
      v("antithetic", antithetic, "draw u and 1 - u together");
    }
  };

  static results::Record run(const Config& config, harness::Context& context) {
    results::Stream stream = context.stream("data");  // the same draws in every arm of a seed
    double sum = 0, last = 0;
    for (int64_t i = 1; i <= config.samples; ++i) {
      const double u = config.antithetic && i % 2 == 0 ? 1 - last : stream.uniform();
      last = u;
      sum += std::exp(u);
      if (i % (config.samples / 10 + 1) == 0) {
        context.log(i, "estimate", sum / static_cast<double>(i));
        context.progress(i, config.samples);
      }
    }
    const double error =
        std::abs(sum / static_cast<double>(config.samples) - (std::numbers::e - 1));

    results::Record record;
    record.metrics["heldout/absolute_error"] = error;
    context.ledger().set("", "evaluations", static_cast<double>(config.samples));
    return record;
  }
};

const harness::Register<Hello> registered;

}  // namespace
}  // namespace saggio::experiments
