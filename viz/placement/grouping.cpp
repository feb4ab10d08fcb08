// SPDX-License-Identifier: MIT
#include "viz/placement/grouping.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <unordered_map>

namespace saggio::viz {
namespace {

constexpr std::array<std::string_view, 4> kNames = {"none", "kind", "run", "community"};

}  // namespace

std::string_view name(GroupBy by) { return kNames[static_cast<size_t>(by)]; }

GroupBy group_by_named(std::string_view name, std::string_view what) {
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end())
    throw std::invalid_argument(
        fmt::format("{} = {}, allowed: {}", what, name, fmt::join(kNames, ", ")));
  return static_cast<GroupBy>(found - kNames.begin());
}

std::vector<graph::NodeIndex> group_labels(
    GroupBy by, const graph::View& view, const std::function<std::string(graph::NodeId)>& run_of) {
  std::vector<graph::NodeIndex> labels;
  if (by == GroupBy::Kind)
    for (const uint8_t kind : view.arrays().node_kinds) labels.push_back(kind);
  if (by != GroupBy::Run) return labels;
  std::unordered_map<std::string, graph::NodeIndex> number;
  for (const graph::NodeId id : view.arrays().node_ids) {
    const std::string run = run_of(id);
    const auto next = static_cast<graph::NodeIndex>(number.size());
    labels.push_back(run.empty() ? -1 : number.try_emplace(run, next).first->second);
  }
  return labels;
}

}  // namespace saggio::viz
