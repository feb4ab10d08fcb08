// SPDX-License-Identifier: MIT
// saggio graph why STORE: what is contradicted and what argues in circles, in all of it
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iostream>
#include <optional>
#include <utility>

#include "cli/graph_reason.h"

namespace saggio::cli {

using graph::CircularDerivation;
using graph::Contradicted;
using graph::NodeIndex;
using nlohmann::json;

namespace {

constexpr uint64_t kMostForCores = 3'000'000'000;  // half a minute

struct Survey {
  size_t live = 0;
  std::vector<Contradicted> contradicted;
  std::vector<std::optional<graph::ContradictionCore>> cores;  // of each that was found in time
  size_t without_core = 0;
  std::vector<CircularDerivation> circles;
};

Survey survey_of(const graph::SupportGraph& support) {
  const std::vector<uint8_t> live = graph::live_support(support);
  Survey survey{.live = static_cast<size_t>(std::count(live.begin(), live.end(), 1)),
                .contradicted = graph::contradicted_nodes(support, live),
                .circles = graph::circular_derivations(support)};
  auto found = graph::contradiction_cores(support, live, survey.contradicted, kMostForCores);
  survey.without_core = survey.contradicted.size() - found.size();
  auto next = found.begin();
  for (const Contradicted& one : survey.contradicted)
    if (auto& core = survey.cores.emplace_back(); next != found.end() && next->node == one.node)
      core = std::move(*next++);
  return survey;
}

// The nodes of its cycle, each the reason of the one before it.
std::vector<NodeIndex> round(const Spoken& spoken, const CircularDerivation& circle) {
  std::vector<NodeIndex> nodes = {circle.nodes.front()};
  for (const graph::ReasonIndex reason : circle.cycle)
    nodes.push_back(spoken.support.reasons[static_cast<size_t>(reason)].node);
  return nodes;
}

json survey_json(const Spoken& spoken, const Survey& survey) {
  json contradicted = json::array(), circles = json::array();
  for (size_t i = 0; i < survey.cores.size(); ++i) {
    const Contradicted& one = survey.contradicted[i];
    const auto& core = survey.cores[i];
    json by = json::array();
    for (const graph::Contradiction& voice : one.by)
      by.push_back({{"node", spoken.reference(voice.source)}, {"edge", voice.edge}});
    contradicted.push_back({{"node", spoken.reference(one.node)},
                            {"by", by},
                            {"core", core ? core_json(spoken, *core) : json()}});
  }
  for (const CircularDerivation& circle : survey.circles)
    circles.push_back({{"nodes", spoken.references(circle.nodes)},
                       {"cycle", spoken.references(round(spoken, circle))},
                       {"live", circle.live}});
  return {{"nodes", spoken.support.nodes()},
          {"live", survey.live},
          {"contradicted", contradicted},
          {"without_core", survey.without_core},
          {"circular", circles},
          {"weights_clamped", spoken.support.clamped}};
}

std::vector<std::string> lines_of(const Spoken& spoken, const Survey& survey) {
  std::vector<std::string> lines;
  for (size_t i = 0; i < survey.cores.size(); ++i) {
    const Contradicted& one = survey.contradicted[i];
    const auto& core = survey.cores[i];
    std::vector<NodeIndex> voices;
    for (const graph::Contradiction& voice : one.by) voices.push_back(voice.source);
    lines.push_back(fmt::format("contradicted  {}  by {}; {}",
                                spoken.name(one.node),
                                spoken.names(voices),
                                core ? core_text(spoken, *core) : "core: left out"));
  }
  for (const CircularDerivation& circle : survey.circles) {
    std::vector<std::string> names;
    for (const NodeIndex x : round(spoken, circle)) names.push_back(spoken.name(x));
    const size_t more = circle.nodes.size() + 1 - names.size();
    lines.push_back(fmt::format("circular      {}{}{}",
                                fmt::join(names, " <- "),
                                more > 0 ? fmt::format("  (and {} more)", more) : "",
                                circle.live ? "" : "  not live"));
  }
  return lines;
}

}  // namespace

void print_survey(const Program& program, const Spoken& spoken, size_t limit) {
  const Survey survey = survey_of(spoken.support);
  if (program.json) {
    std::cout << dumped(survey_json(spoken, survey)) << "\n";
    return;
  }
  const std::vector<std::string> lines = lines_of(spoken, survey);
  fmt::print("{} of {} live; {} contradicted, {}\n",
             grouped(survey.live),
             counted(static_cast<uint64_t>(spoken.support.nodes()), "node"),
             grouped(survey.cores.size()),
             counted(survey.circles.size(), "circular derivation"));
  if (survey.without_core > 0)
    fmt::print(
        "what {} of these rest on is left out, since it takes too long to find all at once: "
        "saggio graph why STORE NODE tells it of one\n",
        grouped(survey.without_core));
  for (size_t i = 0; i < std::min(limit, lines.size()); ++i) fmt::print("{}\n", lines[i]);
  if (lines.size() > limit)
    fmt::print("... and {} more; --limit {} shows them\n", lines.size() - limit, lines.size());
}

}  // namespace saggio::cli
