// SPDX-License-Identifier: MIT
#include "models/optim/optimizer.h"

#include <fmt/format.h>

#include <stdexcept>

#include "models/optim/rules.h"

namespace saggio::models {

const Tensors& Optimizer::masks() const {
  static const Tensors kNone;
  return kNone;
}

std::unique_ptr<Optimizer> make_optimizer(const OptimizerOptions& options,
                                          const NamedTensors& parameters,
                                          int64_t steps,
                                          const results::Stream& stream) {
  const std::string& rule = options.optimizer;
  if (rule == "adamw") return make_adamw(options, parameters);
  if (rule == "velvet") return make_velvet(options, parameters, steps, stream.split("velvet"));
  if (rule == "lion") return make_lion(options, parameters);
  if (rule == "sgd") return make_sgd(options, parameters);
  if (rule == "muon") return make_muon(options, parameters);
  if (rule == "schedule_free") return make_schedule_free(options, parameters);
  throw std::invalid_argument(fmt::format(
      "train.optimizer = '{}', allowed adamw, velvet, lion, sgd, muon, schedule_free", rule));
}

}  // namespace saggio::models
