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
#include "experiments/modules/tensor_probe.h"

namespace saggio::experiments {
namespace {

using Scorer = std::unique_ptr<models::TripleScorer>;

template <typename Trivial>
Scorer trivial(const LinkTask& task, const LinkPredictionConfig&, harness::Context&) {
  return std::make_unique<Trivial>(task);
}

struct Entry {
  std::string_view name;
  // One of the two: what it learns from, or what it is without learning.
  LinkLearner (*learner)(const LinkTask&, const LinkPredictionConfig&, const harness::Context&);
  Scorer (*scorer)(const LinkTask&, const LinkPredictionConfig&, harness::Context&);
};
constexpr std::array kModels = {
    Entry{"transe", &embedding_learner, nullptr},
    Entry{"distmult", &embedding_learner, nullptr},
    Entry{"complex", &embedding_learner, nullptr},
    Entry{"rotate", &embedding_learner, nullptr},
    Entry{"nbfnet", &nbfnet_learner, nullptr},
    Entry{"ultra", nullptr, &published_ultra},
    Entry{"constant", nullptr, &trivial<ConstantScorer>},
    Entry{"relation_frequency", nullptr, &trivial<RelationFrequency>},
    Entry{"one_hop_rules", nullptr, &trivial<OneHopRules>},
};

const Entry& entry_of(const std::string& model) {
  for (const Entry& entry : kModels)
    if (entry.name == model) return entry;
  throw std::logic_error(fmt::format("links/models.cpp has no entry for '{}'", model));
}

}  // namespace

LinkModel make_link_model(const LinkTask& task,
                          const LinkPredictionConfig& config,
                          harness::Context& context) {
  const std::optional<LinkLearner> learner = link_learner(task, config, context);
  if (!learner) return {entry_of(config.model).scorer(task, config, context), std::nullopt};
  for (const auto& [name, value] : learner->parameters)
    for (const char* quantity : {"parameters", "trainable_parameters", "active_parameters"})
      context.ledger().add(name, quantity, static_cast<double>(value.numel()));
  std::optional<results::Record> early = train(*learner, config.train, context);
  return {learner->scorer(), std::move(early)};
}

bool learns(const LinkPredictionConfig& config) {
  return entry_of(config.model).learner != nullptr;
}

std::optional<LinkLearner> link_learner(const LinkTask& task,
                                        const LinkPredictionConfig& config,
                                        const harness::Context& context) {
  if (!learns(config)) return std::nullopt;
  return entry_of(config.model).learner(task, config, context);
}

harness::Counts count_link_model(const LinkPredictionConfig& config) {
  if (config.model == "ultra") return {{"params", ultra_parameters()}};
  if (!learns(config)) return {{"params", 0}};
  const LinkTask task = load(config.data);
  const std::optional<LinkLearner> learner =
      link_learner(task, config, harness::Context::in_memory(1));
  return {{"params", count_elements(learner->parameters)}};
}

}  // namespace saggio::experiments
