// SPDX-License-Identifier: MIT
#include "experiments/modules/links/models.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <array>
#include <stdexcept>

#include "experiments/modules/links/embedding.h"
#include "experiments/modules/links/nbfnet.h"
#include "experiments/modules/links/trivial.h"
#include "experiments/modules/links/ultra.h"

namespace saggio::experiments {
namespace {

using Make = LinkModel (*)(const LinkTask&, const LinkPredictionConfig&, harness::Context&);

template <typename Scorer>
LinkModel untrained(const LinkTask& task, const LinkPredictionConfig&, harness::Context&) {
  return {std::make_unique<Scorer>(task), std::nullopt};
}

struct Entry {
  std::string_view name;
  Make make;
};
constexpr std::array kModels = {
    Entry{"transe", &trained_embedding},
    Entry{"distmult", &trained_embedding},
    Entry{"complex", &trained_embedding},
    Entry{"rotate", &trained_embedding},
    Entry{"nbfnet", &trained_nbfnet},
    Entry{"ultra", &published_ultra},
    Entry{"constant", &untrained<ConstantScorer>},
    Entry{"relation_frequency", &untrained<RelationFrequency>},
    Entry{"one_hop_rules", &untrained<OneHopRules>},
};

}  // namespace

LinkModel make_link_model(const LinkTask& task,
                          const LinkPredictionConfig& config,
                          harness::Context& context) {
  for (const Entry& entry : kModels)
    if (entry.name == config.model) return entry.make(task, config, context);
  throw std::logic_error(fmt::format("links/models.cpp has no entry for '{}'", config.model));
}

void enter_parameters(const models::NamedTensors& parameters, results::Ledger& ledger) {
  for (const auto& [name, value] : parameters)
    for (const char* quantity : {"parameters", "trainable_parameters", "active_parameters"})
      ledger.add(name, quantity, static_cast<double>(value.numel()));
}

}  // namespace saggio::experiments
