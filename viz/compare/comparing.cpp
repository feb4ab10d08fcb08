// SPDX-License-Identifier: MIT
#include "viz/compare/comparing.h"

#include <fmt/format.h>

#include <filesystem>
#include <stdexcept>

namespace saggio::viz {
namespace {

// What a person calls a store: a run by its own folder, another by the last part of its path.
std::string short_name(const std::string& folder) {
  std::filesystem::path path = std::filesystem::path(folder).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  if (path.filename() == "graph" && path.has_parent_path()) path = path.parent_path();
  return path.filename().string();
}

}  // namespace

bool Comparing::is_made(const Asked& asked) const {
  return made_ && made_->what.with == asked.what.with && made_->before == asked.before &&
         made_->after == asked.after;
}

void Comparing::forget() { *this = Comparing(); }

bool Comparing::follow(const ViewState& state, graph::Reader& own, const std::string& name) {
  if (!state.compare) {
    const bool had = comparison_ != nullptr;
    forget();
    return had;
  }
  const std::string& with = state.compare->with;
  std::unique_ptr<graph::Reader> opened;
  if (!with.empty() && !(made_ && made_->what.with == with))
    opened = std::make_unique<graph::Reader>(graph::Reader::open(with));
  graph::Reader* const other = with.empty() ? nullptr : opened ? opened.get() : other_.get();
  Asked asked{*state.compare, {}, point_of(state, own.history())};
  asked.before = asked.after;
  const graph::Version head = (other ? *other : own).history().head();
  asked.before.version = asked.what.version.value_or(head);
  if (asked.before.version > head)
    throw std::invalid_argument(
        fmt::format("compare.version = {}, allowed: 0 to {}", asked.before.version, head));
  if (is_made(asked)) return false;
  comparison_ = make(asked, own, other, name);
  if (opened || !other) other_ = std::move(opened);
  made_ = asked;
  return true;
}

std::unique_ptr<Comparison> Comparing::make(const Asked& asked,
                                            graph::Reader& own,
                                            graph::Reader* other,
                                            const std::string& name) {
  const auto version = [](const graph::AsOf& at) { return fmt::format("version {}", at.version); };
  ComparedSide before{other ? other : &own, asked.before, version(asked.before)};
  ComparedSide after{&own, asked.after, version(asked.after)};
  if (other) {
    const std::string& folder = asked.what.with;
    const std::string ours = short_name(name), theirs = short_name(folder);
    before.name = fmt::format("{} {}", ours == theirs ? folder : theirs, before.name);
    after.name = fmt::format("{} {}", ours == theirs ? name : ours, after.name);
  }
  return std::make_unique<Comparison>(before, after);
}

void show_only_differences(Marks& marks, const Scene& scene) {
  const DifferenceColumns* differences = scene.differences();
  if (!differences) return;
  std::vector<uint8_t> is_end(marks.nodes.size());
  marks.nodes_shown = marks.edges_shown = 0;
  for (size_t edge = 0; edge < marks.edges.size(); ++edge) {
    if (!(marks.edges[edge] & kShown)) continue;
    if (differences->edges[edge] == Difference::Same) {
      marks.edges[edge] = 0;
      continue;
    }
    is_end[scene.edges().source[edge]] = is_end[scene.edges().target[edge]] = 1;
    ++marks.edges_shown;
  }
  for (size_t node = 0; node < marks.nodes.size(); ++node) {
    if (differences->nodes[node] == Difference::Same && !is_end[node]) marks.nodes[node] = 0;
    marks.nodes_shown += marks.nodes[node] & kShown;
  }
}

}  // namespace saggio::viz
