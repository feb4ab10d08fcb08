// SPDX-License-Identifier: MIT
#include "viz/time/timeline.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace saggio::viz {
namespace {

bool is_time(graph::TimeUs time) {
  return time != graph::kUnknownTime && time != graph::kSinceEver && time != graph::kWithoutEnd;
}

}  // namespace

// The last row first. What of it happened after version `known` counts, each thing once.
void Timeline::take_rows(std::span<const graph::RowNumbers> rows, graph::Version known) {
  for (size_t i = 0; i < rows.size(); ++i) {
    const graph::RowNumbers& row = rows[i];
    if (row.to <= known) break;  // and so are those before it
    const bool is_last = i == 0, is_first = i + 1 == rows.size();
    if (is_last && row.to <= head()) ++moments_[row.to - 1].retired;
    if (row.from <= known) continue;
    Moment& begun = moments_[row.from - 1];
    ++(is_first ? begun.added : begun.revised);
    for (const graph::TimeUs time : {row.valid.from, row.valid.to})
      if (is_time(time)) fresh_.push_back(time);
  }
}

void Timeline::take_world(std::vector<graph::TimeUs>& fresh) {
  std::sort(fresh.begin(), fresh.end());
  fresh.erase(std::unique(fresh.begin(), fresh.end()), fresh.end());
  const auto middle = static_cast<ptrdiff_t>(world_times_.size());
  world_times_.insert(world_times_.end(), fresh.begin(), fresh.end());
  fresh.clear();
  std::inplace_merge(world_times_.begin(), world_times_.begin() + middle, world_times_.end());
  world_times_.erase(std::unique(world_times_.begin(), world_times_.end()), world_times_.end());
}

// A tag names one version at a time, and may be moved to another.
void Timeline::take_tags(const graph::History& history) {
  for (Moment& moment : moments_) moment.tags.clear();
  for (const auto& [name, version] : history.tags())
    if (version >= 1 && version <= head()) moments_[version - 1].tags.push_back(name);
  tags_ = history.tags().size();
}

void Timeline::follow(const graph::History& history) {
  const graph::Version known = head();
  if (history.head() < known)
    throw std::invalid_argument("a history that is shorter than what the timeline took of it");
  if (history.head() == known) return;
  const graph::Changes changes = history.changes_since(known);
  for (graph::Version version = known + 1; version <= history.head(); ++version)
    moments_.push_back(
        {.version = version, .committed = history.commits()[version - 1].time, .tags = {}});
  std::vector<graph::RowNumbers> rows;
  const auto take_node = [&](graph::NodeId id) {
    history.node_rows(id, rows);
    take_rows(rows, known);
  };
  const auto take_edge = [&](graph::EdgeId id) {
    history.edge_rows(id, rows);
    take_rows(rows, known);
  };
  for (const graph::NodeId id : changes.nodes)
    if (id < changes.first_node) take_node(id);
  for (const graph::EdgeId id : changes.edges)
    if (id < changes.first_edge) take_edge(id);
  const graph::Commit& last = history.commits().back();
  for (graph::NodeId id = changes.first_node; id < last.nodes; ++id) take_node(id);
  for (graph::EdgeId id = changes.first_edge; id < last.edges; ++id) take_edge(id);
  if (!fresh_.empty()) take_world(fresh_);
  take_tags(history);
}

graph::Version Timeline::version_at(double share) const {
  if (head() == 0) return 0;
  const double at = std::isfinite(share) ? std::clamp(share, 0., 1.) : 0;
  return 1 + static_cast<graph::Version>(std::llround(at * static_cast<double>(head() - 1)));
}

std::optional<graph::TimeUs> Timeline::world_after(graph::TimeUs time) const {
  const auto found = std::upper_bound(world_times_.begin(), world_times_.end(), time);
  return found == world_times_.end() ? std::nullopt : std::optional(*found);
}

std::optional<graph::TimeUs> Timeline::world_before(graph::TimeUs time) const {
  const auto found = std::lower_bound(world_times_.begin(), world_times_.end(), time);
  return found == world_times_.begin() ? std::nullopt : std::optional(*(found - 1));
}

std::vector<Timeline::Bar> Timeline::bars(size_t most) const {
  const size_t count = std::min(most, moments_.size());
  std::vector<Bar> bars(count);
  for (size_t i = 0; i < count; ++i) {
    const size_t begin = i * moments_.size() / count, end = (i + 1) * moments_.size() / count;
    Bar& bar = bars[i];
    bar.first = begin + 1;
    bar.last = end;
    for (size_t at = begin; at < end; ++at) {
      bar.added += moments_[at].added;
      bar.revised += moments_[at].revised;
      bar.retired += moments_[at].retired;
      bar.tagged |= !moments_[at].tags.empty();
    }
  }
  return bars;
}

}  // namespace saggio::viz
