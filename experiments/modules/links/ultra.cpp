// SPDX-License-Identifier: MIT
#include "experiments/modules/links/ultra.h"

#include <memory>
#include <stdexcept>

#include "experiments/modules/links/facts.h"
#include "experiments/modules/tensor_probe.h"
#include "models/knowledge_graph/ultra.h"
#include "results/checkpoint/torch_file.h"

namespace saggio::experiments {

std::unique_ptr<models::TripleScorer> published_ultra(const LinkTask& task,
                                                      const LinkPredictionConfig& config,
                                                      harness::Context& context) {
  if (config.ultra.weights.empty())
    throw std::invalid_argument(
        "model = 'ultra' without ultra.weights: needs a published checkpoint, "
        "data:weights/ultra_3g");
  // The checkpoint replaces every value that is drawn here.
  const auto model =
      std::make_shared<models::Ultra>(models::UltraOptions{}, context.stream("init"));
  model->load(results::read_torch_file(config.ultra.weights));
  for (const auto& [name, value] : model->parameters())  // none of them trainable
    for (const char* quantity : {"parameters", "active_parameters"})
      context.ledger().add(name, quantity, static_cast<double>(value.numel()));
  return std::make_unique<models::UltraScorer>(
      model,
      models::ultra_graphs(fact_tensor(task.inference().train), task.nodes(), task.relations()));
}

double ultra_parameters() {
  return count_elements(models::Ultra({}, results::Stream(0)).parameters());
}

}  // namespace saggio::experiments
